"""Grades: given with a reason, proposed by the rules, confirmed or declined by a person."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from core.verification import id_batches
from customers import rules
from customers.models import Customer, GradeChange, GradeProposal, IntentChange
from customers.queries.grading import Graded, figures_of, graded_customers, has_bought
from customers.queries.parameters import parameters
from customers.rules import Proposal
from customers.states import Grade, IntentLevel, ProposalState
from staff.models import Person

# One asker at a time goes through everybody; others leave it to that one.
ROUND_LOCK = 7_201_002
DECIDED = (ProposalState.CONFIRMED, ProposalState.DECLINED)


class GradeNotChanged(Refused):
    """A grade, or what the rules propose, could not be changed as asked."""

    messages = {
        "buyer_is_not_given_up": _(
            "This customer has bought: grade D is for those who never did. Choose B2 or C1."
        ),
        "held_by_another": _(
            "A colleague keeps this customer, and their filing holds. Giving the customer up is "
            "theirs, or a manager's."
        ),
        "nothing_to_undo": _("There is no change of grade to take back."),
        "not_yours_to_undo": _("Whoever changed a grade takes it back, or a manager."),
        "undo_too_late": _("Ten minutes have passed since this grade was given. Change it anew."),
        "proposal_is_decided": _("This proposal was answered in the meantime."),
        "decline_reason_missing": _("Say why the grade stays."),
        "several_grades": _("Confirm proposals of one grade at a time."),
    }


@transaction.atomic
def regrade(
    *, customer: Customer, grade: Grade | str, by: Person, now: datetime, reason: str = ""
) -> None:
    """Give the customer another grade and keep what it was (GRD-09); an open proposal is answered
    by it. The caller holds the customer. Raises GradeNotChanged.
    """
    refuse_if(GradeNotChanged, rules.grade_blockers(grade=grade, has_bought=has_bought(customer)))

    GradeChange.objects.create(
        customer=customer, before=customer.grade, after=grade, by=by, at=now, reason=reason
    )
    Customer.objects.filter(pk=customer.pk).update(grade=grade)
    customer.grade = grade
    _answer_proposal(customer, grade, by=by, now=now, reason=reason)


def _answer_proposal(
    customer: Customer, grade: Grade | str, *, by: Person, now: datetime, reason: str
) -> None:
    """The grade given is the one proposed, or another: both answer what the rules proposed."""
    waiting = GradeProposal.objects.filter(customer=customer, state=ProposalState.OPEN)
    for state, answered in (
        (ProposalState.CONFIRMED, waiting.filter(after=grade)),
        (ProposalState.DECLINED, waiting),
    ):
        answered.update(state=state, decided_at=now, decided_by=by, reason=reason[:200])


@transaction.atomic
def decline_proposal(*, proposal: GradeProposal, reason: str, by: Person, now: datetime) -> None:
    """The grade stays, with the reason; on the same facts it is not proposed again (decision 14).

    Raises GradeNotChanged.
    """
    if not reason.strip():
        raise GradeNotChanged.because("decline_reason_missing")
    claimed = GradeProposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN).update(
        state=ProposalState.DECLINED, decided_at=now, decided_by=by, reason=reason.strip()[:200]
    )
    if not claimed:
        raise GradeNotChanged.because("proposal_is_decided")

    audit.record(
        verb="decline_grade", of=proposal, by=by, reason=reason, customer=proposal.customer_id
    )


@transaction.atomic
def set_intent(*, customer: Customer, intent: IntentLevel | str, by: Person, now: datetime) -> None:
    """Note how soon the customer means to buy; a scale of its own beside the grade (GRD-12)."""
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if held.intent == intent:
        return

    IntentChange.objects.create(customer=held, before=held.intent, after=intent, by=by, at=now)
    Customer.objects.filter(pk=held.pk).update(intent=intent)


def change_to_undo(
    customer: Customer, *, by: Person, is_manager: bool, now: datetime
) -> GradeChange:
    """The last change of the grade, which `by` may still take back. Raises GradeNotChanged."""
    last = GradeChange.objects.filter(customer=customer).order_by("-at", "-pk").first()
    if last is None or last.after != customer.grade:  # the last may be a merged card's
        raise GradeNotChanged.because("nothing_to_undo")
    refuse_if(
        GradeNotChanged,
        rules.undo_blockers(
            is_own=last.by_id == by.pk, is_manager=is_manager, changed_at=last.at, now=now
        ),
    )
    return last


def propose_grades(*, customers: Sequence[int] | None, now: datetime) -> int:
    """Propose other grades where the facts speak for them, and withdraw what no longer holds.

    For these customers, as part of the transaction of a caller who holds them, or for everybody,
    batch by batch; a round over everybody that finds another at work does nothing. Returns how many
    proposals were made.
    """
    if customers is not None:
        return _propose(list(customers), now)
    standing = Customer.objects.filter(merged_into=None)
    return sum(_propose_batch(ids, now) for ids in id_batches(standing))


@transaction.atomic
def _propose_batch(ids: Sequence[int], now: datetime) -> int:
    """One batch of the round; whoever is being served is left to the act that serves them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROUND_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    held = Customer.objects.filter(pk__in=ids).order_by("pk")
    free = held.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    return _propose(list(free), now)


