"""What the rulebook says of contacts: pure decisions over plain values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.rules import Blocker
from customers.states import REACHED_OUTCOMES, Channel, NextKind, NoStepReason, Outcome

# Ways in which reaching somebody is a follow-up; a text message, mail or letter is none (FIL-29).
EFFECTIVE_CHANNELS = frozenset(
    {
        Channel.CALL,
        Channel.WECHAT,
        Channel.STORE_VISIT,
        Channel.HOME_VISIT,
        Channel.MEASURING,
    }
)
LATE_AFTER = timedelta(hours=24)
LONGEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What was agreed: a kind with a day (perhaps an hour), or none with its reason (FUP-01)."""

    kind: NextKind
    on: date | None = None
    at: datetime | None = None
    text: str = ""
    none_reason: NoStepReason | str = ""


def is_reached(outcome: Outcome | str) -> bool:
    """The customer was there: spoke, answered or met (FIL-29)."""
    return outcome in REACHED_OUTCOMES


def is_late_entry(*, occurred_at: datetime, logged_at: datetime) -> bool:
    """Entered more than 24 hours after it happened: evidence only (FIL-30)."""
    return logged_at - occurred_at > LATE_AFTER


def is_effective(*, channel: Channel | str, outcome: Outcome | str, is_late: bool) -> bool:
    """The contact counts as a follow-up and moves clocks (FIL-29, FIL-30).

    Result, reason and next step are its content (decision 8), and no reached contact is kept
    without them, so that nothing more is asked here.
    """
    return is_reached(outcome) and channel in EFFECTIVE_CHANNELS and not is_late


def note_blockers(note: str) -> list[Blocker]:
    """Typed text is more than one repeated character (decision 8)."""
    typed = "".join(note.split())
    if len(typed) > 1 and len(set(typed)) == 1:
        return [Blocker("note_is_one_character")]
    return []


def next_step_blockers(step: NextStep | None, *, today: date) -> list[Blocker]:
    """Every contact ends with a dated next step, or with none and why (FUP-01)."""
    if step is None or not step.kind:
        return [Blocker("next_step_missing")]
    if step.kind == NextKind.NONE:
        return [] if step.none_reason else [Blocker("none_reason_missing")]
    return day_blockers(step.on, today=today)


def day_blockers(day: date | None, *, today: date) -> list[Blocker]:
    """The day of the next contact lies ahead, and within a year."""
    if day is None:
        return [Blocker("next_day_missing")]
    if day < today:
        return [Blocker("next_day_is_past")]
    if day > today + LONGEST_AHEAD:
        return [Blocker("next_day_is_too_far")]
    return []


def contact_blockers(
    *,
    reached: bool,
    reason: str,
    note: str,
    occurred_at: datetime,
    next_step: NextStep | None,
    retry_on: date | None,
    now: datetime,
    today: date,
) -> list[Blocker]:
    """Everything that stops a contact from being logged (FUP-01, FUP-13, decision 8).

    A reached contact asks for a reason and a next step; an attempt only for a day to try again.
    """
    blockers = note_blockers(note)
    if occurred_at > now:
        blockers.append(Blocker("contact_is_in_the_future"))
    if not reached:
        return blockers + day_blockers(retry_on, today=today)
    if not reason:
        blockers.append(Blocker("reason_missing"))
    if next_step is not None and next_step.at is not None and next_step.at < now:
        blockers.append(Blocker("next_hour_is_past"))
    return blockers + next_step_blockers(next_step, today=today)
