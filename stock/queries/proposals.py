"""Proposals: whose one reads, who decides, and what came of them (MER-13)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BooleanField, Case, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from staff.models import Person, Store
from staff.scope import STOCK_DECIDING_ROLES, STOCK_ROLES, Reach
from staff.states import Role
from stock.models import DaySum, Proposal, Style
from stock.queries.visible import in_reach, reads_own_store
from stock.rules.turnover import Turnover, turnover
from stock.states import Kind, ProposalKind, ProposalState

# A store manager asks for the own store; merchandisers propose for all.
PROPOSING_ROLES = STOCK_ROLES | {Role.STORE_MANAGER}
PROPOSAL_READERS = PROPOSING_ROLES | STOCK_DECIDING_ROLES | {Role.MARKETING_MANAGER}
if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Told(TypedDict):
        is_told: bool

    ReadProposal = WithAnnotations[Proposal, _Told]
else:
    ReadProposal = Proposal

# Three weeks before against three weeks after.
SPAN = timedelta(days=21)


def visible_proposals(reach: Reach) -> QuerySet[ReadProposal]:
    """All of them; a store's manager those that concern the own store or all stores.

    `is_told`: whether the figures of its place are within reach, too.
    """
    rows = Proposal.objects.select_related(
        "style__brand", "office", "from_office", "proposed_by", "decided_by"
    )
    if not reads_own_store(reach):
        return rows.annotate(is_told=Value(True))
    own = in_reach(reach)
    concerns = own | in_reach(reach, field="from_office") | Q(office=None, from_office=None)
    return rows.filter(concerns).annotate(
        is_told=Case(When(own, then=True), default=False, output_field=BooleanField())
    )


def decides(role: Role, kind: ProposalKind | str) -> bool:
    """Operations decide everything, merchandisers what costs no price."""
    if role in STOCK_DECIDING_ROLES:
        return True
    return role in STOCK_ROLES and kind != ProposalKind.MARK_DOWN


def may_decide(proposal: Proposal, *, person: Person, role: Role) -> bool:
    """Whoever `decides` about this kind, while it is open; nobody about the own."""
    is_open = proposal.state == ProposalState.OPEN
    return is_open and proposal.proposed_by_id != person.pk and decides(role, proposal.kind)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an approved proposal: three weeks before `since` against the days after it.

    `arrived` pairs came by order or transfer, `left` went from the office that gives; `stock` is
    what lies there now. Until `is_whole` the three weeks after are still running.
    """

    since: date
    until: date
    is_whole: bool
    arrived: int
    left: int
    before: Turnover
    after: Turnover
    stock: int


def _days(proposal: Proposal) -> date:
    decided = timezone.localdate(proposal.decided_at) if proposal.decided_at else proposal.as_of
    return proposal.from_on or decided


def outcome_of(proposal: Proposal, *, today: date) -> Outcome:
    """Read from the kept sums of the ledger. One query; a transfer asks a second."""
    since = _days(proposal)
    until = min(today, since + SPAN - timedelta(days=1))
    here = Q(style=proposal.style_id)
    if proposal.office_id:
        here &= Q(office=proposal.office_id)
    sums = DaySum.objects.filter(here, on__lte=today)
    days = sums.values_list("on", "kind").annotate(pairs=Sum("quantity")).order_by("on")
    rows = [(on, Kind(kind), pairs) for on, kind, pairs in days]
    came = {
        ProposalKind.REORDER: (Kind.PURCHASE,),
        ProposalKind.TRANSFER: (Kind.TRANSFER_IN,),
    }.get(ProposalKind(proposal.kind), ())
    return Outcome(
        since=since,
        until=until,
        is_whole=today >= since + SPAN,
        arrived=sum(pairs for on, kind, pairs in rows if kind in came and on >= since),
        left=_left(proposal, since=since, until=today),
        before=turnover(rows, since=since - SPAN, until=since - timedelta(days=1)),
        after=turnover(rows, since=since, until=until),
        stock=turnover(rows, since=today, until=today).closing,
    )


def _left(proposal: Proposal, *, since: date, until: date) -> int:
    """The pairs that left the office which gives, since the transfer was approved."""
    if not proposal.from_office_id:
        return 0
    gone = DaySum.objects.filter(
        style=proposal.style_id, office=proposal.from_office_id, kind=Kind.TRANSFER_OUT,
        on__range=(since, until),
    )  # fmt: skip
    return gone.aggregate(pairs=Sum("quantity"))["pairs"] or 0


def approved_lately(
    reach: Reach, *, style: Style, kind: ProposalKind, office: Store | None
) -> ReadProposal | None:
    """What was approved for this place in the last weeks, whose pairs may not have come yet."""
    since = timezone.now() - SPAN
    rows = visible_proposals(reach).filter(
        style=style, kind=kind, office=office, state=ProposalState.APPROVED, decided_at__gte=since
    )
    return rows.order_by("-decided_at").first()
