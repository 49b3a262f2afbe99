"""Whether the rules' proposals stand as the pure rule says (`customers.rules.proposed_grade`).

The facts are worked out anew here, in Python from the rows themselves: the statement by which
proposals are made (`customers.queries.grading`) is not believed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Max, Model, QuerySet
from django.utils import timezone

from core.verification import Difference, id_batches
from customers import rules
from customers.models import (
    Arrival,
    Contact,
    Customer,
    CustomerPhone,
    GradeChange,
    GradeProposal,
    Interest,
    Lead,
    OwnedProduct,
    Parameters,
)
from customers.queries.grading import NOT_BOUGHT, figures_of
from customers.queries.parameters import parameters
from customers.rules import Bought, GradeFacts, Silence, Ticks
from customers.states import GOES_ON, Channel, Grade, NextKind, Outcome, ProposalState

VISITS = frozenset({Channel.STORE_VISIT, Channel.HOME_VISIT, Channel.MEASURING})
Answered = set[tuple[int, str, str]]


def grade_proposal_differences(*, now: datetime) -> Iterator[Difference]:
    """Every proposal that the rules make and nobody has answered waits, and no other.

    The round over everybody runs once a day: what today alone brings about may still be coming.
    """
    in_force = parameters(timezone.localdate(now))
    for ids in id_batches(Customer.objects.filter(merged_into=None)):
        yield from _differences_of(ids, in_force, now)


def _differences_of(
    ids: Sequence[int], in_force: Parameters, now: datetime
) -> Iterator[Difference]:
    waiting = {
        row.customer_id: (row.before, row.after, row.because, row.basis)
        for row in GradeProposal.objects.filter(customer__in=ids, state=ProposalState.OPEN)
    }
    facts = facts_in_python(ids, in_force)
    today = timezone.localdate(now)
    expected = _expected(facts, in_force, today)
    before = _expected(facts, in_force, today - timedelta(days=1))
    for customer in sorted(waiting.keys() | expected.keys()):
        stored, wanted = waiting.get(customer), expected.get(customer)
        if stored not in (wanted, before.get(customer)):
            yield Difference(
                check="grade_proposal",
                where={"customer": customer},
                stored=stored and " ".join(stored),
                expected=wanted and " ".join(wanted),
            )


def _expected(
    facts: Mapping[int, tuple[Grade, GradeFacts]], in_force: Parameters, today: date
) -> dict[int, tuple[str, str, str, str]]:
    """What the rule proposes on this day and nobody has answered, by customer."""
    answered = GradeProposal.objects.filter(
        customer__in=list(facts), state__in=[ProposalState.CONFIRMED, ProposalState.DECLINED]
    )
    spent = set(answered.values_list("customer", "after", "basis"))
    found = {}
    for customer_id, (grade, known) in facts.items():
        proposal = rules.proposed_grade(
            grade=grade, facts=known, today=today, figures=figures_of(in_force)
        )
        if proposal and (customer_id, proposal.grade, proposal.basis) not in spent:
            after, because = str(proposal.grade), str(proposal.because)
            found[customer_id] = (str(grade), after, because, proposal.basis)
    return found


def facts_in_python(
    ids: Sequence[int], in_force: Parameters
) -> dict[int, tuple[Grade, GradeFacts]]:
    """Grade and facts of these customers, row by row; merged cards are left out."""
    contacts = _by_customer(
        Contact.objects.filter(customer__in=ids, voided_at=None).order_by("-occurred_at", "-pk")
    )
    products = _by_customer(OwnedProduct.objects.filter(customer__in=ids))
    graded_at = _latest(GradeChange.objects.filter(customer__in=ids), "at")
    arrived_at = _latest(Arrival.objects.filter(customer__in=ids), "at")
    asked_at = _latest(Lead.objects.filter(customer__in=ids), "received_at")
    reachable = CustomerPhone.objects.filter(customer__in=ids, is_placeholder=False)
    with_number = set(reachable.values_list("customer", flat=True))
    looked = set(Interest.objects.filter(customer__in=ids).values_list("customer", flat=True))
    facts = {}
    for customer in Customer.objects.filter(pk__in=ids, merged_into=None).order_by("pk"):
        told = contacts[customer.pk]
        effective = [contact for contact in told if contact.is_effective]
        came = [at[customer.pk] for at in (arrived_at, asked_at) if customer.pk in at]
        facts[customer.pk] = (
            Grade(customer.grade),
            GradeFacts(
                graded_at=graded_at.get(customer.pk, customer.registered_at),
                bought=_bought(products[customer.pk]),
                silent=_silent(effective),
                unreached=_unreached(told, within=timedelta(days=in_force.unreached_days)),
                ticks=Ticks(
                    spent_time=_has_spent_time(effective),
                    gave_data=customer.pk in with_number,
                    showed_interest=bool(customer.need) or customer.pk in looked,
                ),
                heard_at=max(
                    (contact.logged_at for contact in effective if not contact.is_imported),
                    default=None,
                ),
                came_at=max(came, default=None),
                visited_at=_visited_at(told),
            ),
        )
    return facts


def _by_customer(rows: QuerySet) -> defaultdict[int, list]:
    found: defaultdict[int, list[Model]] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(row)
    return found


def _latest(rows: QuerySet, field: str) -> dict[int, datetime]:
    latest = rows.order_by().values("customer").annotate(latest=Max(field))
    return dict(latest.values_list("customer", "latest"))


def _has_spent_time(effective: Sequence[Contact]) -> bool:
    return len(effective) > 1 or any(contact.channel in VISITS for contact in effective)


def _visited_at(told: Sequence[Contact]) -> datetime | None:
    visits = (
        contact.logged_at
        for contact in told
        if contact.reached and contact.channel == Channel.STORE_VISIT
    )
    return max(visits, default=None)


def _bought(products: Sequence[OwnedProduct]) -> Bought | None:
    days: list[date] = []
    noted: list[datetime] = []
    for product in products:
        on = product.delivered_on or product.purchased_on
        if on is None or product.gone_reason in NOT_BOUGHT:
            continue
        days.append(on)
        noted += filter(None, [product.purchased_noted_at, product.delivered_noted_at])
    return Bought(last_on=max(days), noted_at=max(noted)) if days else None


def _is_silent(contact: Contact) -> bool:
    return contact.next_kind == NextKind.NONE and contact.none_reason not in GOES_ON


def _silent(effective: Sequence[Contact]) -> Silence | None:
    """The latest effective contacts, newest first, up to one with a next step."""
    run = []
    for contact in effective:
        if not _is_silent(contact):
            break
        run.append(contact)
    if not run:
        return None
    noted_at = max(contact.logged_at for contact in run)
    return Silence(count=len(run), contact_id=run[0].pk, noted_at=noted_at)


def _unreached(told: Sequence[Contact], *, within: timedelta) -> Silence | None:
    """The attempts in vain since somebody answered, as far as they lie close to the last one."""
    tries, reached_id = [], 0
    for contact in told:
        if contact.reached:
            reached_id = contact.pk
            break
        if contact.outcome != Outcome.SENT and contact.channel in rules.EFFECTIVE_CHANNELS:
            tries.append(contact)
    if not tries:
        return None
    first = tries[0].occurred_at - within
    close = [contact for contact in tries if contact.occurred_at > first]
    noted_at = max(contact.logged_at for contact in tries)
    return Silence(count=len(close), contact_id=reached_id, noted_at=noted_at)
