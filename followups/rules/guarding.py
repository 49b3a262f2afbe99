"""The guard against pestering, and what rests while a customer wishes to be left in peace.

`rests` has a twin in SQL (`followups.queries.quieting`); a test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from core.rules import Blocker
from customers.rules.appointments import TO_WIN
from customers.states import (
    AppointmentKind,
    Channel,
    Grade,
    NextKind,
    Quiet,
    QuietReason,
    Reason,
)
from followups.rules.care import worn_reason
from followups.states import BIRTHDAY_ANCHORS, ORDER_ANCHORS, Anchor, Override, Way

# How we go to a customer by ourselves. Whoever comes to the store has come; measuring is agreed;
# letters, cards and messages that are only sent stay outside (decision 19).
GUARDED = (Channel.CALL, Channel.WECHAT, Channel.HOME_VISIT)
# What counts as a contact of ours when it reached the customer and we began it.
COUNTED = (*GUARDED, Channel.STORE_VISIT, Channel.MEASURING)
# What disturbs at a wrong hour: a message waits until it is read.
DISTURBING = (Channel.CALL, Channel.HOME_VISIT)
# Days between two contacts where a grade has none of its own.
PLAIN_DAYS_BETWEEN = 1


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A contact that we began and that reached the customer."""

    contact_id: int
    at: datetime
    by: str
    channel: Channel | str
    reason: Reason | str = ""


