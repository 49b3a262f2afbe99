"""Messages that leave the building: a row first, sent afterwards, by a lease, once.

1. A sender takes one due row by a conditional update (`SKIP LOCKED`): it is its own for
   `LEASE`, under an attempt of its own.
2. It sends with no transaction open.
3. It writes what became of it, if the attempt is still its own.

What certainly did not arrive is tried again, up to `MOST_ATTEMPTS` times. Where nobody knows (no
answer of the service's own, a fault of ours, or the sender died) it is tried once more and says
that it may be a repeat; where nobody knows again, a person decides. So a message arrives twice at
most, and the second is marked.
"""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.phones import PhoneUnreadable
from core.refusals import Refused
from core.services import audit
from core.services.jobs import nudge
from staff.models import Outgoing, Person, Robot
from staff.outgoing import LIMITS, NOBODY_KNOWS, WAY_FAILS, Message, Undelivered, Why, mail, post
from staff.services.installations import Silence, settle, silence
from staff.states import OutgoingState, RobotKind

log = structlog.get_logger(__name__)

SEND_TASK = "staff.tasks.send_outgoing"
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
# After the first, second, third and fourth attempt that certainly did not arrive.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# After one of which nobody knows: a service that hangs is given time to come to.
WAIT_UNKNOWN = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
# A round ends before the next minute's begins; a service that fails twice in it is left alone.
ROUND = timedelta(seconds=45)
MOST_FAILURES = 2
MAIL = "mail"
# One sender takes at a time: of two who count what a robot has posted, the later sees the first's.
TAKING_LOCK = 7_201_031


class NotSentAgain(Refused):
    """A message could not be put back to be sent."""

    messages = {
        "not_ended": _("This message is under way or has gone out. There is nothing to do.")
    }


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What is queued: to one person by mail, or by one robot; `key` makes it once."""

    key: str
    subject: str
    body: str
    person_id: int | None = None
    robot_id: int | None = None


def queue(parcels: Iterable[Parcel], *, now: datetime) -> int:
    """Write messages to be sent; one whose key is known is not written again."""
    made = Outgoing.objects.bulk_create(
        [
            Outgoing(
                person_id=parcel.person_id,
                robot_id=parcel.robot_id,
                key=parcel.key,
                subject=parcel.subject[:200],
                body=parcel.body[:20_000],
                made_at=now,
                next_at=now,
            )
            for parcel in parcels
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )
    if made:
        nudge(SEND_TASK)
    return len(made)


def send_due() -> int:
    """Send what is due, for less than a minute; answers with how many went out.

    On a copy everything that waits is held back instead.
    """
    started = timezone.now()
    settle(now=started)
    if silence() != Silence.NONE:
        _hold_back()
        return 0
    sent, failures = 0, dict.fromkeys([MAIL, *RobotKind.values], 0)
    while (now := timezone.now()) < started + ROUND:
        asleep = [way for way, count in failures.items() if count >= MOST_FAILURES]
        taken = take_one(now=now, but=asleep)
        if taken is None:
            break
        why = _send(taken)
        sent += why is None
        failures[_way(taken)] += why in WAY_FAILS
    return sent


def _way(row: Outgoing) -> str:
    return row.robot.kind if row.robot else MAIL


def _hold_back() -> None:
    """Nothing leaves a copy: what waits is held, also what was under way when it was copied."""
    rows = Outgoing.objects.filter(state__in=[OutgoingState.WAITING, OutgoingState.SENDING])
    if count := rows.update(state=OutgoingState.HELD, attempt=None, lease_ends_at=None):
        log.warning("outgoing_held", count=count)


def due(now: datetime) -> QuerySet[Outgoing]:
    """What may be taken: waiting and its time has come, or under a lease that has run out.

    A time that lies further off than any wait was written by a clock that ran ahead.
    """
    has_come = Q(next_at__lte=now) | Q(next_at__gt=now + WAITS[-1] + MINUTE)
    return Outgoing.objects.filter(
        has_come & Q(state=OutgoingState.WAITING)
        | Q(state=OutgoingState.SENDING, lease_ends_at__lt=now)
    )


def _resting(now: datetime) -> list[bytes]:
    """Robots that are not asked now: their service has said that it gets too many, or has got as
    many in the last minute as it takes, whatever it answered. Two rows of one address are one.
    Who waited for a turn brings an older `now` than whoever went before: those are counted too.
    """
    rows = Outgoing.objects.filter(robot__isnull=False).order_by()
    refused = rows.filter(
        state=OutgoingState.WAITING, error__startswith=Why.TOO_MANY.value,
        next_at__gt=now, next_at__lte=now + WAITS[-1] + MINUTE,
    )  # fmt: skip
    resting = {bytes(index) for index in refused.values_list("robot__address_index", flat=True)}
    lately = rows.filter(tried_at__gt=now - MINUTE, tried_at__lte=now + MINUTE)
    counts = lately.values_list("robot__kind", "robot__address_index").annotate(Count("pk"))
    resting |= {
        bytes(index) for kind, index, many in counts if many >= LIMITS[RobotKind(kind)].a_minute
    }
    return list(resting)


def take_one(*, now: datetime, but: Iterable[str] = ()) -> Outgoing | None:
    """Take the next due message under a lease; None where there is none to take.

    `but` are ways that are not asked now.
    """
    ways = set(but)
    with transaction.atomic():
        _wait_for_turn()
        rows = due(now).exclude(robot__address_index__in=_resting(now))
        rows = rows.exclude(robot__kind__in=ways - {MAIL})
        if MAIL in ways:
            rows = rows.filter(person=None)
        row = _taken(rows, now=now)
    return row and Outgoing.objects.select_related("person", "robot").get(pk=row.pk)


def _wait_for_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKING_LOCK])


def _taken(rows: QuerySet[Outgoing], *, now: datetime) -> Outgoing | None:
    """The first of these rows, under an attempt of its own.

    A lease that ran out tells that its sender died or hangs: whether the message went out nobody
    knows, so it is marked; the second time it ends.
    """
    held = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    while row := held.order_by("next_at", "pk").first():
        was_lost = row.state == OutgoingState.SENDING
        if was_lost and row.may_be_twice:
            _end(row, Why.UNKNOWN.value)
            continue
        Outgoing.objects.filter(pk=row.pk).update(
            attempt=uuid4(),
            may_be_twice=row.may_be_twice or was_lost,
            state=OutgoingState.SENDING,
            lease_ends_at=now + LEASE,
            tried_at=now,
            attempts=row.attempts + 1,
        )
        return row
    return None


def _end(row: Outgoing, error: str) -> None:
    """Give a message up; a person decides."""
    Outgoing.objects.filter(pk=row.pk).update(
        state=OutgoingState.FAILED, error=error, attempt=None, lease_ends_at=None
    )
    log.warning("outgoing_given_up", outgoing=row.pk, why=error)


def end_waiting(robot: Robot) -> None:
    """What waits for a robot that is out of use does not go out; a person may send it again."""
    rows = Outgoing.objects.filter(robot=robot, state=OutgoingState.WAITING)
    rows.update(state=OutgoingState.FAILED, error=Why.OUT_OF_USE.value)


def mine(row: Outgoing, attempt: UUID | None) -> QuerySet[Outgoing]:
    """The message's row while this attempt is the one that counts."""
    return Outgoing.objects.filter(pk=row.pk, attempt=attempt, state=OutgoingState.SENDING)


