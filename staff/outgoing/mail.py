"""One mail to one person, through the mail server of the settings."""

import contextlib
import smtplib

from django.core.mail import EmailMessage, get_connection

from staff.outgoing.message import Message, Undelivered, Why

SECONDS = 5


def post(message: Message, *, to: str, key: str) -> None:
    """Hand one mail to the mail server. Raises Undelivered.

    `key` is the same for each attempt and makes the Message-ID: a server or reader that knows it
    shows the mail once. Until the connection stands nothing has been sent; afterwards, what ends
    without an answer may have gone out.
    """
    connection = get_connection(timeout=SECONDS)
    try:
        _open(connection)
        EmailMessage(
            subject=message.subject,
            body=message.body,
            to=[to],
            headers={"Message-ID": f"<{key}>", "Auto-Submitted": "auto-generated"},
            connection=connection,
        ).send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise Undelivered(Why.GONE if code >= 500 else Why.BROKEN, str(code)) from error
    except smtplib.SMTPSenderRefused as error:
        why = Why.NOT_LET_IN if error.smtp_code >= 500 else Why.BROKEN
        raise Undelivered(why, str(error.smtp_code)) from error
    except smtplib.SMTPResponseException as error:
        is_final = error.smtp_code >= 500
        why = Why.REFUSED if is_final else Why.BROKEN
        raise Undelivered(why, str(error.smtp_code)) from error
    except OSError as error:
        raise Undelivered(Why.UNKNOWN) from error
    finally:
        _close(connection)


def _open(connection) -> None:
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        raise Undelivered(Why.NOT_LET_IN, str(error.smtp_code)) from error
    except OSError as error:  # smtplib's own errors are among them
        raise Undelivered(Why.AWAY) from error


def _close(connection) -> None:
    """Say good-bye; a server that does not answer that has the mail all the same."""
    with contextlib.suppress(OSError):
        connection.close()
