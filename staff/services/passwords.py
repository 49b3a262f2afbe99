"""First passwords, new links, resets by mail, and changing one's own password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate, password_validation, update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from core.refusals import Refused
from core.rules import Blocker
from core.services import audit, jobs
from core.web_address import outside
from staff.models import Person
from staff.queries import standing_of
from staff.rules import Right, rights_over
from staff.services.sessions import begin_session, shut_out
from staff.services.system import system_account

RESET_TASK = "staff.tasks.send_reset_link"
MAILS_AN_HOUR = 3
ASKS_AN_HOUR_FROM_AN_ADDRESS = 20


class LinkNotMade(Refused):
    """A link for setting a password could not be made."""

    messages = {
        "not_yours": _("Only a manager of this person, or an administrator, can make a link."),
    }


class PasswordNotSet(Refused):
    """A password could not be set. Weak ones are told by Django's own sentences."""

    messages = {
        "link_is_dead": _("This link has been used or is too old. Ask for a new one."),
        "old_is_wrong": _("Your present password is not this one. Type it again."),
        "weak": "%(text)s",
    }


@dataclass(frozen=True, kw_only=True)
class Link:
    """What stands in the address of the page where somebody sets the first password."""

    uidb64: str
    token: str

    @property
    def path(self) -> str:
        return reverse("staff:welcome", kwargs={"uidb64": self.uidb64, "token": self.token})


def link_for(person: Person) -> Link:
    """A link good for three days, until used, or until another password stands."""
    return Link(
        uidb64=urlsafe_base64_encode(force_bytes(person.pk)),
        token=default_token_generator.make_token(person),
    )


def person_of_link(*, uidb64: str, token: str) -> Person | None:
    """Whose link this is; None where it is dead, forged, or the person may not come in."""
    try:
        person = Person.objects.get(pk=int(urlsafe_base64_decode(uidb64)), is_active=True)
    except (Person.DoesNotExist, ValueError, OverflowError):
        return None
    return person if default_token_generator.check_token(person, token) else None


@transaction.atomic
def make_link(*, person: Person, by: Person, now: datetime) -> Link:
    """A link for a person whose password is unknown or lost: the old one and all links end here.

    Raises LinkNotMade.
    """
    current = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if Right.LINK not in rights_over(by=standing_of(by), person=standing_of(current)):
        raise LinkNotMade.because("not_yours")

    current.set_unusable_password()
    current.save(update_fields=["password"])
    shut_out(person=current)

    audit.record(verb="link_made", of=current, by=by)
    return link_for(current)


def _refuse_weak(password: str, person: Person) -> None:
    try:
        password_validation.validate_password(password, person)
    except ValidationError as error:
        raise PasswordNotSet(
            *(Blocker("weak", {"text": text}) for text in error.messages)
        ) from error


@transaction.atomic
def set_first_password(
    *, uidb64: str, token: str, password: str, request: HttpRequest, now: datetime
) -> Person:
    """Set the password of whoever holds the link, and sign that person in.

    Raises PasswordNotSet. The row is locked first: of two who use a link, one succeeds.
    """
    person = person_of_link(uidb64=uidb64, token=token)
    if person:
        Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
        person = person_of_link(uidb64=uidb64, token=token)
    if person is None:
        raise PasswordNotSet.because("link_is_dead")
    _refuse_weak(password, person)

    person.set_password(password)
    person.save(update_fields=["password"])
    shut_out(person=person)
    begin_session(request=request, person=person)

    audit.record(verb="password_set", of=person, by=person)
    return person


def change_password(*, old: str, new: str, by: Person, request: HttpRequest, now: datetime) -> None:
    """Change one's own password; every other session ends, this one goes on.

    Raises PasswordNotSet. The old one is asked for through `authenticate`, so that guessing it
    in a stolen session is counted and locked like guessing at the door.
    """
    if authenticate(request, username=by.username, password=old) != by:
        raise PasswordNotSet.because("old_is_wrong")
    _refuse_weak(new, by)

    with transaction.atomic():
        by.set_password(new)
        by.save(update_fields=["password"])
        shut_out(person=by)
        audit.record(verb="password_changed", of=by, by=by)
    update_session_auth_hash(request, by)


def ask_reset(*, identifier: str, now: datetime) -> None:
    """Queue the mail with a link for whoever has this user name or e-mail.

    The same rows are written for somebody, nobody and somebody without an e-mail, so that
    neither words nor time tell who exists.
    """
    by = system_account()
    with transaction.atomic():
        people: list[Person | None] = [*_reachable_by(identifier)]
        for person in people or [None]:
            asked = audit.record(verb="reset_asked", of=person or Person(), by=None)
            if not _is_flood(address=asked.address, now=now):
                jobs.ask(kind=RESET_TASK, by=by, params={"person": person.pk if person else 0})


def _reachable_by(identifier: str) -> list[Person]:
    people = Person.objects.filter(is_active=True).exclude(email="")
    if "@" in identifier:
        return list(people.filter(email__iexact=identifier).order_by("pk")[:5])
    return list(people.filter(username=identifier))


def _is_flood(*, address: str | None, now: datetime) -> bool:
    asks = AuditEntry.objects.filter(
        verb="reset_asked", at__gte=now - timedelta(hours=1), address=address
    )
    return asks.count() > ASKS_AN_HOUR_FROM_AN_ADDRESS


def send_reset_link(*, person_id: int, now: datetime) -> bool:
    """Mail a link to the address that stands on the row; false where none is due.

    The link's host comes from the settings, never from the request that asked.
    """
    person = Person.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    if person is None:
        return False
    sent = AuditEntry.objects.filter(
        verb="reset_mailed", object_id=person_id, at__gte=now - timedelta(hours=1)
    )
    if sent.count() >= MAILS_AN_HOUR:
        return False

    with translation.override(person.language or settings.LANGUAGE_CODE):
        text = render_to_string(
            "staff/reset_mail.txt",
            {
                "name": person.name,
                "username": person.username,
                "link": outside(link_for(person).path),
            },
        )
        send_mail(
            subject=gettext("Set a new password for Genjin"),
            message=text,
            from_email=None,
            recipient_list=[person.email],
        )

    audit.record(verb="reset_mailed", of=person, by=system_account())
    return True
