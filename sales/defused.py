"""Words of strangers in a cell of a spreadsheet."""

from sales.visible import visible

_SPELLS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""How formulas begin in the spreadsheets that sellers use, in wide letters too (OWASP, "CSV Injection")."""


def defused(text: str) -> str:
    """Make one visible line of it that no spreadsheet takes for a formula: a memo is written by whoever pays."""
    shown = visible(text).strip()
    return f"'{shown}" if shown.startswith(_SPELLS) else shown