def _propose(ids: Sequence[int], now: datetime) -> int:
    wanted = wanted_proposals(ids, now=now)
    standing = GradeProposal.objects.filter(customer__in=ids, state=ProposalState.OPEN)
    left_over = []
    for row in standing:
        graded, proposal = wanted.pop(row.customer_id, (None, None))
        if graded is None or proposal is None:
            left_over.append(row.pk)
        elif _as_row(graded, proposal) != (row.before, row.after, row.because, row.basis):
            _follow(row, graded, proposal)
    if left_over:
        GradeProposal.objects.filter(pk__in=left_over, state=ProposalState.OPEN).update(
            state=ProposalState.WITHDRAWN, decided_at=now
        )
    return len(_open_new(wanted.values(), now))


def wanted_proposals(ids: Sequence[int], *, now: datetime) -> dict[int, tuple[Graded, Proposal]]:
    """What the rules propose for these customers and nobody has answered yet, by customer."""
    today = timezone.localdate(now)
    in_force = parameters(today)
    figures = figures_of(in_force)
    found = {}
    for graded in graded_customers(ids, parameters=in_force):
        proposal = rules.proposed_grade(
            grade=graded.grade, facts=graded.facts, today=today, figures=figures
        )
        if proposal is not None:
            found[graded.customer_id] = (graded, proposal)
    if not found:
        return {}
    answered = GradeProposal.objects.filter(customer__in=found, state__in=DECIDED)
    spent = set(answered.values_list("customer", "after", "basis"))
    return {
        customer: (graded, proposal)
        for customer, (graded, proposal) in found.items()
        if (customer, proposal.grade, proposal.basis) not in spent
    }


def _as_row(graded: Graded, proposal: Proposal) -> tuple[str, str, str, str]:
    return graded.grade, proposal.grade, proposal.because, proposal.basis


def _follow(row: GradeProposal, graded: Graded, proposal: Proposal) -> None:
    """The facts went on while the proposal waited: it keeps its place in the line."""
    names = ("before", "after", "because", "basis")
    values = dict(zip(names, _as_row(graded, proposal), strict=True))
    GradeProposal.objects.filter(pk=row.pk, state=ProposalState.OPEN).update(**values)


def _open_new(wanted: Iterable[tuple[Graded, Proposal]], now: datetime) -> list[GradeProposal]:
    rows = [
        GradeProposal(
            customer_id=graded.customer_id,
            before=graded.grade,
            after=proposal.grade,
            because=proposal.because,
            basis=proposal.basis,
            made_at=now,
        )
        for graded, proposal in wanted
    ]
    return GradeProposal.objects.bulk_create(rows, ignore_conflicts=True)
