"""Campaigns: whom the guard keeps off, when a guest is asked, how one moves (ORG-18, AFT-24)."""

from datetime import date, timedelta

from core.rules import Blocker
from customers.states import Grade, Quiet
from followups.rules import wordings
from followups.states import Answer, CampaignKind, CampaignState, Withheld

# Guests are called in the week before, the last of them the day before.
ASKED_FROM = timedelta(days=7)
# Somebody who is undecided is asked once more after so long.
ASKED_AGAIN_AFTER = timedelta(days=2)
LONGEST = timedelta(days=366)
MOST_DEAL_DAYS = 366

MOVES = {
    CampaignState.PLANNED: (CampaignState.INVITING, CampaignState.OVER, CampaignState.CALLED_OFF),
    CampaignState.INVITING: (CampaignState.OVER, CampaignState.CALLED_OFF),
    CampaignState.OVER: (CampaignState.INVITING,),
    CampaignState.CALLED_OFF: (CampaignState.PLANNED,),
}


def is_for_owners(*, kind: CampaignKind | str, text: str) -> bool:
    """Whether a campaign is for those who bought: everyday care, or what is done for a product of
    the guest, as on a free service day (AFT-24).
    """
    return kind == CampaignKind.CARE or wordings.names_product(text=text)


def withheld(
    *,
    grade: Grade | str,
    quiet: Quiet | str,
    has_keeper: bool,
    is_too_soon: bool,
) -> Withheld:
    """Why the guard keeps a customer off an invitation; the gravest reason stands (FUP-09, FUP-24).

    `is_too_soon`: the grade's gap since the last contact that we began has not passed yet.
    """
    if quiet in (Quiet.MARKETING, Quiet.ALL):
        return Withheld.QUIET
    if grade == Grade.D:
        return Withheld.GIVEN_UP
    if not has_keeper:
        return Withheld.NO_KEEPER
    return Withheld.RECENT if is_too_soon else Withheld.NONE


def asking_days(
    *, kind: CampaignKind | str, starts_on: date, ends_on: date, today: date
) -> tuple[date, date]:
    """By when a guest is to be asked, and from when that stands on the list.

    A guest of an event by the day before it; care may go out until the round ends.
    """
    last = ends_on if kind == CampaignKind.CARE else starts_on - timedelta(days=1)
    due = max(last, today)
    return due, max(min(due, due - ASKED_FROM), today)


def asked_again_on(*, due_on: date, today: date) -> date:
    """The day on which somebody undecided is asked again: in two days, in time for the event."""
    return max(min(today + ASKED_AGAIN_AFTER, due_on), today + timedelta(days=1))


def visit_day(*, starts_on: date, ends_on: date, today: date) -> date | None:
    """The day on which somebody comes who says so today; None once it is over."""
    return max(starts_on, today) if ends_on >= today else None


def told_by(*days: date | None, today: date) -> date | None:
    """By when a guest who is coming hears of a change: the day before the event, before and after
    it was moved, whichever is sooner; None where all of it is over.
    """
    ahead = [day for day in days if day is not None and day >= today]
    return max(min(ahead) - timedelta(days=1), today) if ahead else None


def move_blockers(
    *, state: CampaignState | str, to: CampaignState | str, has_started: bool, has_passed: bool
) -> list[Blocker]:
    """What stops a campaign from moving on. `has_passed`: its last day is behind us, so that nobody
    is left who could stay at home (ORG-18).
    """
    if to not in MOVES[CampaignState(state)]:
        return [Blocker("cannot_move")]
    if to == CampaignState.CALLED_OFF and has_passed:
        return [Blocker("has_passed")]
    if to == CampaignState.OVER and not has_started:
        return [Blocker("not_begun")]
    return []


def door_blockers(
    *, kind: CampaignKind | str, state: CampaignState | str, starts_on: date, today: date
) -> list[Blocker]:
    """What stops a guest from being noted as come: nobody comes before the day of the event, nor
    to one called off, nor to a round of care (ORG-18).
    """
    if kind == CampaignKind.CARE:
        return [Blocker("no_door")]
    if state == CampaignState.CALLED_OFF:
        return [Blocker("is_closed")]
    return [Blocker("too_early")] if today < starts_on else []


def campaign_blockers(*, starts_on: date, ends_on: date, deals_within_days: int) -> list[Blocker]:
    """What stops a campaign from being written as it is typed."""
    blockers = []
    if ends_on < starts_on:
        blockers.append(Blocker("ends_before_it_starts"))
    if ends_on - starts_on > LONGEST:
        blockers.append(Blocker("too_long"))
    if not 1 <= deals_within_days <= MOST_DEAL_DAYS:
        blockers.append(Blocker("deal_days_wrong", {"most": MOST_DEAL_DAYS}))
    return blockers


def is_answered(answer: Answer | str) -> bool:
    """Whether a guest need not be asked again: coming or not; undecided is asked once more."""
    return answer in (Answer.COMING, Answer.NOT_COMING)
