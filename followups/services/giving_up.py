"""Grade D gives a customer up: what is filed of them is released, unless it is to lapse itself."""

from datetime import datetime

from customers import rules as customers_rules
from customers import services as customers
from customers.models import Contact, Customer, GradeChange
from customers.queries import has_bought
from customers.states import Grade
from filings import services as filings
from followups.queries.giving_up import whose_filings
from followups.services import next_steps
from staff.models import Person


def release_filings(
    *,
    customer: Customer,
    by: Person,
    now: datetime,
    on_behalf_of: Person | None = None,
    keeps: bool = False,
) -> None:
    """Release what is filed (FIL-34): one's own, by a manager all; nothing where it is kept until
    it lapses (decision 14). The caller holds the customer.
    """
    if keeps:
        return
    holder = whose_filings(by=by, on_behalf_of=on_behalf_of)
    filings.release_all(customer=customer, holder=holder, by=by, now=now)


def give_up(*, contact: Contact, keeps_filing: bool, by: Person, now: datetime) -> None:
    """What a contact that gave grade D ends: the work to win the customer, and what is filed."""
    customer = contact.customer
    next_steps.drop_prospect_work(customer=customer, by=by, now=now)
    release_filings(
        customer=customer,
        by=by,
        on_behalf_of=contact.on_behalf_of,
        now=now,
        keeps=keeps_filing,
    )


def give_back_grade(contact: Contact, *, customer: Customer, by: Person, now: datetime) -> None:
    """The grade that only this contact gave is taken back with it."""
    change = GradeChange.objects.filter(customer=customer).order_by("-at", "-pk").first()
    if change is None or (change.at, change.by_id) != (contact.logged_at, contact.by_id):
        return
    if change.after != customer.grade:
        return  # the change of a card that was merged into this one
    if customers_rules.grade_blockers(grade=change.before, has_bought=has_bought(customer)):
        return
    customers.regrade(
        customer=customer, grade=change.before, by=by, now=now, reason=contact.void_reason
    )
    if change.after == Grade.D:
        next_steps.take_up_prospect_work(customer=customer, dropped_at=contact.logged_at)
        filings.resume_all(
            customer=customer, released_at=change.at, released_by=contact.by, by=by, now=now,
            voids_contact=True,
        )  # fmt: skip
