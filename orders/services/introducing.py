"""Designers who introduce customers, and the orders that follow from it (ORD-18, forms 2.12)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from customers.models import Customer, Designer
from followups import services as followups
from orders.models import CommissionEntry, Introduction, Order
from orders.rules.commission import agreed_rates, introduction_blockers
from orders.services.history import note
from orders.services.holding import hold_order
from orders.states import EventKind, OrderState
from staff.models import Person
from staff.scope import RELEASING_ROLES

# Until the customer has confirmed it, whoever writes an order says which designer it is owed to.
EARLY = (OrderState.RECEIVED, OrderState.CHECKED)


class NotIntroduced(Refused):
    """An introduction was not written, or no designer named on an order."""

    messages = {
        "designer_is_gone": _("This designer no longer works with us."),
        "introduced_in_future": _("This day lies in the future. Record it when it has happened."),
        "no_agreement": _(
            "There is no signed agreement with this designer yet. Write its day on their page "
            "first."
        ),
        "before_agreement": _("The agreement holds from %(on)s on: this day lies before it."),
        "after_agreement": _("The agreement held until %(on)s: this day lies after it."),
        "introduced_already": _("This designer has introduced this customer on %(on)s already."),
        "after_order": _(
            "This designer introduced the customer on %(on)s, after the order was placed. No "
            "commission follows from it."
        ),
        "named_already": _("%(designer)s is named on this order already."),
        "paid_already": _(
            "Commission of this order was paid or clawed back already: its designer stays."
        ),
        "manager_names": _(
            "The customer has confirmed this order. A manager names its designer by now."
        ),
    }


@transaction.atomic
def introduce(
    *,
    designer: Designer,
    customer: Customer,
    on: date,
    by: Person,
    key: UUID,
    now: datetime | None = None,
) -> Introduction:
    """Write down that a designer brought a customer, with the rates of the agreement on that day.

    `key` is the form's own id: sent twice, the same introduction comes back. Raises NotIntroduced.
    """
    content = f"{designer.pk}\n{customer.pk}\n{on}"
    with once(key=key, purpose="introduction", by=by, content=content) as form:
        if form.result_id:
            return Introduction.objects.get(pk=form.result_id)
        held = followups.hold_one(customer)
        at = now or database_now()
        before = Introduction.objects.filter(designer=designer, customer=held).first()
        if before is not None:
            raise NotIntroduced.because("introduced_already", on=before.introduced_on.isoformat())
        introduction = _write(designer, held, on=on, by=by, at=at)
        form.result_id = introduction.pk
    return introduction


def _write(
    designer: Designer, customer: Customer, *, on: date, by: Person, at: datetime
) -> Introduction:
    """The introduction, if the agreement holds that day; a card without a designer names them."""
    refuse_if(
        NotIntroduced,
        introduction_blockers(
            on=on,
            today=customer.store.today(at),
            signed_on=designer.signed_on,
            valid_until=designer.valid_until,
            is_active=designer.is_active,
        ),
    )
    rates = agreed_rates(furniture=designer.furniture_rate, accessories=designer.accessories_rate)
    introduction = Introduction.objects.create(
        designer=designer,
        customer=customer,
        introduced_on=on,
        furniture_rate=rates.furniture,
        accessories_rate=rates.accessories,
        noted_at=at,
        noted_by=by,
    )
    Customer.objects.filter(pk=customer.pk, designer=None).update(designer=designer)
    audit.record(verb="introduce", of=introduction, by=by, customer=customer.pk)
    return introduction


@transaction.atomic
def name_designer(
    *, order: Order, designer: Designer | None, by: Person, now: datetime | None = None
) -> Order:
    """Say to which designer the commission of an order is owed; None for nobody.

    One who has not introduced the customer before does so with the order, on its day. Raises
    NotIntroduced and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    if designer is not None and held.designer_id == designer.pk:
        raise NotIntroduced.because("named_already", designer=designer.name)
    if held.state not in EARLY and by.role not in RELEASING_ROLES:
        raise NotIntroduced.because("manager_names")
    if CommissionEntry.objects.filter(order=held).exists():
        raise NotIntroduced.because("paid_already")
    if designer is not None:
        _introduced_for(held, designer, by=by, at=at)

    before = held.designer_id
    held.designer = designer
    held.save(update_fields=["designer"])
    note(
        held,
        EventKind.DETAILS_CHANGED,
        by=by,
        at=at,
        field="designer",
        was=before,
        designer=designer.name if designer else "",
    )
    return held


def _introduced_for(held: Order, designer: Designer, *, by: Person, at: datetime) -> None:
    """The designer brought this customer no later than the order. Raises NotIntroduced."""
    known = Introduction.objects.filter(designer=designer, customer=held.customer_id).first()
    if known is None:
        _write(designer, held.customer, on=held.ordered_on, by=by, at=at)
    elif known.introduced_on > held.ordered_on:
        raise NotIntroduced.because("after_order", on=known.introduced_on.isoformat())
