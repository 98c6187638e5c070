"""The JSON texts that Casso may have signed.

Casso signs its notice not as sent but parsed, sorted by key and printed again; its public samples
(CassoHQ/casso-webhook-v2-verify-signature) print in three ways. Which one its server uses is not
published, so all are known here. Each describes the same parsed values, so none weakens the proof.
"""

from json.encoder import encode_basestring_ascii

from gateways import javascript
from gateways.json_form import Form


def _plain_order(name: str) -> tuple[int, bytes]:
    return 0, name.encode("utf-8", "surrogatepass")


def _php_text(text: str) -> str:
    return encode_basestring_ascii(text).replace("/", "\\/")


JAVASCRIPT = javascript.SORTED
PYTHON = Form(encode_basestring_ascii, repr, _plain_order)
PHP = Form(_php_text, javascript.number, _plain_order)
FORMS = (JAVASCRIPT, PYTHON, PHP)
