"""A mail handed to its server."""

import aiosmtplib

from agents.notify.retry import Answer, no_answer, smtp_answer
from agents.sinks.sink import Mail


async def send_mail(mail: Mail, timeout_s: float) -> Answer:
    """Hand it over once. What the server says may repeat what it was told, so only its code is kept."""
    client = aiosmtplib.SMTP(
        hostname=mail.host,
        port=mail.port,
        use_tls=mail.tls == "implicit",
        start_tls=mail.tls == "start",
        username=mail.user,
        password=mail.password,
        timeout=timeout_s,
    )
    try:
        async with client:
            refused, _ = await client.sendmail(mail.sender, mail.recipients, mail.message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return smtp_answer(min(one.code for one in error.recipients))
    except aiosmtplib.SMTPResponseException as error:
        return smtp_answer(error.code)
    except (aiosmtplib.SMTPException, OSError) as error:
        return no_answer(type(error).__name__)
    return Answer(f"SMTP 250, but not for {len(refused)} of the recipients" if refused else "SMTP 250", None)
