"""The work that invitations are: one obligation each, done by the guest's answer.

Part of the caller's transaction, which holds the customers and asks the engine afterwards.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from customers.models import Contact
from followups.models import Campaign, Invitation, Obligation, Step, Task
from followups.rules import campaigns as rules
from followups.rules import end_of_day, rests
from followups.services.booked_work import set_apart
from followups.states import RUNNING_CAMPAIGNS, WAITING, Anchor, Answer, Cause, State, Way, Withheld

# An invitation is one thing: its obligation occurs once.
ONCE = 1


def works_of(invitations: Sequence[int] | QuerySet) -> QuerySet[Obligation]:
    """The obligations of these invitations."""
    return Obligation.objects.filter(step__anchor=Anchor.CAMPAIGN, subject_id__in=invitations)


def days_of(campaign: Campaign, *, today: date, zone: ZoneInfo) -> tuple[date, date]:
    """By when its guests are asked, and from when that stands on the list."""
    return rules.asking_days(
        kind=campaign.kind,
        starts_on=campaign.starts_at.astimezone(zone).date(),
        ends_on=campaign.ends_at.astimezone(zone).date(),
        today=today,
    )


def _standing(invitation: Invitation) -> State:
    """A guest who wishes none of it by now is asked when they wish it again (FUP-24)."""
    who = invitation.customer
    is_resting = rests(quiet=who.quiet, grade=who.grade, anchor=Anchor.CAMPAIGN, way=Way.CALL)
    return State.SUSPENDED if is_resting else State.OPEN


def open_for(invitations: Sequence[Invitation], *, campaign: Campaign, now: datetime) -> None:
    """Put these guests on the lists of those who ask them; asked twice, opened once. What was left
    over when the campaign was called off, or when they were kept off, is open again.
    """
    step = Step.objects.get(anchor=Anchor.CAMPAIGN)
    states = {row.pk: _standing(row) for row in invitations}
    rows = []
    for row in invitations:
        zone = row.customer.store.tzinfo
        due, shown = days_of(campaign, today=now.astimezone(zone).date(), zone=zone)
        rows.append(
            Obligation(
                step=step,
                subject_id=row.pk,
                occurrence=ONCE,
                customer=row.customer,
                assignee=row.assignee,
                due_on=due,
                due_at=end_of_day(due, zone),
                shown_on=shown,
                way=Way.CALL,
                text=campaign.name[:200],
                state=states[row.pk],
            )
        )
    Obligation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)

    left = works_of(list(states)).filter(state=State.CANCELLED, cause=Cause.LEFT_OVER)
    back = set(left.values_list("subject_id", flat=True))
    for state in set(states.values()):
        ids = [pk for pk in back if states[pk] == state]
        left.filter(subject_id__in=ids).update(state=state, cause="", closed_at=None, task=None)
    move_days([row for row in invitations if row.pk in back], campaign=campaign, now=now)


def finish(invitation: Invitation, *, now: datetime) -> None:
    """Answered, come or sent: there is nothing more to ask."""
    works_of([invitation.pk]).filter(state__in=WAITING).update(
        state=State.DONE, cause="", closed_at=now
    )


def take_back_finish(invitation: Invitation, *, finished_at: datetime) -> None:
    """Ticked by mistake: what `finish` ended then is to be asked again, while the campaign runs."""
    done = works_of([invitation.pk]).filter(state=State.DONE, closed_at=finished_at)
    if invitation.campaign.state in RUNNING_CAMPAIGNS:
        done.update(state=_standing(invitation), closed_at=None, task=None)
    else:
        done.update(state=State.CANCELLED, cause=Cause.LEFT_OVER)


def replace_step(invitation: Invitation, *, now: datetime) -> None:
    """Answered otherwise: the visit or call that the talk before agreed on is none any more."""
    if invitation.contact_id is None:
        return
    agreed = Obligation.objects.filter(
        step__anchor=Anchor.NEXT_STEP, occurrence=invitation.contact_id, state__in=WAITING
    )
    agreed.update(state=State.CANCELLED, cause=Cause.REPLACED, closed_at=now)


def ask_again(invitation: Invitation, *, on: date) -> None:
    """Undecided: asked once more on that day."""
    zone = invitation.customer.store.tzinfo
    works_of([invitation.pk]).filter(state__in=WAITING).update(
        due_on=on, due_at=end_of_day(on, zone), shown_on=on, planned_on=None, task=None
    )


def call_off(invitations: QuerySet[Invitation], *, now: datetime) -> list[int]:
    """The campaign is over or called off: nobody is asked any more; answers with the customers."""
    rows = works_of(invitations.values("pk")).filter(state__in=WAITING)
    customers = sorted(set(rows.values_list("customer", flat=True)))
    rows.update(state=State.CANCELLED, cause=Cause.LEFT_OVER, closed_at=now)
    return customers


def take_up(invitations: Sequence[Invitation], *, campaign: Campaign, now: datetime) -> None:
    """The campaign runs, or runs after all: who has not answered is asked, each judged anew.

    Whom the guard keeps off by now stands there with the reason, unless they hold an invitation:
    then their work rests, and who was given up has none. That we have spoken with a guest only just
    now is asked at the call.
    """
    asked: list[Invitation] = []
    kept_off: dict[Withheld, list[int]] = {}
    for row in invitations:
        who = row.customer
        verdict = rules.withheld(
            grade=who.grade,
            quiet=who.quiet,
            has_keeper=who.owner is not None and who.owner.is_active,
            is_too_soon=False,
        )
        if verdict != Withheld.NONE and row.sent_at is None:
            kept_off.setdefault(verdict, []).append(row.pk)
        elif verdict != Withheld.GIVEN_UP:
            asked.append(row)
    for reason, ids in kept_off.items():
        Invitation.objects.filter(pk__in=ids).update(withheld=reason)
        call_off(Invitation.objects.filter(pk__in=ids), now=now)
    open_for(asked, campaign=campaign, now=now)


def _new_days(row: Invitation, *, campaign: Campaign, today: date) -> tuple[date, date]:
    """By when this guest is asked now, and from when that stands on the list."""
    zone = row.customer.store.tzinfo
    due, shown = days_of(campaign, today=today, zone=zone)
    if row.answer != Answer.UNDECIDED or row.answered_at is None:
        return due, shown
    answered_on = row.answered_at.astimezone(zone).date()
    again = max(rules.asked_again_on(due_on=due, today=answered_on), today)
    return again, again


def move_days(invitations: Sequence[Invitation], *, campaign: Campaign, now: datetime) -> None:
    """The campaign is on another day, or has another name: open work says so."""
    by_days: dict[tuple[ZoneInfo, date, date], list[int]] = {}
    for row in invitations:
        zone = row.customer.store.tzinfo
        days = _new_days(row, campaign=campaign, today=now.astimezone(zone).date())
        by_days.setdefault((zone, *days), []).append(row.pk)
    for (zone, due, shown), ids in by_days.items():
        works_of(ids).filter(state__in=WAITING).update(
            due_on=due,
            due_at=end_of_day(due, zone),
            shown_on=shown,
            text=campaign.name[:200],
            planned_on=None,
            task=None,
        )


def settle(tasks: Sequence[Task]) -> list[Task]:
    """A contact about something else leaves a guest to be asked; the tasks that hold more."""
    rows = list(
        Obligation.objects.filter(
            task__in=[task.pk for task in tasks], step__anchor=Anchor.CAMPAIGN, state=State.OPEN
        )
    )
    return set_apart(rows, tasks) if rows else list(tasks)


def take_back_answer(contact: Contact, *, now: datetime) -> str:
    """The contact is void, and so is what the guest answered in it, while it is the latest: they
    are asked again, if the campaign still runs. Answers with its name, "" where there is none.
    """
    rows = Invitation.objects.filter(contact=contact, answered_at=contact.logged_at)
    row = rows.select_related("campaign", "customer__store").first()
    if row is None:
        return ""
    Invitation.objects.filter(pk=row.pk).update(answer="", answered_at=None, contact=None)
    done = works_of([row.pk]).filter(state=State.DONE, closed_at=contact.logged_at)
    if row.attended_at is None and row.campaign.state in RUNNING_CAMPAIGNS:
        done.update(state=State.OPEN, closed_at=None, task=None)
        row.answer, row.answered_at = Answer.NONE, None
        move_days([row], campaign=row.campaign, now=now)
    elif row.attended_at is None:
        done.update(state=State.CANCELLED, cause=Cause.LEFT_OVER, closed_at=now)
    return row.campaign.name
