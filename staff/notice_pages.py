"""Notices and messages that leave the building as their pages show them: by keyset, worded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from core.days import moment_text
from staff.models import Notice, Outgoing, Person, Robot
from staff.outgoing_words import error_words
from staff.states import OutgoingState
from staff.told import sentence

PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice as its row says it."""

    pk: int
    text: str
    at: datetime
    said_at: str
    is_read: bool
    leads_somewhere: bool


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One message as its row says it."""

    pk: int
    to: str
    way: str
    subject: str
    state: str
    state_words: str
    error: str
    attempts: int
    may_be_twice: bool
    at: datetime
    next_at: datetime | None
    may_send_again: bool
    is_moving: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """A part of a list, and the key with which the older part begins; "" at the end."""

    rows: Sequence[Any]
    older: str
    is_first: bool

    @property
    def newest(self) -> int:
        """The highest key on the page; 0 where it is empty."""
        return max((row.pk for row in self.rows), default=0)

    @property
    def is_moving(self) -> bool:
        """Of messages: one at least is about to be sent, for the first time or right now."""
        return any(row.is_moving for row in self.rows)


def _part(rows: QuerySet, before: str) -> tuple[list[Any], str]:
    """The rows behind the one that `before` names by time and key; what is no place is the top."""
    stamp, _dash, key = before.partition("_")
    if key.isascii() and key.isdecimal() and len(key) < 19:
        try:
            at = datetime.fromisoformat(stamp)
        except ValueError:
            at = None
        if at is not None and at.tzinfo is not None:
            rows = rows.filter(Q(made_at__lt=at) | Q(made_at=at, pk__lt=int(key)))
    found = list(rows.order_by("-made_at", "-pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], f"{last.made_at.isoformat()}_{last.pk}"


def notices_of(person: Person, *, now: datetime, before: str = "") -> Page:
    """One's notices, worded in the language that is active."""
    found, older = _part(Notice.objects.filter(person=person), before)
    rows = [
        Told(
            pk=row.pk,
            text=sentence(row.kind, row.params, today=timezone.localdate(now)),
            at=row.made_at,
            said_at=moment_text(row.made_at, now=now),
            is_read=row.read_at is not None,
            leads_somewhere=bool(row.path),
        )
        for row in found
    ]
    return Page(rows=rows, older=older, is_first=not before)


def outgoing_page(*, state: str = "", robot: Robot | None = None, before: str = "") -> Page:
    """Messages that leave, of one state or robot; the text of one is read by its receiver alone."""
    rows = Outgoing.objects.select_related("person", "robot").defer("body")
    if state:
        rows = rows.filter(state=state)
    if robot:
        rows = rows.filter(robot=robot)
    found, older = _part(rows, before)
    return Page(rows=[_sending(row) for row in found], older=older, is_first=not before)


def _sending(row: Outgoing) -> Sending:
    is_waiting = row.state == OutgoingState.WAITING and row.attempts > 0
    return Sending(
        pk=row.pk,
        to=str(row.robot or row.person),
        way=row.robot.get_kind_display() if row.robot else "",
        subject=row.subject,
        state=row.state,
        state_words=row.get_state_display(),
        error=error_words(row.error),
        attempts=row.attempts,
        may_be_twice=row.may_be_twice,
        at=row.sent_at or row.made_at,
        next_at=row.next_at if is_waiting else None,
        may_send_again=row.state in (OutgoingState.FAILED, OutgoingState.HELD)
        and not (row.robot and not row.robot.is_active),
        is_moving=row.state == OutgoingState.SENDING
        or (row.state == OutgoingState.WAITING and not row.attempts),
    )


def robots_with_last() -> QuerySet[Robot]:
    """All robots, those in use first, each with when it last posted."""
    robots = Robot.objects.select_related("store").annotate(last_at=Max("messages__sent_at"))
    return robots.order_by("-is_active", "name", "pk")
