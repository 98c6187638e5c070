"""E-mail: can a letter be handed in; a real one is sent only when somebody says where to."""

from app.doctor.finding import Finding, Patient, broken, missing, works
from bot.channels.email import Email
from bot.channels.smtp_url import smtp_server
from flows.channel import Address
from flows.messages import Reply, Say
from locales import Texts
from sales.errors import GiveUp, Later, Misconfigured


async def check(patient: Patient) -> list[Finding]:
    """Connect, protect the line and log in, as for a letter."""
    settings = patient.settings
    if settings.smtp_url is None or settings.mail_from is None:
        return [missing("start-no-mail"), *([broken("doctor-no-mail")] if patient.mail_to else [])]
    try:
        server = smtp_server(settings.smtp_url.get_secret_value())
        email = Email(server, settings.mail_from, Texts(), patient.clock)
        await email.knock()
        return [works("doctor-mail"), *await _letter(email, patient)]
    except Misconfigured as error:
        return [broken(error.message, **error.values)]
    except (Later, GiveUp) as error:
        return [broken("doctor-mail-refused", reason=str(error))]


async def _letter(email: Email, patient: Patient) -> list[Finding]:
    if not patient.mail_to:
        return []
    letter = Reply((Say("doctor-letter"),), title=Say("doctor-letter-subject"))
    moment = patient.clock()
    await email.show(Address(patient.mail_to, "vi", "Asia/Ho_Chi_Minh"), letter, f"doctor:{moment.isoformat()}")
    return [works("doctor-letter-sent", to=patient.mail_to)]
