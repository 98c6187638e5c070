"""The shop file: can it be read, what is for sale, and what should be looked at though it is right."""

from collections.abc import Iterator

from app.doctor.finding import Finding, Patient, broken, missing, works
from app.means import means_of
from app.shop_file import BrokenShopFile, read_shop_file
from app.shop_file.advice import NOBODY, STARS_ADVICE, advise
from app.words import mistakes
from sales.catalogue import ShopFile


async def check(patient: Patient) -> list[Finding]:
    """Read it as a start does."""
    path = patient.settings.shop_file
    try:
        file = read_shop_file(path)
    except BrokenShopFile as error:
        return [broken("doctor-mistake", text=line) for line in mistakes(error.mistakes)]
    plans = sum(len(product.plans) for product in file.products)
    fine = works("shop-file-fine", path=str(path), products=str(len(file.products)), plans=str(plans))
    return [fine, *([] if patient.settings.sandbox else _advice(patient, file))]


def _advice(patient: Patient, file: ShopFile) -> Iterator[Finding]:
    """Of Telegram's rules in one sentence: `app validate` goes through them plan by plan.

    That nobody can pay for anything is said beside the bank account.
    """
    found = advise(file, means_of(patient.settings, patient.holdings, file))
    if against := sum(each.message in STARS_ADVICE for each in found):
        yield missing("doctor-stars", count=against)
    for each in found:
        if each.message not in (*STARS_ADVICE, NOBODY):
            yield missing(each.message, **each.values)
