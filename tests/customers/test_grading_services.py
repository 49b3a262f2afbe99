"""Proposals of grades: made, followed, withdrawn, answered; the statement held to the rule."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers import services
from customers.models import (
    Arrival,
    Contact,
    Customer,
    GradeChange,
    GradeProposal,
    IntentChange,
    Interest,
    OwnedProduct,
    Parameters,
)
from customers.queries import graded_customers, parameters
from customers.rules import NextStep
from customers.services import GradeNotChanged
from customers.states import (
    Channel,
    GoneReason,
    Grade,
    IntentLevel,
    NextKind,
    NoStepReason,
    Outcome,
    ProposalReason,
    ProposalState,
    Reason,
)
from customers.verifying_grades import facts_in_python, grade_proposal_differences
from tests.factories.customers import NOW, CustomerFactory
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
SILENT = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.NO_NEED)
CARED_FOR = NextStep(kind=NextKind.NONE, none_reason=NoStepReason.CARED_FOR)
AGREED = NextStep(kind=NextKind.CALL, on=TODAY + timedelta(days=90))


def talk(customer, *, day=1, step=SILENT, outcome=Outcome.CONNECTED, channel=Channel.CALL):
    """A contact `day` days after the customer was registered."""
    at = NOW + timedelta(days=day)
    is_reached = outcome in (Outcome.CONNECTED, Outcome.MET, Outcome.REPLIED)
    return services.record_contact(
        customer=customer,
        channel=channel,
        outcome=outcome,
        reason=Reason.PRICE if is_reached else "",
        next_step=step if is_reached else None,
        retry_on=None if is_reached else at.date() + timedelta(days=1),
        by=customer.owner,
        now=at,
        today=at.date(),
    )


def buy(customer, *, on=TODAY, day=1):
    at = NOW + timedelta(days=day)
    return OwnedProduct.objects.create(
        customer=customer, store=customer.store, product="Sofa",
        purchased_on=on, purchased_noted_at=at,
    )  # fmt: skip


def propose(customer, *, day=2):
    services.propose_grades(customers=[customer.pk], now=NOW + timedelta(days=day))
    return GradeProposal.objects.filter(customer=customer, state=ProposalState.OPEN).first()


def test_a_purchase_proposes_b2_and_confirming_it_rests():
    customer = CustomerFactory(grade=Grade.A)
    buy(customer)
    proposal = propose(customer)
    assert (proposal.after, proposal.because) == (Grade.B2, ProposalReason.BOUGHT)
    assert proposal.basis == f"bought:{TODAY.isoformat()}"
    services.regrade(
        customer=customer, grade=Grade.B2, by=customer.owner, now=NOW + timedelta(days=3)
    )
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (ProposalState.CONFIRMED, customer.owner)
    assert propose(customer, day=4) is None


def test_two_contacts_without_a_next_step_propose_d_and_a_third_follows():
    customer = CustomerFactory()
    talk(customer, day=1)
    assert propose(customer) is None
    second = talk(customer, day=2)
    proposal = propose(customer)
    assert (proposal.after, proposal.basis) == (Grade.D, f"contact:{second.pk}")
    third = talk(customer, day=3)
    followed = propose(customer, day=4)
    assert (followed.pk, followed.basis) == (proposal.pk, f"contact:{third.pk}")
    talk(customer, day=5, step=AGREED)
    assert propose(customer, day=6) is None
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (ProposalState.WITHDRAWN, None)


def test_all_well_is_no_sign_of_giving_up():
    customer = CustomerFactory()
    talk(customer, day=1)
    talk(customer, day=2, step=CARED_FOR)
    assert propose(customer) is None


def test_five_attempts_in_three_weeks_propose_d_and_an_answer_ends_it():
    customer = CustomerFactory()
    for day in (1, 2, 3, 20):
        talk(customer, day=day, outcome=Outcome.UNANSWERED)
    assert propose(customer, day=20) is None
    talk(customer, day=21, outcome=Outcome.SWITCHED_OFF)
    assert propose(customer, day=21).because == ProposalReason.UNREACHED
    talk(customer, day=22, step=AGREED)
    assert propose(customer, day=22) is None


def test_attempts_further_apart_than_three_weeks_propose_nothing():
    customer = CustomerFactory()
    for day in (1, 2, 3, 20, 22):
        talk(customer, day=day, outcome=Outcome.UNANSWERED)
    assert propose(customer, day=22) is None


def test_what_was_declined_comes_again_only_on_other_facts():
    customer = CustomerFactory()
    talk(customer, day=1)
    talk(customer, day=2)
    services.decline_proposal(
        proposal=propose(customer), reason="装修明年再看", by=customer.owner, now=NOW
    )
    assert propose(customer, day=3) is None
    talk(customer, day=4)
    assert propose(customer, day=4) is not None


def test_declining_wants_a_reason_and_is_done_once():
    customer = CustomerFactory()
    talk(customer, day=1)
    talk(customer, day=2)
    proposal = propose(customer)
    answer = {"proposal": proposal, "by": customer.owner, "now": NOW}
    with pytest.raises(GradeNotChanged) as refused:
        services.decline_proposal(**answer, reason=" ")
    assert refused.value.codes == ("decline_reason_missing",)
    services.decline_proposal(**answer, reason="再等等")
    with pytest.raises(GradeNotChanged) as refused:
        services.decline_proposal(**answer, reason="再等等")
    assert refused.value.codes == ("proposal_is_decided",)


def test_another_grade_than_the_proposed_one_declines_it():
    customer = CustomerFactory()
    talk(customer, day=1)
    talk(customer, day=2)
    proposal = propose(customer)
    services.regrade(customer=customer, grade=Grade.C2, by=customer.owner, now=NOW, reason="以后")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == (ProposalState.DECLINED, "以后")


def test_nobody_who_has_bought_is_given_up_unless_it_was_a_mistake():
    customer = CustomerFactory()
    product = buy(customer)
    with pytest.raises(GradeNotChanged) as refused:
        services.regrade(customer=customer, grade=Grade.D, by=customer.owner, now=NOW)
    assert refused.value.codes == ("buyer_is_not_given_up",)
    assert GradeChange.objects.count() == 0
    product.gone_on, product.gone_reason = TODAY, GoneReason.MISTAKE
    product.save(update_fields=["gone_on", "gone_reason"])
    services.regrade(customer=customer, grade=Grade.D, by=customer.owner, now=NOW)
    assert GradeChange.objects.get().after == Grade.D


def test_one_open_proposal_a_customer():
    customer = CustomerFactory()
    row = {"customer": customer, "before": "A", "because": "silent", "basis": "x"}
    GradeProposal.objects.create(**row, after="D")
    with pytest.raises(IntegrityError), transaction.atomic():
        GradeProposal.objects.create(**row, after="B2")


def test_intent_is_a_scale_of_its_own():
    customer = CustomerFactory()
    for intent in (IntentLevel.H, IntentLevel.H, IntentLevel.C):
        services.set_intent(customer=customer, intent=intent, by=customer.owner, now=NOW)
    customer.refresh_from_db()
    assert (customer.grade, customer.intent) == (Grade.A, IntentLevel.C)
    changes = IntentChange.objects.order_by("pk").values_list("before", "after")
    assert list(changes) == [("", "H"), ("H", "C")]


def test_the_figures_in_force_are_the_latest_that_have_begun():
    assert parameters(TODAY).b2_months == 12
    Parameters.objects.create(valid_from=TODAY, b2_months=6)
    Parameters.objects.create(valid_from=TODAY + timedelta(days=1), b2_months=3)
    assert parameters(TODAY - timedelta(days=1)).b2_months == 12
    assert parameters(TODAY).b2_months == 6
    assert parameters(TODAY + timedelta(days=9)).b2_months == 3


def test_a_round_over_everybody_makes_what_time_brings():
    customer = CustomerFactory(grade=Grade.B2)
    buy(customer, on=TODAY - timedelta(days=360))
    assert services.propose_grades(customers=None, now=NOW) == 0
    assert services.propose_grades(customers=None, now=NOW + timedelta(days=10)) == 1
    proposal = GradeProposal.objects.get()
    assert (proposal.after, proposal.because) == (Grade.C1, ProposalReason.OWNED_LONG)
    assert services.propose_grades(customers=None, now=NOW + timedelta(days=11)) == 0


def _live(rng: random.Random, customer: Customer) -> None:
    """Some weeks of dealings, late entries and mistakes among them."""
    for day in sorted(rng.sample(range(1, 60), rng.randint(0, 9))):
        outcome, channel = rng.choice([
            (Outcome.CONNECTED, Channel.CALL), (Outcome.MET, Channel.STORE_VISIT),
            (Outcome.MET, Channel.HOME_VISIT), (Outcome.REPLIED, Channel.SMS),
            (Outcome.UNANSWERED, Channel.CALL), (Outcome.UNANSWERED, Channel.CALL),
            (Outcome.NO_REPLY, Channel.WECHAT), (Outcome.SENT, Channel.LETTER),
        ])  # fmt: skip
        contact = talk(
            customer, day=day, outcome=outcome, channel=channel,
            step=rng.choice([SILENT, SILENT, CARED_FOR, AGREED]),
        )  # fmt: skip
        if rng.random() < 0.15:
            Contact.objects.filter(pk=contact.pk).update(
                voided_at=NOW, voided_by=customer.owner, void_reason="误"
            )
        if rng.random() < 0.1:
            grade = rng.choice([Grade.A, Grade.B1, Grade.B2, Grade.C1, Grade.C2])
            if grade != customer.grade:
                services.regrade(
                    customer=customer, grade=grade, by=customer.owner,
                    now=NOW + timedelta(days=day, hours=rng.randint(0, 1)),
                )  # fmt: skip
    if rng.random() < 0.4:
        product = buy(customer, on=TODAY - timedelta(days=rng.randint(0, 500)))
        if rng.random() < 0.3:
            product.gone_on, product.gone_reason = TODAY, rng.choice(GoneReason.values)
            product.save(update_fields=["gone_on", "gone_reason"])
    if rng.random() < 0.2:
        Arrival.objects.create(customer=customer, at=NOW + timedelta(days=rng.randint(0, 40)))
    if rng.random() < 0.3:
        Interest.objects.create(customer=customer, text="床垫", noted_by=customer.owner)


@pytest.mark.parametrize("seed", range(3))
def test_the_statement_says_what_the_rows_say(seed):
    rng = random.Random(seed)
    owner = PersonFactory()
    customers = [
        CustomerFactory(
            owner=owner, grade=rng.choice(Grade.values), need=rng.choice(["", "沙发"]),
            **rng.choice([{}, {"phone": "", "wechat": f"wx{seed}{index}"}]),
        )
        for index in range(25)
    ]  # fmt: skip
    for customer in customers:
        _live(rng, customer)
    ids = [customer.pk for customer in customers]
    in_force = parameters(TODAY)
    by_sql = {
        row.customer_id: (row.grade, row.facts)
        for row in graded_customers(ids, parameters=in_force)
    }
    assert by_sql == facts_in_python(ids, in_force)
    services.propose_grades(customers=None, now=NOW + timedelta(days=61))
    assert GradeProposal.objects.exists()
    assert list(grade_proposal_differences(now=NOW + timedelta(days=61))) == []


def test_verify_finds_a_proposal_too_few_and_one_too_many():
    customer, other = CustomerFactory(), CustomerFactory()
    buy(customer)
    GradeProposal.objects.create(
        customer=other, before="A", after="D", because="silent", basis="contact:1"
    )
    found = list(grade_proposal_differences(now=NOW + timedelta(days=2)))
    assert [(row.where["customer"], bool(row.stored), bool(row.expected)) for row in found] == [
        (customer.pk, False, True),
        (other.pk, True, False),
    ]


@pytest.mark.parametrize("count", [1, 12])
def test_proposing_costs_the_same_for_one_and_for_twelve(count):
    owner = PersonFactory()
    customers = [CustomerFactory(owner=owner) for _index in range(count)]
    for customer in customers:
        buy(customer)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        services.propose_grades(customers=[each.pk for each in customers], now=NOW)
    assert GradeProposal.objects.count() == count
    assert len(queries) == 5
