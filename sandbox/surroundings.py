"""What the gateways of the street have in common."""

from dataclasses import dataclass

from locales.texts import Texts
from sandbox.clock import MovableClock
from sandbox.news import News
from sandbox.silence import Silence
from sandbox.trouble import Troubles


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The street's clock and news, who is silent and whose API is in trouble; `texts` speak on the gateways' pages."""

    clock: MovableClock
    news: News
    silence: Silence
    troubles: Troubles
    texts: Texts
