"""Answers of a gateway that looks at the HTTP status alone."""

from gateways.gateway import Answer, Verdict

ANSWERS = {
    Verdict.ACCEPTED: Answer(200, {"success": True}),
    Verdict.FORGED: Answer(401, {"success": False, "error": "forged"}),
    Verdict.MALFORMED: Answer(400, {"success": False, "error": "malformed"}),
    Verdict.BUSY: Answer(503, {"success": False, "error": "busy"}),
}
