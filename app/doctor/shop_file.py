"""The shop file: can it be read, and what is for sale."""

from app.doctor.finding import Finding, Patient, broken, works
from app.shop_file import BrokenShopFile, read_shop_file
from app.words import mistakes


async def check(patient: Patient) -> list[Finding]:
    """Read it as a start does."""
    path = patient.settings.shop_file
    try:
        file = read_shop_file(path)
    except BrokenShopFile as error:
        return [broken("doctor-mistake", text=line) for line in mistakes(error.mistakes)]
    plans = sum(len(product.plans) for product in file.products)
    return [works("shop-file-fine", path=str(path), products=str(len(file.products)), plans=str(plans))]
