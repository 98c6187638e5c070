"""Which sources of the street keep silent: they see what was paid and answer whoever asks, but send no notice."""

SOURCES = ("casso", "sepay", "payos", "vnpay", "sepay-pg")
"""All that send notices, by the names of their gateways."""


class Silence:
    """Who is silent now. What a silent source would have told is never told: it keeps nothing to send later."""

    def __init__(self) -> None:
        self._silent: set[str] = set()

    def is_silent(self, name: str) -> bool:
        """Whether that source sends nothing now."""
        return name in self._silent

    def switch(self, name: str, silent: bool) -> None:
        """Make a source silent, or let it speak again; raises KeyError for one the street does not know."""
        if name not in SOURCES:
            raise KeyError(name)
        (self._silent.add if silent else self._silent.discard)(name)

    def state(self) -> dict[str, bool]:
        """Say of every source whether it is silent."""
        return {name: self.is_silent(name) for name in SOURCES}
