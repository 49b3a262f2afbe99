"""Messages that leave the building: a row first, sent afterwards, by a lease, once.

1. A sender takes one due row by a conditional update (`SKIP LOCKED`): it is its own for
   `LEASE`, under an attempt of its own.
2. It sends with no transaction open.
3. It writes what became of it, if the attempt is still its own.

What certainly did not arrive is tried again, up to `MOST_ATTEMPTS` times. Where nobody knows (no
answer, or the sender died) it is tried once more and says that it may be a repeat; where nobody
knows again, a person decides. So a message arrives twice at most, and the second is marked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.refusals import Refused
from core.services import audit
from core.services.jobs import nudge
from staff.models import Outgoing, Person
from staff.outgoing import LIMITS, Message, Undelivered, Why, mail, post
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
        if _send(taken):
            sent += 1
        else:
            failures[_way(taken)] += 1
    return sent


def _way(row: Outgoing) -> str:
    return row.robot.kind if row.robot else MAIL


def _hold_back() -> None:
    """Nothing leaves a copy: what waits is held, also what was under way when it was copied."""
    rows = Outgoing.objects.filter(state__in=[OutgoingState.WAITING, OutgoingState.SENDING])
    if count := rows.update(state=OutgoingState.HELD, attempt=None, lease_ends_at=None):
        log.warning("outgoing_held", count=count)


def due(now: datetime) -> QuerySet[Outgoing]:
    """What may be taken: waiting and its time has come, or under a lease that has run out."""
    return Outgoing.objects.filter(
        Q(state=OutgoingState.WAITING, next_at__lte=now)
        | Q(state=OutgoingState.SENDING, lease_ends_at__lt=now)
    )


def _busy_robots(now: datetime) -> list[int]:
    """Robots that have posted as many messages in the last minute as their service takes."""
    counts = (
        Outgoing.objects.filter(robot__isnull=False, sent_at__gt=now - MINUTE)
        .values("robot", "robot__kind")
        .annotate(many=Count("pk"))
        .order_by()
    )
    return [
        row["robot"]
        for row in counts
        if row["many"] >= LIMITS[RobotKind(row["robot__kind"])].a_minute
    ]


def take_one(*, now: datetime, but: Iterable[str] = ()) -> Outgoing | None:
    """Take the next due message under a lease; None where there is none to take.

    `but` are ways that are not asked now. A lease that ran out tells that its sender died or
    hangs: whether the message went out nobody knows, so it is marked; the second time it ends.
    """
    ways = set(but)
    rows = due(now).exclude(robot__in=_busy_robots(now)).exclude(robot__kind__in=ways - {MAIL})
    if MAIL in ways:
        rows = rows.filter(person=None)
    while True:
        with transaction.atomic():
            row = (
                rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
                .order_by("next_at", "pk")
                .first()
            )
            if row is None:
                return None
            was_lost = row.state == OutgoingState.SENDING
            if was_lost and row.may_be_twice:
                _end(row, Why.UNKNOWN.value)
                continue
            row.attempt = uuid4()
            row.may_be_twice = row.may_be_twice or was_lost
            row.state, row.lease_ends_at = OutgoingState.SENDING, now + LEASE
            row.attempts += 1
            row.save(
                update_fields=["attempt", "may_be_twice", "state", "lease_ends_at", "attempts"]
            )
        return Outgoing.objects.select_related("person", "robot").get(pk=row.pk)


def _end(row: Outgoing, error: str) -> None:
    """Give a message up; a person decides."""
    Outgoing.objects.filter(pk=row.pk).update(
        state=OutgoingState.FAILED, error=error, attempt=None, lease_ends_at=None
    )
    log.warning("outgoing_given_up", outgoing=row.pk, why=error)


def mine(row: Outgoing, attempt: UUID | None) -> QuerySet[Outgoing]:
    """The message's row while this attempt is the one that counts."""
    return Outgoing.objects.filter(pk=row.pk, attempt=attempt, state=OutgoingState.SENDING)


def _send(row: Outgoing) -> bool:
    """Send a message that was taken, and write down what became of it."""
    try:
        deliver(row)
    except Undelivered as failure:
        put_back(row, failure, now=timezone.now())
        return False
    has_ended = mine(row, row.attempt).update(
        state=OutgoingState.SENT,
        sent_at=timezone.now(),
        error="",
        attempt=None,
        lease_ends_at=None,
    )
    if not has_ended:
        log.warning("outgoing_taken_over", outgoing=row.pk)
    return True


def deliver(row: Outgoing) -> None:
    """Send one message by its way, with no transaction open. Raises Undelivered."""
    message = Message(subject=_subject(row), body=row.body)
    if row.person is not None:
        if not (row.person.is_active and row.person.email):
            raise Undelivered(Why.ADDRESS)
        mail.post(message, to=row.person.email, key=f"{row.key.replace(':', '.')}@genjin")
    elif row.robot is not None:
        if not row.robot.is_active:
            raise Undelivered(Why.ADDRESS)
        cipher = row.robot.secret_cipher
        post(
            message,
            kind=RobotKind(row.robot.kind),
            address=keyring().decrypt(row.robot.address_cipher),
            secret=keyring().decrypt(cipher) if cipher else "",
            now=timezone.now(),
        )


def _subject(row: Outgoing) -> str:
    if not row.may_be_twice:
        return row.subject
    language = (row.person and row.person.language) or settings.LANGUAGE_CODE
    with translation.override(language):
        return _now("(may be a repeat) %(subject)s") % {"subject": row.subject}


def put_back(row: Outgoing, failure: Undelivered, *, now: datetime) -> None:
    """Let a message that did not get through wait, or give it up."""
    rows = mine(row, row.attempt)
    error = f"{failure.why}:{failure.detail}".rstrip(":")
    is_unknown = failure.why == Why.UNKNOWN
    is_over = not failure.may_pass or row.attempts >= MOST_ATTEMPTS
    if is_over or (is_unknown and row.may_be_twice):
        changed = rows.update(
            state=OutgoingState.FAILED, error=error, attempt=None, lease_ends_at=None
        )
    else:
        wait = WAIT_UNKNOWN if is_unknown else WAITS[row.attempts - 1]
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
