"""What the Bot API answers when it does not do as told."""

from typing import Any


class ApiError(Exception):
    """An answer with `ok: false`; the HTTP status equals `code`, as at the real server."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, Any]:
        """Build the JSON body."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(what: str) -> ApiError:
    """400 with the platform's usual opening words, which clients match on."""
    return ApiError(400, f"Bad Request: {what}")


def too_many(seconds: int) -> ApiError:
    """429; `seconds` to wait before trying again."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
