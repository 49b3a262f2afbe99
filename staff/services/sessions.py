"""Signing in and out, the lock after wrong passwords, and the end of somebody's sessions."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from axes.utils import reset as forget_failures
from django.contrib.auth import SESSION_KEY, authenticate, login, logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from staff.models import FeedKey, Person
from staff.queries import standing_of
from staff.rules import Right, rights_over

PERSON_BACKEND = "staff.backends.PersonBackend"
# A hash costs 0.15 s of a core and 100 MB. Two at once and one waiting leave a process of four
# threads one for those who are inside already; everybody else is asked to come back in seconds.
HASHED_AT_ONCE = 2
_at_the_door = threading.BoundedSemaphore(HASHED_AT_ONCE + 1)
_hashing = threading.BoundedSemaphore(HASHED_AT_ONCE)


class NotSignedIn(Refused):
    """Somebody could not be signed in; the text never says whether the user name exists."""

    messages = {
        "wrong": _("User name or password is wrong. Check both and try again."),
        "locked": _("Too many wrong passwords. Signing in is locked for 15 minutes."),
    }


class TooManyAtOnce(Refused):
    """More people sign in at this moment than the machine can check."""

    messages = {
        "busy": _("Many people are signing in right now. Try again in a few seconds."),
    }


class LockNotOpened(Refused):
    """The lock on somebody's user name could not be taken off."""

    messages = {"not_yours": _("Only a manager of this person, or an administrator, can do this.")}


@contextmanager
def _turn_to_hash() -> Iterator[None]:
    """One of the few places at the door. Raises TooManyAtOnce when all are taken."""
    if not _at_the_door.acquire(blocking=False):
        raise TooManyAtOnce.because("busy")
    try:
        with _hashing:
            yield
    finally:
        _at_the_door.release()


def sign_in(*, request: HttpRequest, username: str, password: str) -> Person:
    """Begin a session for whoever knows the password. Raises NotSignedIn, TooManyAtOnce.

    Not one transaction: the failures that axes and the audit trail count must stay.
    """
    with _turn_to_hash():
        person = authenticate(request, username=username, password=password)
    if not isinstance(person, Person) or person.is_system:
        is_locked = bool(getattr(request, "axes_locked_out", False))
        audit.record(verb="sign_in_failed", of=_named(username), by=None, locked=is_locked)
        raise NotSignedIn.because("locked" if is_locked else "wrong")

    begin_session(request=request, person=person)
    return person


def begin_session(*, request: HttpRequest, person: Person) -> None:
    """Sign `person` in, under a session id that nobody knew before."""
    login(request, person, backend=PERSON_BACKEND)
    audit.record(verb="signed_in", of=person, by=person)


def _named(username: str) -> Person:
    """The person of that name, or an unsaved one: the trail holds ids, and no guessed names."""
    return Person.objects.filter(username=username).first() or Person()


def sign_out(*, request: HttpRequest) -> None:
    """End this session."""
    if request.user.is_authenticated:
        audit.record(verb="signed_out", of=request.user, by=request.user)
    logout(request)


def shut_out(*, person: Person) -> int:
    """End what lets a machine in as `person`: each session, whose number comes back, and the key of
    the calendar feed, which would open again with the account.

    Belt and braces: a disabled person is nobody from the next request on anyway, and a new
    password makes old sessions void. Sessions carry no person in SQL, so all open ones are read;
    ten thousand take about a second.
    """
    FeedKey.objects.filter(person=person).delete()
    mine = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    return Session.objects.filter(pk__in=mine).delete()[0]


@transaction.atomic
def unlock_person(*, person: Person, by: Person) -> None:
    """Forget the wrong passwords for this user name, from every address. Raises LockNotOpened."""
    if Right.UNLOCK not in rights_over(by=standing_of(by), person=standing_of(person)):
        raise LockNotOpened.because("not_yours")

    forget_failures(username=person.username)

    audit.record(verb="person_unlocked", of=person, by=by)