def _send(row: Outgoing) -> Why | None:
    """Send a message that was taken, write down what became of it, and say why it failed."""
    failure = _failure_of(row)
    if failure is not None:
        put_back(row, failure, now=timezone.now())
        return failure.why
    has_ended = mine(row, row.attempt).update(
        state=OutgoingState.SENT,
        sent_at=timezone.now(),
        error="",
        attempt=None,
        lease_ends_at=None,
    )
    if not has_ended:
        log.warning("outgoing_taken_over", outgoing=row.pk)
    return None


def _failure_of(row: Outgoing) -> Undelivered | None:
    """Why a message did not get through. What nobody thought of ends one row, not the round."""
    try:
        deliver(row)
    except Undelivered as failure:
        return failure
    except Exception as error:
        # The place alone: what the error says may hold an address.
        at = traceback.extract_tb(error.__traceback__)[-1]
        name = type(error).__name__
        log.error("outgoing_broke", outgoing=row.pk, error=name, at=f"{at.filename}:{at.lineno}")
        return Undelivered(Why.FAULT, name)
    return None


def deliver(row: Outgoing) -> None:
    """Send one message by its way, with no transaction open. Raises Undelivered."""
    message = Message(subject=_subject(row), body=row.body)
    if row.person is not None:
        if not (row.person.is_active and row.person.email):
            raise Undelivered(Why.ADDRESS)
        mail.post(message, to=row.person.email, key=f"{row.key.replace(':', '.')}@genjin")
    elif row.robot is not None:
        if not row.robot.is_active:
            raise Undelivered(Why.OUT_OF_USE)
        cipher = row.robot.secret_cipher
        post(
            message,
            kind=RobotKind(row.robot.kind),
            address=_opened(row.robot.address_cipher),
            secret=_opened(cipher) if cipher else "",
            now=timezone.now(),
        )


def _opened(cipher: bytes | memoryview) -> str:
    try:
        return keyring().decrypt(cipher)
    except PhoneUnreadable as error:
        raise Undelivered(Why.UNREADABLE) from error


def _subject(row: Outgoing) -> str:
    if not row.may_be_twice:
        return row.subject
    language = (row.person and row.person.language) or settings.LANGUAGE_CODE
    with translation.override(language):
        return gettext("(may be a repeat) %(subject)s") % {"subject": row.subject}


def put_back(row: Outgoing, failure: Undelivered, *, now: datetime) -> None:
    """Let a message that did not get through wait, or give it up."""
    rows = mine(row, row.attempt)
    error = f"{failure.why}:{failure.detail}".rstrip(":")
    is_unknown = failure.why in NOBODY_KNOWS
    is_over = not failure.may_pass or row.attempts >= MOST_ATTEMPTS
    if is_over or (is_unknown and row.may_be_twice):
        changed = rows.update(
            state=OutgoingState.FAILED, error=error, attempt=None, lease_ends_at=None
        )
    else:
        wait = WAIT_UNKNOWN if is_unknown else WAITS[row.attempts - 1]
        if failure.why == Why.TOO_MANY and row.robot is not None:
            wait = max(wait, LIMITS[RobotKind(row.robot.kind)].pause)
        changed = rows.update(
            state=OutgoingState.WAITING,
            error=error,
            next_at=now + wait,
            may_be_twice=row.may_be_twice or is_unknown,
            attempt=None,
            lease_ends_at=None,
        )
    log.warning("outgoing_undelivered", outgoing=row.pk, why=error, is_mine=bool(changed))


@transaction.atomic
def send_again(*, row: Outgoing, by: Person, now: datetime) -> None:
    """Put a message that was given up or held back to be sent once more. Raises NotSentAgain."""
    ended = Outgoing.objects.filter(pk=row.pk, state__in=[OutgoingState.FAILED, OutgoingState.HELD])
    if not ended.update(state=OutgoingState.WAITING, attempts=0, next_at=now):
        raise NotSentAgain.because("not_ended")
    audit.record(verb="send_again", of=row, by=by)
    nudge(SEND_TASK)
