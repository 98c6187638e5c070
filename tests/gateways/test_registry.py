import re

from gateways.casso import CASSO
from gateways.payos import PAYOS
from gateways.registry import GATEWAYS, gateway


def test_names_lead_to_their_gateway() -> None:
    assert gateway("casso") is CASSO
    assert gateway("payos") is PAYOS
    assert all(gateway(each.name) is each for each in GATEWAYS)


def test_unknown_name_leads_nowhere() -> None:
    for name in ("", "Casso", "casso ", "../casso", "\x00"):
        assert gateway(name) is None


def test_names_are_unique_and_fit_an_address() -> None:
    names = [each.name for each in GATEWAYS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)
