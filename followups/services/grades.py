"""Grades as they touch the work with a customer: the cadence follows, and D has no tasks."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.refusals import refuse_if
from customers import services as customers
from customers.models import Customer, GradeProposal
from customers.services import GradeNotChanged
from customers.states import Grade, ProposalState
from filings import services as filings
from followups.queries.giving_up import giving_up_blockers
from followups.services import engine, next_steps
from followups.services.giving_up import release_filings
from followups.services.holding import hold, hold_one
from staff.models import Person
from staff.scope import REASSIGNING_ROLES


@transaction.atomic
def regrade(
    *,
    customer: Customer,
    grade: Grade | str,
    by: Person,
    now: datetime,
    reason: str = "",
    keeps_filing: bool = False,
) -> None:
    """Give another grade; the cadence follows, and D has no tasks (GRD-08, GRD-09).

    D releases what `by` has filed, too, unless `keeps_filing`: then it lapses by itself
    (decision 14). Raises GradeNotChanged.
    """
    customer = hold_one(customer)
    if customer.grade == grade:
        return

    if grade == Grade.D:
        refuse_if(GradeNotChanged, giving_up_blockers(customer, by=by, now=now))
    customers.regrade(customer=customer, grade=grade, by=by, now=now, reason=reason)
    if grade == Grade.D:
        next_steps.drop_prospect_work(customer=customer, by=by, now=now)
        release_filings(customer=customer, by=by, now=now, keeps=keeps_filing)
    engine.touch_and_ask(customers=[customer.pk], now=now)
    customers.propose_grades(customers=[customer.pk], now=now)


@transaction.atomic
def undo_regrade(*, customer: Customer, by: Person, now: datetime) -> Grade:
    """Take the last change of grade back within ten minutes; next steps that D cancelled are open
    again (decision 14). Returns the grade that holds again. Raises GradeNotChanged.
    """
    customer = hold_one(customer)
    is_manager = by.role in REASSIGNING_ROLES
    change = customers.change_to_undo(customer, by=by, is_manager=is_manager, now=now)

    customers.regrade(
        customer=customer, grade=change.before, by=by, now=now, reason=_("Taken back.")
    )
    if change.after == Grade.D:
        next_steps.take_up_prospect_work(customer=customer, dropped_at=change.at)
        filings.resume_all(
            customer=customer, released_at=change.at, released_by=change.by, by=by, now=now
        )
    if change.before == Grade.D:
        next_steps.drop_prospect_work(customer=customer, by=by, now=now)
    engine.touch_and_ask(customers=[customer.pk], now=now)
    customers.propose_grades(customers=[customer.pk], now=now)
    return Grade(change.before)


@transaction.atomic
def confirm_proposal(
    *,
    proposal: GradeProposal,
    reason: str,
    by: Person,
    now: datetime,
    keeps_filing: bool = False,
) -> None:
    """Give the grade that the rules propose; refused if somebody answered meanwhile.

    Raises GradeNotChanged.
    """
    customer = hold_one(proposal.customer)
    waiting = GradeProposal.objects.filter(
        pk=proposal.pk, state=ProposalState.OPEN, before=customer.grade, after=proposal.after
    )
    if not waiting.exists():
        raise GradeNotChanged.because("proposal_is_decided")

    regrade(
        customer=customer,
        grade=proposal.after,
        by=by,
        now=now,
        reason=reason,
        keeps_filing=keeps_filing,
    )


@transaction.atomic
def confirm_proposals(
    *,
    proposals: Iterable[GradeProposal],
    reason: str,
    by: Person,
    now: datetime,
    keeps_filing: bool = False,
) -> int:
    """Give several customers the one grade that is proposed to all of them; all or none.

    Returns how many. Raises GradeNotChanged.
    """
    found = sorted(proposals, key=lambda proposal: proposal.customer_id)
    if len({proposal.after for proposal in found}) > 1:
        raise GradeNotChanged.because("several_grades")
    hold([proposal.customer_id for proposal in found])  # all at once, so that nobody crosses
    for proposal in found:
        confirm_proposal(
            proposal=proposal, reason=reason, by=by, now=now, keeps_filing=keeps_filing
        )
    return len(found)
