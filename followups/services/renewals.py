"""What becomes of an insurance, as the owner says it in a call (AFT-10)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet

from customers import services as customers
from customers.models import Contact, OwnedProduct, ProductEvent
from customers.services import Happening
from customers.states import ProductEventKind
from followups.models import Obligation
from followups.services import engine, next_steps, products, tasks
from followups.states import WAITING, Anchor, Cause, Renewal, State
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class RenewalSaid:
    """What becomes of an insurance; `until` is the end of the new one."""

    product: OwnedProduct
    answer: Renewal
    until: date | None = None
    insurer: str = ""


def answer_renewal(
    said: RenewalSaid, *, contact: Contact, by: Person, now: datetime, key: UUID
) -> None:
    """Whatever the answer, the open reminders are answered; a renewal moves the end on (M03).

    What stands on a list already is done by this contact, whoever has it; what was still to come
    is needless. Raises EventNotRecorded.
    """
    waiting = _reminders(said.product).filter(state__in=WAITING)
    today = contact.customer.store.today(now)
    at_hand = waiting.filter(state=State.OPEN, shown_on__lte=today)
    tasks.close_some(list(at_hand.order_by("pk")), contact=contact, by=by, now=now)
    waiting.update(state=State.CANCELLED, cause=Cause.ANSWERED, closed_at=now, task=None)
    if said.answer == Renewal.RENEWED:
        told = Happening(
            kind=ProductEventKind.RENEWAL,
            on=contact.customer.store.today(contact.occurred_at),
            insured_until=said.until,
            insurer=said.insurer,
        )
        products.record_product_event(
            product=said.product, told=told, by=by, now=now, key=uuid5(key, "renewal")
        )
    engine.touch_and_ask(customers=[said.product.customer_id], now=now)


def _reminders(product: OwnedProduct) -> QuerySet[Obligation]:
    return Obligation.objects.filter(step__anchor=Anchor.INSURANCE, subject_id=product.pk)


def take_back_renewals(contact: Contact, *, reason: str, by: Person, now: datetime) -> int:
    """The contact is void: so are the renewals it brought, and the reminders it made needless are
    open again, as are those it closed with their tasks. Answers with how many renewals were voided.
    """
    owned = OwnedProduct.objects.filter(customer=contact.customer)
    answered = Obligation.objects.filter(
        step__anchor=Anchor.INSURANCE,
        subject_id__in=owned.values("pk"),
        cause=Cause.ANSWERED,
        closed_at=contact.logged_at,
    )
    answered.update(state=next_steps.standing_state(contact.customer), cause="", closed_at=None)
    events = ProductEvent.objects.select_related("product").filter(
        product__in=owned,
        kind=ProductEventKind.RENEWAL,
        noted_at=contact.logged_at,
        noted_by=contact.by_id,
        voided_at=None,
    )
    for event in events:
        customers.void_event(event=event, reason=reason, by=by, now=now)
    return len(events)
