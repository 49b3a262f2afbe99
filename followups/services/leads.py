"""An inquiry is a call: of who accepted it, or of the keeper whose customer asked again."""

from datetime import datetime

from customers.models import Customer
from customers.queries.dispatching import opening_of
from customers.queries.parameters import parameters
from customers.rules.leads import lapses_at
from customers.services import propose_grades
from followups import rules
from followups.models import Obligation, Step
from followups.services import engine
from followups.services.holding import hold_one
from followups.states import Anchor, Way
from staff.leaders import leader_of
from staff.models import Person


def open_lead_call(
    *, customer: Customer, lead_id: int, assignee: Person | None, now: datetime, need: str = ""
) -> Obligation:
    """Make answering the inquiry a task: today, or on the day the store opens next.

    Of the assignee while they work here, else of the customer's keeper, else of who leads the
    store: a customer who asks is nobody's never. Asked twice, made once.
    """
    customer = hold_one(customer)
    store = customer.store
    minutes = parameters(store.today(now)).response_minutes
    limit = lapses_at(offered_at=now, minutes=minutes, opening=opening_of(store))
    day = store.today(limit)
    obligation, _is_new = Obligation.objects.get_or_create(
        step=Step.objects.get(anchor=Anchor.LEAD),
        subject_id=customer.pk,
        occurrence=lead_id,
        defaults={
            "customer": customer,
            "assignee": _who(customer, assignee),
            "due_on": day,
            "due_at": rules.end_of_day(day, store.tzinfo),
            "shown_on": store.today(now),
            "way": Way.CALL,
            "text": need[:200],
        },
    )
    engine.touch_and_ask(customers=[customer.pk], now=now)
    # Whoever asks again is ready: C becomes A, and whom we gave up comes back (GRD-05, GRD-08).
    propose_grades(customers=[customer.pk], now=now)
    return obligation


def _who(customer: Customer, assignee: Person | None) -> Person | None:
    for person in (assignee, customer.owner):
        if person is not None and person.is_active:
            return person
    return leader_of(customer.store)
