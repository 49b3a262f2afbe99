"""What a campaign that changes means for guests who said they would come (ORG-18).

The visit agreed on moves along, or is called off; and each of them hears of it, once for all that
has changed until they do. Part of the caller's transaction, which holds the customers and asks the
engine afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from customers.states import Grade
from followups.models import Campaign, Invitation, Obligation, Step
from followups.rules import campaigns as rules
from followups.rules import end_of_day
from followups.services.next_steps import standing_state
from followups.states import WAITING, Anchor, Cause, State, Way
from staff.models import Person

TOLD = (State.DONE, State.SKIPPED)


def news_for(invitations: Iterable[int]) -> QuerySet[Obligation]:
    """The obligations to tell these guests what has changed; the n-th of a guest occurs n-th."""
    return Obligation.objects.filter(
        step__anchor=Anchor.CAMPAIGN_NEWS, subject_id__in=list(invitations)
    )


def _visits(invitations: Iterable[Invitation]) -> QuerySet[Obligation]:
    """The visits on which these guests agreed when they said that they would come."""
    talks = [row.contact_id for row in invitations if row.contact_id is not None]
    return Obligation.objects.filter(
        step__anchor=Anchor.NEXT_STEP, occurrence__in=talks, way=Way.STORE_VISIT
    )


def _comes_on(row: Invitation, campaign: Campaign, *, now: datetime) -> date | None:
    zone = row.customer.store.tzinfo
    return rules.visit_day(
        starts_on=campaign.starts_at.astimezone(zone).date(),
        ends_on=campaign.ends_at.astimezone(zone).date(),
        today=now.astimezone(zone).date(),
    )


def hear(invitation: Invitation, *, now: datetime) -> None:
    """Talked with, or come: the guest knows how it stands."""
    news_for([invitation.pk]).filter(state__in=WAITING).update(
        state=State.DONE, cause="", closed_at=now
    )


def drop(invitations: QuerySet[Invitation], *, now: datetime) -> None:
    """The campaign is over: there is nothing to tell any more."""
    rows = news_for(invitations.values_list("pk", flat=True)).filter(state__in=WAITING)
    rows.update(state=State.CANCELLED, cause=Cause.LEFT_OVER, closed_at=now)


def call_off(coming: Sequence[Invitation], *, campaign: Campaign, now: datetime) -> None:
    """Nobody comes any more, and whoever meant to is told so."""
    _visits(coming).filter(state__in=WAITING).update(
        state=State.CANCELLED, cause=Cause.LEFT_OVER, closed_at=now
    )
    _tell({row: [_comes_on(row, campaign, now=now)] for row in coming}, campaign, now=now)


def take_up(coming: Sequence[Invitation], *, campaign: Campaign, now: datetime) -> None:
    """It takes place after all: they come as agreed; who has heard otherwise is told.

    Who was not told yet, and agreed on this very day, need not hear of what has come and gone.
    """
    days = {row: _comes_on(row, campaign, now=now) for row in coming}
    back = [row for row, day in days.items() if day and row.customer.grade != Grade.D]
    for state in WAITING:
        some = [row for row in back if standing_state(row.customer) == state]
        off = _visits(some).filter(state=State.CANCELLED, cause=Cause.LEFT_OVER)
        off.update(state=state, cause="", closed_at=None, task=None)
    _move_visits(back, campaign=campaign, now=now)

    told = set(
        news_for(row.pk for row in back).filter(state__in=TOLD).values_list("subject_id", flat=True)
    )
    knowing = [
        row.pk
        for row in back
        if row.pk not in told and row.contact and row.contact.next_on == days[row]
    ]
    news_for(knowing).filter(state__in=WAITING).update(
        state=State.CANCELLED, cause=Cause.REPLACED, closed_at=now
    )
    _tell({row: [days[row]] for row in back if row.pk not in knowing}, campaign, now=now)


def change(
    coming: Sequence[Invitation], *, before: Campaign, after: Campaign, now: datetime
) -> None:
    """The campaign has another name or hour: what was agreed says so, and of the hour they hear."""
    name = after.name[:200]
    _visits(coming).filter(state__in=WAITING).update(text=name)
    news_for(row.pk for row in coming).filter(state__in=WAITING).update(text=name)
    if before.starts_at == after.starts_at:
        return
    _move_visits(coming, campaign=after, now=now)
    days = {row: [_comes_on(row, one, now=now) for one in (before, after)] for row in coming}
    _tell(days, after, now=now)


def _move_visits(coming: Sequence[Invitation], *, campaign: Campaign, now: datetime) -> None:
    by_day: dict[tuple[ZoneInfo, date], list[Invitation]] = {}
    for row in coming:
        day = _comes_on(row, campaign, now=now)
        if day is not None:
            by_day.setdefault((row.customer.store.tzinfo, day), []).append(row)
    for (zone, day), rows in by_day.items():
        _visits(rows).filter(state__in=WAITING).update(
            due_on=day, due_at=end_of_day(day, zone), shown_on=day, planned_on=None, task=None
        )


def _tell(
    days: Mapping[Invitation, Sequence[date | None]], campaign: Campaign, *, now: datetime
) -> None:
    """Each of these guests is to hear how it stands, before the sooner of their days; one who was
    to hear something already hears all of it at once. Who was given up hears nothing (GRD-08).
    """
    told = news_for(row.pk for row in days).order_by("occurrence")
    known = {
        subject: (occurrence, state)
        for subject, occurrence, state in told.values_list("subject_id", "occurrence", "state")
    }
    step = Step.objects.get(anchor=Anchor.CAMPAIGN_NEWS)
    fresh: list[Obligation] = []
    waiting: dict[tuple[ZoneInfo, date], list[int]] = {}
    for row, theirs in days.items():
        zone = row.customer.store.tzinfo
        due = rules.told_by(*theirs, today=now.astimezone(zone).date())
        if due is None or row.customer.grade == Grade.D:
            continue
        occurrence, state = known.get(row.pk, (0, ""))
        if state in WAITING:
            waiting.setdefault((zone, due), []).append(row.pk)
        else:
            news = Obligation(step=step, occurrence=occurrence + 1, text=campaign.name[:200])
            fresh.append(_addressed(news, to=row, due=due, now=now))
    Obligation.objects.bulk_create(fresh, batch_size=1000)
    for (zone, due), ids in waiting.items():
        news_for(ids).filter(state__in=WAITING).update(
            due_on=due, due_at=end_of_day(due, zone), planned_on=None, task=None
        )


def _addressed(news: Obligation, *, to: Invitation, due: date, now: datetime) -> Obligation:
    """On the list from today; it rests while the guest wishes no contact."""
    zone = to.customer.store.tzinfo
    news.subject_id = to.pk
    news.customer = to.customer
    news.assignee = _teller(to)
    news.due_on, news.due_at = due, end_of_day(due, zone)
    news.shown_on = now.astimezone(zone).date()
    news.way = Way.CALL
    news.state = standing_state(to.customer)
    return news


def _teller(row: Invitation) -> Person | None:
    """Who keeps the customer by now; else who has asked them."""
    for person in (row.customer.owner, row.assignee):
        if person is not None and person.is_active:
            return person
    return None
