"""A signature while the lead is handed over or released: both orders are forced (C04).

The one who comes second begins while the first has done all of its work and has not committed; the
credit is whose the lead was at that commit. The guard is the lock on the customer; the control
takes it away.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.refusals import Refused
from customers.models import Customer
from filings import services as filings
from filings.models import Deal, Filing
from filings.queries import protecting
from filings.services import entering, settling
from orders.models import Order
from orders.services import signing
from orders.services.signing import Signature, sign_order
from staff.states import Role
from tests.factories.staff import PersonFactory
from tests.orders.stage import customer_of, filed, stage
from tests.orders.test_ordering import place
from tests.racing import one_upon_the_other

pytestmark = pytest.mark.django_db(transaction=True)


class Lead:
    """A lead that the filer holds, and a colleague's order that the customer signs."""

    def __init__(self) -> None:
        self.cast = stage()
        at = timezone.now() - timedelta(days=1)
        self.filing = filed(customer_of(self.cast.filer, now=at), self.cast.filer, now=None)
        self.colleague = PersonFactory(store=self.cast.store, role=Role.SALES_STORE)
        self.order = place(self.cast.closer, now=None)

    def sign(self):
        signature = Signature(on=self.order.ordered_on)
        return sign_order(
            order=self.order, signature=signature, by=self.cast.closer, key=uuid4(),
            expected="filer",
        )  # fmt: skip

    def hand_over(self):
        return filings.hand_over(
            filing=Filing.objects.get(pk=self.filing.pk), holder=self.colleague, reason="休假",
            by=self.cast.manager,
        )  # fmt: skip

    def release(self):
        return filings.release(
            filing=Filing.objects.get(pk=self.filing.pk), by=self.cast.filer, is_manager=False
        )

    def owner(self) -> int:
        """Whose the lead is by what is committed: who protects it, else whoever sells."""
        row = protecting(customer=self.filing.customer_id, now=timezone.now()).first()
        return row.holder_id if row else self.cast.closer.pk


@pytest.mark.parametrize("is_signed_first", [True, False])
def test_the_credit_is_whose_the_lead_was_when_the_signature_was_committed(is_signed_first):
    lead = Lead()
    acts = (lead.sign, lead.hand_over) if is_signed_first else (lead.hand_over, lead.sign)
    came = one_upon_the_other(*acts)
    assert came.has_waited
    assert not isinstance(came.first, Refused)
    assert not isinstance(came.second, Refused)
    holder = lead.cast.filer if is_signed_first else lead.colleague
    assert Deal.objects.get().credited_to == holder


def test_what_was_read_before_the_release_is_no_answer_after_it():
    lead = Lead()
    came = one_upon_the_other(lead.release, lead.sign)
    assert came.has_waited
    assert getattr(came.second, "codes", ()) == ("look_first",)
    assert not Deal.objects.exists()
    assert Order.objects.get().signed_on is None


def _customer(pk, *, nowait=False):
    return Customer.objects.select_related("store", "owner").get(pk=pk)


def _order(order):
    return Order.objects.select_related("store", "customer__store").get(pk=order.pk)


def test_the_control_without_the_lock_the_credit_is_whose_the_lead_had_been(monkeypatch):
    lead = Lead()
    for module in (settling, entering):
        monkeypatch.setattr(module, "hold_customer", _customer)
    monkeypatch.setattr(signing, "hold_order", _order)
    monkeypatch.setattr(signing.followups, "touch_and_ask", lambda **_asked: None)
    came = one_upon_the_other(lead.hand_over, lead.sign)
    assert not came.has_waited
    assert Deal.objects.get().credited_to == lead.cast.filer
    assert lead.owner() == lead.colleague.pk
