"""The whole examination: every check at the same time, none for longer than its patience."""

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import ClientSession

from app.commands import holdings_in_force
from app.doctor import (
    admins,
    bakong,
    bank,
    books,
    casso,
    clock,
    database,
    disk,
    gateways,
    looks,
    mail,
    payos,
    public,
    refunds,
    shop_file,
    telegram,
)
from app.doctor.finding import Check, Finding, Mark, Patient, broken, missing, works
from app.settings import Settings
from app.words import said
from sales.clock import utc_now

PATIENCE = 20.0
"""Seconds a check may take."""

HERE: Mapping[str, Check] = {
    "shop": shop_file.check,
    "database": database.check,
    "books": books.check,
    "disk": disk.check,
}
"""What can be looked at in the sandbox too."""

OUTSIDE: Mapping[str, Check] = {
    "telegram": telegram.check,
    "bank": bank.check,
    "casso": casso.check,
    "payos": payos.check,
    "gateways": gateways.check,
    "looks": looks.check,
    "refunds": refunds.check,
    "bakong": bakong.check,
    "mail": mail.check,
    "admins": admins.check,
    "clock": clock.check,
    "public": public.check,
}

Chart = Sequence[tuple[str, Finding]]
"""The part looked at, and what was found there."""


async def examine(settings: Settings, mail_to: str = "") -> Chart:
    """Look at everything, in the order in which a seller sets it up; raises Misconfigured for wrong settings."""
    async with ClientSession() as session:
        sealed = await holdings_in_force(settings)
        return await examine_patient(Patient(settings, session, utc_now, mail_to, sealed=sealed))


async def examine_patient(patient: Patient, patience: float = PATIENCE) -> Chart:
    """Look at everything by a session that is open."""
    toy = patient.settings.sandbox
    checks = HERE if toy else {**HERE, **OUTSIDE}
    found = await asyncio.gather(*(_bounded(part, check, patient, patience) for part, check in checks.items()))
    chart = [("mode", works("doctor-sandbox" if toy else "doctor-real"))]
    if idle := patient.settings.idle:
        chart.append(("mode", missing("settings-idle", name=idle)))
    chart += [(part, finding) for part, findings in zip(checks, found, strict=True) for finding in findings]
    return [*chart, ("played", works("doctor-played"))] if toy else chart


def healthy(chart: Chart) -> bool:
    """Whether nothing is broken; what is missing is not broken."""
    return all(finding.mark is not Mark.BROKEN for _, finding in chart)


def as_lines(chart: Chart) -> list[str]:
    """For people; the last line tells what the marks mean."""
    told = [f"{finding.mark} {said(finding.message, finding.values)}" for _, finding in chart]
    return [*told, "", said("doctor-marks", {mark.name.lower(): mark for mark in Mark})]


def as_values(chart: Chart) -> list[dict[str, str]]:
    """For programs: `state` is works, missing or broken."""
    return [
        {
            "part": part,
            "state": finding.mark.name.lower(),
            "finding": finding.message,
            "text": said(finding.message, finding.values),
        }
        for part, finding in chart
    ]


async def _bounded(part: str, check: Check, patient: Patient, patience: float) -> list[Finding]:
    try:
        async with asyncio.timeout(patience):
            return await check(patient)
    except TimeoutError:
        return [broken("doctor-too-slow", part=part, seconds=int(patience))]