@dataclass(frozen=True, kw_only=True)
class GuardFacts:
    """What the guard knows of a customer; `before` has the newest first.

    Equal ends of the quiet hours mean that there are none.
    """

    zone: ZoneInfo
    before: Sequence[Reached] = ()
    gap_days: int = PLAIN_DAYS_BETWEEN
    quiet: Quiet | str = Quiet.NONE
    contact_from: time | None = None
    contact_until: time | None = None
    quiet_from: time = time(0)
    quiet_until: time = time(0)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A contact that is about to be made, or logged.

    `is_agreed`: the customer expects it at this hour, `is_needed`: a contract or case needs it;
    without `is_reached` it was an attempt that reached nobody.
    """

    at: datetime
    channel: Channel | str
    reason: Reason | str = ""
    is_inbound: bool = False
    is_agreed: bool = False
    is_needed: bool = False
    is_reached: bool = True


def is_between(at: time, start: time, end: time) -> bool:
    """Whether an hour lies in a stretch, its end left out; one may run over midnight."""
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def _wished(attempt: Attempt, quiet: Quiet | str) -> list[Blocker]:
    """What the customer has asked us to leave (FUP-24, decision 15)."""
    if attempt.is_needed:
        return []
    if quiet == Quiet.ALL:
        return [Blocker("wishes_no_contact")]
    if quiet == Quiet.VISITS and attempt.channel == Channel.HOME_VISIT:
        return [Blocker("wishes_no_visits")]
    if quiet == Quiet.MARKETING and attempt.reason == Reason.EVENT:
        return [Blocker("wishes_no_marketing")]
    return []


def too_soon(attempt: Attempt, facts: GuardFacts) -> Reached | None:
    """The contact of ours after which this one comes too soon: fewer calendar days between them
    than the grade is left, by the store's clock (FUP-09).
    """
    day = attempt.at.astimezone(facts.zone).date()
    for reached in facts.before:
        apart = abs((day - reached.at.astimezone(facts.zone).date()).days)
        if apart < facts.gap_days:
            return reached
    return None


def closing_blockers(
    *,
    is_letter: bool,
    is_of_customer: bool,
    is_standing: bool,
    is_ours: bool,
    is_near: bool,
    is_after: bool,
    asks: bool,
) -> list[Blocker]:
    """What stops a contact from closing a task that it was not made for (FUP-09).

    It answers what the guard would keep from being done again: one of ours with this customer that
    stands, so near that another comes too soon, and after what the task follows from. A call before
    the delivery is no call after it. What `asks` for an answer of the customer, or holds something
    that has to be told, is answered by a talk about it alone (AFT-05, ORG-18).
    """
    found = []
    if is_letter:
        found.append(Blocker("is_a_letter"))
    if asks:
        found.append(Blocker("asks_something"))
    if not is_of_customer:
        found.append(Blocker("not_this_customer"))
    if not is_standing:
        found.append(Blocker("contact_is_void"))
    if found:
        return found
    if not is_ours:
        return [Blocker("contact_is_theirs")]
    if not is_near:
        return [Blocker("contact_is_too_old")]
    return [] if is_after else [Blocker("contact_is_before_it")]


def _soon(attempt: Attempt, facts: GuardFacts) -> list[Blocker]:
    reached = None if attempt.is_agreed or attempt.is_needed else too_soon(attempt, facts)
    if reached is None:
        return []
    facts_of_it = {
        "contact": reached.contact_id,
        "at": reached.at,
        "who": reached.by,
        "channel": reached.channel,
        "days": facts.gap_days,
        "asked_at": attempt.at,
    }
    return [Blocker("contacted_lately", facts_of_it)]


def _worn(attempt: Attempt, facts: GuardFacts) -> list[Blocker]:
    worn = worn_reason([reached.reason for reached in facts.before])
    if not worn or attempt.reason != worn:
        return []
    return [Blocker("reason_worn", {"reason": worn})]


def _hours(attempt: Attempt, facts: GuardFacts) -> list[Blocker]:
    """The customer's own hours go before everybody's quiet ones."""
    if attempt.is_agreed or attempt.channel not in DISTURBING:
        return []
    at = attempt.at.astimezone(facts.zone).time()
    if facts.contact_from is not None and facts.contact_until is not None:
        if is_between(at, facts.contact_from, facts.contact_until):
            return []
        hours = {"start": facts.contact_from, "end": facts.contact_until}
        return [Blocker("outside_hours", hours)]
    if facts.quiet_from != facts.quiet_until and is_between(
        at, facts.quiet_from, facts.quiet_until
    ):
        return [Blocker("quiet_hours", {"start": facts.quiet_from, "end": facts.quiet_until})]
    return []


def is_guarded(*, channel: Channel | str, is_inbound: bool) -> bool:
    """Whether anything can speak against such a contact: what the customer begins is never too
    much; who comes to the store is welcome.
    """
    return channel in GUARDED and not is_inbound


def pestering(*, attempt: Attempt, facts: GuardFacts) -> list[Blocker]:
    """What speaks against this contact, the gravest first (FUP-09, FUP-13, FUP-24).

    An attempt that reached nobody disturbed nobody, but it was made: their wish speaks against it,
    too.
    """
    if not is_guarded(channel=attempt.channel, is_inbound=attempt.is_inbound):
        return []
    if not attempt.is_reached:
        return _wished(attempt, facts.quiet)
    return [
        *_wished(attempt, facts.quiet),
        *_soon(attempt, facts),
        *_worn(attempt, facts),
        *_hours(attempt, facts),
    ]


def override_code(override: str) -> str:
    """The chip of an override, which may be followed by words: “news: the price is final”."""
    return override.split(":", 1)[0].strip()


def override_blockers(
    *, objections: Sequence[Blocker], override: str, is_manager: bool
) -> list[Blocker]:
    """What is left of the objections once somebody has said why it is made all the same.

    Of a customer who wishes no contact, only a contract or case is reason enough for whoever
    sells; a manager may have another one (decision 15).
    """
    if not override:
        return list(objections)
    if is_manager or override_code(override) == Override.NEEDED:
        return []
    return [each for each in objections if each.code == "wishes_no_contact"]


def is_needed(*, anchor: Anchor | str, appointment_kind: AppointmentKind | str = "") -> bool:
    """What a contract or case needs stays, whatever the customer wishes not to hear (decision 15):
    service cases, what an order asks for, deliveries, services that are booked.
    """
    if anchor == Anchor.APPOINTMENT:
        return appointment_kind not in TO_WIN
    return anchor == Anchor.CASE or anchor in ORDER_ANCHORS


def promise_blockers(
    *,
    quiet: Quiet | str,
    channel: Channel | str,
    is_inbound: bool,
    next_kind: NextKind | str,
    booked_as: AppointmentKind | str = "",
    is_tied: bool,
) -> list[Blocker]:
    """What stops us from agreeing on a next step with who wishes no contact (FUP-24, decision 15).

    `booked_as`: as what the talk books its next step; `is_tied`: a contract or a case needs them to
    be met again. Whoever calls us, or comes, may agree on what they like.
    """
    if quiet != Quiet.ALL or is_tied or not is_guarded(channel=channel, is_inbound=is_inbound):
        return []
    if booked_as:
        is_of_contract = is_needed(anchor=Anchor.APPOINTMENT, appointment_kind=booked_as)
        return [] if is_of_contract else [Blocker("wishes_no_appointment")]
    return [] if next_kind in ("", NextKind.NONE) else [Blocker("wishes_no_step")]


# Who is greeted for no birthday: whom we have given up, and who wishes no marketing or nothing.
UNGREETED_GRADES = (Grade.D,)
UNGREETED_WISHES = (Quiet.MARKETING, Quiet.ALL)


def is_not_greeted(*, quiet: Quiet | str, grade: Grade | str) -> bool:
    """Whether the greetings for the birthdays on a card rest (GRD-08, FUP-24)."""
    return grade in UNGREETED_GRADES or quiet in UNGREETED_WISHES


def rests(
    *,
    quiet: Quiet | str,
    grade: Grade | str,
    anchor: Anchor | str,
    way: Way | str = "",
    appointment_kind: AppointmentKind | str = "",
) -> bool:
    """Whether work rests while this is wished, and while the customer is graded so (FUP-24,
    decision 15; GRD-08).

    No contact: all but what is needed. No marketing: greetings and invitations; care after a sale
    goes on. No visits: nothing rests, visits become calls (`leading_way`). Grade D: greetings for
    birthdays; care after a sale goes on.
    """
    if anchor in BIRTHDAY_ANCHORS and is_not_greeted(quiet=quiet, grade=grade):
        return True
    if quiet == Quiet.ALL:
        return not is_needed(anchor=anchor, appointment_kind=appointment_kind)
    if quiet == Quiet.MARKETING:
        return anchor == Anchor.CAMPAIGN or way == Way.GREETING
    return False


# From the freest to the strictest: more of it is wished less.
STRICTNESS = (Quiet.NONE, Quiet.MARKETING, Quiet.VISITS, Quiet.ALL)


def quiet_blockers(
    *, before: Quiet | str, after: Quiet | str, reason: QuietReason | str
) -> list[Blocker]:
    """A wish has a reason, and “wishes contact again” is one for less silence alone."""
    if not reason:
        return [Blocker("quiet_reason_missing")]
    is_laxer = STRICTNESS.index(Quiet(after)) < STRICTNESS.index(Quiet(before))
    if not is_laxer and reason == QuietReason.WISHES_AGAIN:
        return [Blocker("wishes_again_is_no_silence")]
    return []
