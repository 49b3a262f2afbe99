"""Service cases (工单): opened, answered, solved; each act is one transaction and one event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.queries import business_calendar
from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from customers.models import Contact, Customer, OwnedProduct
from customers.queries.parameters import parameters
from followups import rules
from followups.models import Case, CaseEvent, SurveyAnswer
from followups.queries.cases import able_people, default_assignee
from followups.services import case_work, engine
from followups.services.holding import hold_one
from followups.states import CaseAct, CaseChannel, CaseKind
from staff.leaders import leader_of
from staff.models import Person
from staff.queries_of_absences import stand_ins_of
from staff.services.notices import Telling, tell, tell_many
from staff.states import NoticeKind


class CaseNotOpened(Refused):
    """A service case could not be opened as told."""

    messages = {
        "text_missing": _("Write what the case is about."),
        "product_is_foreign": _("This product belongs to another customer."),
        "assignee_is_out": _(
            "This person cannot see to it. Choose somebody who sees the customer and whom the case"
            " is not about."
        ),
    }


@transaction.atomic
def open_case(
    *,
    customer: Customer,
    kind: CaseKind | str,
    channel: CaseChannel | str,
    text: str,
    by: Person,
    now: datetime,
    product: OwnedProduct | None = None,
    contact: Contact | None = None,
    answer: SurveyAnswer | None = None,
    about: Person | None = None,
    assignee: Person | None = None,
    key: UUID | None = None,
) -> Case:
    """Open a service case and put it on the list of who sees to it (AFT-15, AFT-21, AFT-22).

    Without an `assignee`: the service lead for a repair or return, the manager for a complaint
    about a person, else the keeper. `contact` or `answer` say where it came up. `key` is the form's
    own id: sent twice, the same case comes back. Raises CaseNotOpened.
    """
    customer = hold_one(customer)
    with once(key=key or uuid4(), purpose="case", by=by) as form:
        if form.result_id:
            return Case.objects.get(pk=form.result_id)
        refuse_if(
            CaseNotOpened,
            rules.open_blockers(
                text=text,
                is_of_customer=product is None or product.customer_id == customer.pk,
                is_able=is_able(assignee, customer, about=about, now=now),
            ),
        )
        case = _put_down(
            customer=customer, kind=kind, channel=channel, text=text.strip(), product=product,
            contact=contact, answer=answer, about=about, by=by, now=now,
            assignee=assignee or default_assignee(customer, kind=kind, about=about, now=now),
        )  # fmt: skip
        form.result_id = case.pk
    return case


def _put_down(
    *, customer: Customer, kind: CaseKind | str, by: Person, now: datetime, **said: Any
) -> Case:
    """The case with its clock, its work and the first line of its trail; its assignee is told."""
    case = Case.objects.create(
        customer=customer,
        store=customer.store,
        kind=kind,
        opened_at=now,
        opened_by=by,
        due_at=clock_from(customer, kind=kind, since=now),
        **said,
    )
    case_work.open_for(case, now=now)
    event = add_event(case, CaseAct.OPENED, by=by, now=now, to=case.assignee)
    audit.record(verb="open_case", of=case, by=by, kind=str(kind))

    tell_assignee(case, event)
    if case.kind == CaseKind.COMPLAINT:
        report_up(case, event, as_what="complaint")
    engine.touch_and_ask(customers=[customer.pk], now=now)
    return case


def is_able(
    person: Person | None, customer: Customer, *, about: Person | None, now: datetime
) -> bool:
    """Whether a case can be given to this person; nobody named, somebody is found."""
    return person is None or person in able_people(customer, about=about, now=now)


def clock_from(customer: Customer, *, kind: CaseKind | str, since: datetime) -> datetime:
    """24:00 of the last working day of a clock that begins to run at `since`."""
    begins_on = customer.store.today(since)
    figures = parameters(begins_on)
    days = rules.working_days_of(
        kind=kind, problem_days=figures.problem_days, need_days=figures.need_days
    )
    day = rules.due_day(
        opened_on=begins_on, days=days, add_working_days=business_calendar().add_working_days
    )
    return rules.end_of_day(day, customer.store.tzinfo)


def add_event(case: Case, act: CaseAct, *, by: Person, now: datetime, **said: Any) -> CaseEvent:
    """One line of the case's trail."""
    return CaseEvent.objects.create(case=case, act=act, at=now, by=by, **said)


def report_up(case: Case, event: CaseEvent, *, as_what: str) -> None:
    """Whoever leads the store hears of a complaint at once (AFT-15): a seller who sees to one may
    be its cause. `as_what` chooses the words.
    """
    leader = leader_of(case.store, but=case.about)
    if case.assignee is None or leader is None or leader == event.by:
        return
    tell_above(leader, case, event, params={as_what: case.pk, "assignee": case.assignee.name})


def tell_above(
    chief: Person, case: Case, event: CaseEvent, *, params: Mapping[str, object]
) -> None:
    """It was reported up to them, and whoever stands in for them hears it, too; not whoever wrote
    it down or has the case, nor whom it is about.
    """
    stand_ins = stand_ins_of([chief.pk], on=case.store.today(event.at)).get(chief.pk, [])
    known = (case.assignee_id, case.about_id, event.by_id)
    tellings = [
        Telling(
            person_id=person,
            kind=NoticeKind.ESCALATED,
            key=f"case_event:{event.pk}",
            params=params,
            path=case_work.path_of(case.pk),
        )
        for person in (chief.pk, *stand_ins)
        if person not in known
    ]
    tell_many(tellings, now=event.at)


def tell_assignee(case: Case, event: CaseEvent) -> None:
    """Whoever has the case now hears of it, unless they took it themselves."""
    if case.assignee is not None and case.assignee != event.by:
        tell(
            person=case.assignee,
            kind=NoticeKind.CASE_ASSIGNED,
            key=f"case_event:{event.pk}",
            params={"by": event.by.name, "number": case.pk},
            path=case_work.path_of(case.pk),
            now=event.at,
        )
