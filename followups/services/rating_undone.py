"""What a customer said of a solved case is taken back with the talk in which they said it."""

from datetime import datetime

from core.services import audit
from customers.models import Contact
from followups.models import Case, CaseEvent
from followups.queries.cases import default_assignee, is_bound
from followups.rules import is_reopened_by
from followups.services import case_satisfaction, case_work
from followups.services.cases import add_event, is_able
from followups.states import CaseAct, CaseState
from staff.models import Person


def take_back_rating(contact: Contact, *, reason: str, by: Person, now: datetime) -> bool | None:
    """The contact is void, and so is the rating in it: the case is solved, its customer is asked
    again. None where nothing was rated; false where it stands, because the case went on since, or
    is about whoever takes back. Part of the caller's transaction, which asks the engine.
    """
    told = CaseEvent.objects.filter(act=CaseAct.RATED, contact=contact)
    rated = told.select_related("case__customer__store", "case__customer__owner").first()
    if rated is None:
        return None
    case = rated.case
    solved = case.events.filter(act=CaseAct.SOLVED, pk__lt=rated.pk).order_by("pk").last()
    if solved is None or _went_on(rated) or is_bound(case, by, now=now):
        return False

    if is_reopened_by(satisfaction=rated.points or 0):
        _solved_after_all(case, solved)
        case_work.call_off(case, now=now)
    Case.objects.filter(pk=case.pk).update(state=CaseState.SOLVED, satisfaction=None)
    case.refresh_from_db(fields=["state", "satisfaction", "times_reopened"])
    _ask_again(case, asked_at=rated.at, now=now)
    add_event(case, CaseAct.UNRATED, by=by, now=now, text=reason.strip()[:1000])
    audit.record(verb="unrate_case", of=case, by=by, reason=reason, points=rated.points)
    return True


def _went_on(rated: CaseEvent) -> bool:
    """Whether the case was acted on since, but by the rating itself; a note is no act."""
    later = rated.case.events.filter(pk__gt=rated.pk).exclude(act=CaseAct.NOTED)
    is_low = is_reopened_by(satisfaction=rated.points or 0)
    return list(later.values_list("act", flat=True)) != ([CaseAct.REOPENED] if is_low else [])


def _solved_after_all(case: Case, solved: CaseEvent) -> None:
    """As it stood before it was opened again: how it was solved, its clock, who was told of it."""
    before = case.events.filter(pk__lt=solved.pk).order_by("pk")
    reopened = before.filter(act=CaseAct.REOPENED).last()
    told = before.filter(act=CaseAct.ESCALATED, pk__gt=reopened.pk if reopened else 0).last()
    Case.objects.filter(pk=case.pk).update(
        solved_at=solved.at,
        solved_by=solved.by,
        solution=solved.text,
        escalated_at=told.at if told else None,
        escalated_to=told.to if told else None,
        due_at=case_work.due_before(case),
        times_reopened=case.times_reopened - 1,
    )


def _ask_again(case: Case, *, asked_at: datetime, now: datetime) -> None:
    """By whoever had it to do, or would get it now where they no longer can."""
    customer = case.customer
    case_satisfaction.take_up(case, done_at=asked_at)
    asks = case_satisfaction.asked_by(case)
    if asks is None or not is_able(asks, customer, about=case.about, now=now):
        to = default_assignee(customer, kind=case.kind, about=case.about, now=now)
        case_satisfaction.give(case, to)
