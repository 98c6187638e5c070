"""Answers of a gateway that looks at the HTTP status, and at `success` beside it or not at all."""

from gateways.gateway import Answer, Verdict

_TAKEN = Answer(200, {"success": True})

ANSWERS = {
    Verdict.ACCEPTED: _TAKEN,
    Verdict.AGAIN: _TAKEN,
    Verdict.UNKNOWN: _TAKEN,
    Verdict.WRONG_AMOUNT: _TAKEN,
    Verdict.FORGED: Answer(401, {"success": False, "error": "forged"}),
    Verdict.MALFORMED: Answer(400, {"success": False, "error": "malformed"}),
    Verdict.BUSY: Answer(503, {"success": False, "error": "busy"}),
    Verdict.BROKEN: Answer(500, {"success": False, "error": "broken"}),
}
