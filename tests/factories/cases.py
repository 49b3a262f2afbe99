"""Service cases, opened as everywhere by the service."""

from datetime import datetime

from followups.models import Case, Obligation
from followups.services import open_case
from followups.states import Anchor, CaseChannel, CaseKind
from staff.models import Person, Store
from staff.states import DutyKind, Role
from tests.factories.customers import NOW, CustomerFactory
from tests.factories.staff import DutyFactory, PersonFactory


def opened(customer=None, *, kind: str = CaseKind.PROBLEM, now: datetime = NOW, **said) -> Case:
    """A case of the customer, opened by the keeper on the phone unless told."""
    customer = customer or CustomerFactory()
    return open_case(
        customer=customer,
        kind=kind,
        channel=said.pop("channel", CaseChannel.CALL),
        text=said.pop("text", "桌脚松动"),
        by=said.pop("by", None) or customer.owner,
        now=now,
        **said,
    )


def work_of(case: Case) -> Obligation:
    """The latest work that this case is."""
    return Obligation.objects.filter(step__anchor=Anchor.CASE, subject_id=case.pk).latest(
        "occurrence"
    )


def leader(store: Store, **said) -> Person:
    """Who leads this store."""
    return PersonFactory(role=Role.STORE_MANAGER, store=store, **said)


def service_lead(store: Store, **said) -> Person:
    """A salesperson of this store who leads its service."""
    person = PersonFactory(role=Role.SALES_STORE, store=store, **said)
    DutyFactory(person=person, kind=DutyKind.SERVICE_LEAD, store=store)
    return person
