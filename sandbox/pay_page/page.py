"""How a gateway's page looks: what is to be paid, the buttons, and the way back to the shop."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from sandbox.bank.faults import Fault
from sandbox.pay_page.courier import FAULTS
from sandbox.pay_page.voice import Voice

PAGE = Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    # Without it, the page's own forms would come from nowhere, and the street's guard refuses them.
    "Referrer-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page: the end of its test id, and the words on both sides."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page shows, all of it plain text; test ids begin with `name`.

    `acts` are the buttons' values, the sentence `{name}-{act}` is what they say. `back` is an address, "" for none.
    """

    name: str
    title: str
    status: str
    rows: tuple[Row, ...]
    hint: str
    acts: tuple[str, ...] = ()
    back: str = ""


def show(sheet: Sheet, say: Voice) -> web.Response:
    """Draw it."""
    words = {"language": say.language, "title": sheet.title, "status": sheet.status, "hint": sheet.hint}
    shown = {name: escape(value) for name, value in {**words, "name": sheet.name}.items()}
    html = PAGE.substitute(shown, rows=_rows(sheet), acts=_acts(sheet, say), back=_back(sheet, say))
    return web.Response(text=html, content_type="text/html", charset="utf-8", headers=HEADERS)


async def pressed(request: web.Request) -> tuple[str, Fault]:
    """Answer which button was pressed, and what shall go wrong; raises HTTPBadRequest for no such thing."""
    form = await request.post()
    wrong = str(form.get("fault", Fault.NONE))
    if wrong not in FAULTS:
        raise web.HTTPBadRequest
    return str(form.get("act", "")), Fault(wrong)


def _rows(sheet: Sheet) -> str:
    return "".join(
        f'<dt>{escape(row.label)}</dt><dd data-testid="{sheet.name}-{row.name}">{escape(row.value)}</dd>'
        for row in sheet.rows
    )


def _acts(sheet: Sheet, say: Voice) -> str:
    """The buttons that would do something now, under what may go wrong with it."""
    if not sheet.acts:
        return ""
    faults = "".join(f'<option value="{each}">{escape(say(f"notice-{each}"))}</option>' for each in FAULTS)
    select = f'<select name="fault" data-testid="{sheet.name}-fault">{faults}</select>'
    buttons = "".join(_button(f"{sheet.name}-{act.lower()}", act, say) for act in sheet.acts)
    return f'<form method="post"><label>{escape(say("bank-fault"))}{select}</label>{buttons}</form>'


def _button(name: str, act: str, say: Voice) -> str:
    return f'<button class="again" name="act" value="{act}" data-testid="{name}">{escape(say(name))}</button>'


def _back(sheet: Sheet, say: Voice) -> str:
    words, address = escape(say("checkout-back")), escape(sheet.back)
    return f'<a class="again" href="{address}" data-testid="{sheet.name}-back">{words}</a>' if address else ""
