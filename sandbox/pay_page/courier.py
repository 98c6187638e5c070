"""Carries the notices of a gateway that has a page of its own, with whatever goes wrong on the way."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from aiohttp import ClientSession

from gateways.gateway import Request
from sandbox.bank.delivery import Heard, Route, deliver
from sandbox.bank.faults import LATE, Fault
from sandbox.bank.manners import BY_STATUS, Manners
from sandbox.errands import Errands
from sandbox.surroundings import Surroundings

FAULTS = (Fault.NONE, Fault.TWICE, Fault.LATE, Fault.SHORT, Fault.FORGED)
"""What can be chosen on a page: SHORT is less money, FORGED a notice of what never happened, under a wrong key."""


class Courier:
    """One gateway's; `door` answers the address of the shop's webhook. While the gateway is silent, nobody walks."""

    def __init__(self, name: str, around: Surroundings, door: Callable[[], str], manners: Manners = BY_STATUS) -> None:
        self._name, self._around, self._door, self._manners = name, around, door, manners
        self._errands = Errands()

    def send(self, notice: Request, heard: Heard, fault: Fault = Fault.NONE) -> None:
        """Send it off: TWICE at once, LATE by the street's clock; `heard` gets each answer of the door."""
        self._errands.set_out(self._run(notice, heard, fault))

    async def close(self) -> None:
        """Give up what has not been delivered."""
        await self._errands.close()

    async def _run(self, notice: Request, heard: Heard, fault: Fault) -> None:
        clock, silence = self._around.clock, self._around.silence
        await clock.reach(clock() + (LATE if fault is Fault.LATE else timedelta()))
        # A forger tries once.
        manners = replace(self._manners, repeats=()) if fault is Fault.FORGED else self._manners
        route = Route(self._door(), clock, manners, lambda: silence.is_silent(self._name))
        copies = 2 if fault is Fault.TWICE else 1
        async with ClientSession() as client:
            await asyncio.gather(*(deliver(client, route, notice, heard) for _ in range(copies)))
