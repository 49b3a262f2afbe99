"""A deposit while the lead is handed over, released or ruled on: both orders are forced (C04).

The one who comes second begins while the first has done all of its work and has not committed.
Whose the deal is has to be whose the lead was at that commit. The guard is the lock on the
customer; the control takes it away.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from core.refusals import Refused
from customers.models import Customer
from filings import services
from filings.models import Deal, Filing, FilingEvent
from filings.queries import protecting
from filings.rules.parties import Judgment
from filings.services import Sale, entering, judging, settling
from filings.services.contesting import contest
from filings.states import DisputeKind, DisputeState, EventKind
from filings.verification import credit_differences, filing_differences, ruling_differences
from tests.filings.filed import filed, people
from tests.filings.held import file
from tests.racing import one_upon_the_other

pytestmark = pytest.mark.django_db(transaction=True)


class Lead:
    """A lead that somebody of the store holds, a guest who sells, and what happens to it."""

    def __init__(self) -> None:
        self.who = people()
        self.filing = filed(self.who["store"], now=timezone.now() - timedelta(days=2))
        self.closer = self.who["other"]

    def deposit(self):
        sale = Sale(
            customer=self.filing.customer, project=self.filing.project, closer=self.closer,
            store=self.closer.store,
        )  # fmt: skip
        return services.settle(sale, by=self.closer)

    def hand_over(self):
        return services.hand_over(
            filing=Filing.objects.get(pk=self.filing.pk), holder=self.who["colleague"],
            reason="休假", by=self.who["ops"],
        )  # fmt: skip

    def release(self):
        return services.release(
            filing=Filing.objects.get(pk=self.filing.pk), by=self.who["store"], is_manager=False
        )

    def owner(self) -> int:
        """Whose the lead is by what is committed: who protects it, else whoever sells."""
        row = protecting(customer=self.filing.customer_id, now=timezone.now()).first()
        return row.holder_id if row else self.closer.pk

    def credited(self) -> int | None:
        return Deal.objects.get().credited_to_id


def differences() -> list:
    checks = (credit_differences, ruling_differences, filing_differences)
    return [each for check in checks for each in check()]


@pytest.mark.parametrize(
    ("act", "after_deposit"), [("hand_over", ()), ("release", ("sold_already",))]
)
@pytest.mark.parametrize("is_deposit_first", [True, False])
def test_the_credit_is_whose_the_lead_was_when_the_deposit_was_committed(
    act, after_deposit, is_deposit_first
):
    lead = Lead()
    before = lead.owner()
    other = getattr(lead, act)
    acts = (lead.deposit, other) if is_deposit_first else (other, lead.deposit)
    came = one_upon_the_other(*acts, look=lead.owner)
    assert came.has_waited
    assert not isinstance(came.first, Refused)
    assert getattr(came.second, "codes", ()) == (after_deposit if is_deposit_first else ())
    if is_deposit_first:
        assert lead.credited() == came.before_commit == before
    else:
        assert lead.credited() == lead.owner() != before
    assert differences() == []


def read(pk, *, nowait=False):
    """The customer, whom nobody holds."""
    return Customer.objects.select_related("store", "owner").get(pk=pk)


@pytest.fixture
def without_the_lock(monkeypatch):
    monkeypatch.setattr(settling, "hold_customer", read)
    monkeypatch.setattr(entering, "hold_customer", read)


@pytest.mark.usefixtures("without_the_lock")
@pytest.mark.parametrize("act", ["hand_over", "release"])
def test_the_control_without_the_lock_the_credit_is_whose_the_lead_is_no_more(act):
    lead = Lead()
    before = lead.owner()
    came = one_upon_the_other(lead.deposit, getattr(lead, act), look=lead.owner)
    assert not came.has_waited
    assert lead.credited() == before != came.before_commit


@pytest.mark.usefixtures("without_the_lock")
def test_the_control_in_the_other_order_the_credit_is_whose_the_lead_had_been():
    lead = Lead()
    before = lead.owner()
    came = one_upon_the_other(lead.hand_over, lead.deposit)
    assert not came.has_waited
    handed_over, dealt = (
        FilingEvent.objects.get(kind=kind) for kind in (EventKind.HANDED_OVER, EventKind.DEALT)
    )
    assert handed_over.at < dealt.at
    assert lead.credited() == before != lead.owner()


class Contest(Lead):
    """Somebody was refused as the later one, contests it, and operations give it to them."""

    def __init__(self) -> None:
        super().__init__()
        later = timezone.now() - timedelta(days=1)
        refused = file(self.filing.customer, self.who["colleague"], now=later)
        assert refused.invalid
        self.dispute = contest(
            customer=self.filing.customer, reason="客户先由我接待", by=self.who["colleague"]
        )
        self.dispute.refresh_from_db()
        assert self.dispute.kind == DisputeKind.CONTESTED

    def rule(self):
        judgment = Judgment(
            owner=self.who["colleague"].pk, clauses=("FIL-11",), text="首次接触为她"
        )
        return judging.decide_dispute(
            dispute=self.dispute, judgment=judgment, seen=self.dispute.version,
            by=self.who["ops"],
        )  # fmt: skip


def test_a_deposit_that_waits_for_the_ruling_goes_where_the_ruling_says():
    lead = Contest()
    came = one_upon_the_other(lead.rule, lead.deposit)
    assert came.has_waited
    assert lead.credited() == lead.owner() == lead.who["colleague"].pk
    assert differences() == []


def test_a_ruling_that_waits_for_the_deposit_is_not_made_of_what_it_has_not_seen():
    lead = Contest()
    came = one_upon_the_other(lead.deposit, lead.rule)
    assert came.has_waited
    assert came.second.codes == ("changed_meanwhile",)
    assert lead.credited() is None  # and nobody has it until operations have seen the deposit
    lead.dispute.refresh_from_db()
    assert (lead.dispute.deal, lead.dispute.state) == (Deal.objects.get(), DisputeState.OPEN)
    lead.rule()
    assert lead.credited() == lead.who["colleague"].pk
    assert differences() == []


@pytest.mark.usefixtures("without_the_lock")
def test_the_control_without_the_lock_only_the_chain_of_rulings_stops_the_deposit():
    """It has not seen the ruling, and would write a first one of its own."""
    lead = Contest()
    with pytest.raises(IntegrityError, match="one_first_ruling_a_project"):
        one_upon_the_other(lead.rule, lead.deposit)
    assert not Deal.objects.exists()
