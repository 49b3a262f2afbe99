"""Mail: what certainly was not sent is told from what nobody knows, over a real connection."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from staff.outgoing import Message, Undelivered, Why, mail

HELLO = Message(subject="周四：今天 3 件", body="今天到期：3")


@contextmanager
def mail_server(answers: dict[str, str]) -> Iterator[tuple[int, list[str]]]:
    """A mail server that answers each command as told, "" by hanging up; and what it got."""
    got: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline():
                word = line.split()[0].decode().upper() if line.split() else ""
                if not self.say(answers.get(word, "250 fine")):
                    return
                if word == "QUIT":
                    return
                if word == "DATA" and not self.take():
                    return

        def take(self) -> bool:
            lines = iter(self.rfile.readline, b".\r\n")
            got.append(b"".join(lines).decode())
            return self.say(answers.get("END", "250 taken"))

        def say(self, text: str) -> bool:
            if text:
                self.wfile.write(f"{text}\r\n".encode())
            return bool(text)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_address[1], got
        server.shutdown()


def sent(settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    mail.post(HELLO, to="li@example.com", key="digest.7.2026-05-06@genjin")


def test_a_mail_arrives_with_its_key(settings):
    with mail_server({"DATA": "354 go on"}) as (port, got):
        sent(settings, port)
    assert "Message-ID: <digest.7.2026-05-06@genjin>" in got[0]
    assert "Auto-Submitted: auto-generated" in got[0]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"RCPT": "550 no such box"}, Why.GONE),
        ({"RCPT": "450 busy"}, Why.BROKEN),
        ({"MAIL": "530 not you"}, Why.NOT_LET_IN),
        ({"MAIL": "451 later"}, Why.BROKEN),
        ({"DATA": "354 go on", "END": "554 spam"}, Why.REFUSED),
        ({"DATA": "354 go on", "END": "452 full"}, Why.BROKEN),
        ({"DATA": "354 go on", "END": ""}, Why.UNKNOWN),
    ],
)
def test_what_a_mail_server_answers_is_read(settings, answers, why):
    with mail_server(answers) as (port, _got), pytest.raises(Undelivered) as failure:
        sent(settings, port)
    assert failure.value.why == why


def test_a_wrong_password_waits_for_a_right_one(settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "genjin", "wrong"
    answers = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "535 not you"}
    with mail_server(answers) as (port, _got), pytest.raises(Undelivered) as failure:
        sent(settings, port)
    assert (failure.value.why, failure.value.may_pass) == (Why.NOT_LET_IN, True)


def test_without_a_server_nothing_was_sent(settings):
    with pytest.raises(Undelivered) as failure:
        sent(settings, 1)
    assert failure.value.why == Why.AWAY


def test_the_answer_to_good_bye_changes_nothing(settings):
    with mail_server({"DATA": "354 go on", "QUIT": ""}) as (port, got):
        sent(settings, port)
    assert len(got) == 1
