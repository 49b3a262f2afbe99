"""Whose a sale is by the rules: the one reckoning of the answer before the button and of settling.

Nothing is written here. A customer or a project without a key is one that the deposit would open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from customers.models import Customer, OwnedProduct, Project
from customers.queries import suspected_to_be
from customers.states import GoneReason
from filings import rules
from filings.models import Deal, Dispute, Filing, Policy, Ruling
from filings.queries import book_of, home_region, policy_of, terms_of
from filings.queries.standing import ADMITTED, is_held_elsewhere, purchases_of
from filings.rules import Book, Decision
from filings.rules.book import is_foreign
from filings.rules.events import Dealt
from filings.services.rulings import Ruled, as_ruled, plain, policy_of_project, ruled_by_rules
from filings.states import (
    OPEN_DISPUTES,
    CrossRegionSale,
    CrossState,
    DealKind,
    DisputeKind,
    RulingKind,
)
from staff.models import Person, Region, Store

# Without a delivery on record a purchase runs for so long after its last deposit [EXP]: from the
# first contact to the deal it is one or two months (FUP-25).
LONGEST_PURCHASE = timedelta(days=90)
NOT_BOUGHT = (GoneReason.MISTAKE, GoneReason.RETURNED)


def _as_before(earlier: Deal, *, policy: Policy, facts: Mapping[str, object]) -> Ruled:
    """A further deposit of the same project: what was ruled of the first (FIL-21).

    Where a person has still to decide it waits along; shares are shared alike.
    """
    last = Ruling.objects.filter(deal=earlier).latest("pk")
    return replace(
        as_ruled(last),
        kind=RulingKind.DEPOSIT,
        policy=policy,
        clauses=["FIL-21"],
        statuses={},
        flags=(),
        reasons=[
            {"clause": "FIL-21", "code": "further_deposit", "tone": "decides",
             "at": plain(earlier.at), "filing": earlier.filing_id, "params": {}}
        ],
        facts={**facts, "first_deal": earlier.pk},
        text="",
    )  # fmt: skip


class DealNotMade(Refused):
    """A deposit could not settle a lead, or a deal not be undone."""

    messages = {
        "other_region": _(
            "This customer belongs to another region (%(region)s). Ask your manager to take this "
            "order."
        ),
        "undone_already": _("This deposit has been returned already."),
        "reason_missing": _("Say why the deposit goes back."),
        "store_missing": _("Whoever takes a deposit works in a store or a team."),
    }


@dataclass(frozen=True, kw_only=True)
class Sale:
    """What is sold, as far as leads are concerned.

    `suspects` are the cards of which a customer who is not registered yet may be one.
    """

    customer: Customer
    project: Project
    closer: Person
    store: Store
    amount: Decimal | None = None
    order_no: str = ""
    kind: DealKind = DealKind.DEPOSIT
    is_new_project: bool = False
    is_agreed_by_manager: bool = False
    suspects: frozenset[int] | None = None


def _region_of(sale: Sale) -> Region | None:
    """The region of the delivery address, which is the customer's (XRG-01)."""
    return home_region(sale.customer, address=sale.project.address)


def _is_doubted(sale: Sale, *, at: datetime) -> bool:
    """Somebody else holds a lead of a customer who may be this very one (FIL-32)."""
    others = suspected_to_be(sale.customer.pk) if sale.suspects is None else sale.suspects
    return is_held_elsewhere(others, at=at, besides=sale.closer.pk)


def _own_region(sale: Sale) -> Region | None:
    """The region of the customer's own address; a card without one says nothing of it.

    The store alone would make every bare card one of the closer's region (decision 13).
    """
    return home_region(sale.customer) if sale.customer.address else None


def _keeper_of_buyer(sale: Sale, *, is_repeat: bool) -> Person | None:
    """Who keeps a customer who has bought before: the sale is theirs where nobody filed (§1.2)."""
    return sale.customer.owner if sale.customer.bought_count or is_repeat else None


def _is_repeat(sale: Sale, purchase: Sequence[Deal], *, now: datetime) -> bool:
    """Whether this is another purchase for the same home, and not a further deposit (FIL-05).

    On an order of the purchase it never is. On another one it is when something has been delivered
    since that purchase began, or so long after its last deposit that it runs no more.
    """
    if sale.order_no and any(deal.order_no == sale.order_no for deal in purchase):
        return False
    if now - purchase[-1].at > LONGEST_PURCHASE:
        return True
    begun_on = sale.store.today(purchase[0].at)
    delivered = OwnedProduct.objects.filter(customer=sale.customer.pk, delivered_on__gte=begun_on)
    return delivered.exclude(gone_reason__in=NOT_BOUGHT).exists()


def _has_cross_filing(sale: Sale, *, at: datetime) -> bool:
    """A filing across regions that was allowed, admitted, and protects now (XRG-02)."""
    return Filing.objects.filter(
        ADMITTED, project=sale.project.pk, holder=sale.closer, cross_state=CrossState.APPROVED,
        ended="", protected_until__gt=at,
    ).exists()  # fmt: skip


def _is_contested(sale: Sale) -> bool:
    """Somebody has contested whose the lead is, and nobody has ruled yet (ADJ-01)."""
    return Dispute.objects.filter(
        project=sale.project.pk, kind=DisputeKind.CONTESTED, state__in=OPEN_DISPUTES
    ).exists()


def _policy(sale: Sale, *, at: datetime) -> Policy:
    """The policy of the closer's trade, on or off: what is not filed is the closer's."""
    found = policy_of(sale.store.trade, day=sale.store.today(at))
    if found is None:
        raise RuntimeError(f"no policy for {sale.store.trade}")
    return found


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the rules say if the deposit is taken now; nothing is written.

    `earlier` is the deal of the same purchase whose ruling holds for this deposit, too (FIL-21).
    """

    decision: Decision
    dealt: Dealt
    policy: Policy
    earlier: Deal | None

    def ruled(self, *, facts: Mapping[str, object] = MappingProxyType({})) -> Ruled:
        """The ruling that follows: what was ruled of the purchase before, else by the rules."""
        policy = policy_of_project(self.dealt.project, fallback=self.policy)
        if self.earlier is not None:
            return _as_before(self.earlier, policy=policy, facts=facts)
        return ruled_by_rules(self.decision, policy=policy, facts=facts)


def propose(sale: Sale, *, now: datetime, book: Book | None = None) -> Proposal:
    """Whose this sale is: said before the button is pressed (decision 4), and settled by.

    Raises DealNotMade where the terms refuse a sale across regions.
    """
    policy = _policy(sale, at=now)
    region = _region_of(sale)
    has_cross_filing = _has_cross_filing(sale, at=now)
    own = _own_region(sale)
    is_at_home = own is not None and own.pk == sale.store.region_id
    is_approved = sale.is_agreed_by_manager or has_cross_filing or is_at_home
    terms = terms_of(policy)
    is_abroad = is_foreign(
        region=region.pk if region else None, own=sale.store.region_id, is_approved=is_approved
    )
    if is_abroad and terms.cross_region_sale == CrossRegionSale.BLOCK:
        raise DealNotMade.because("other_region", region=region.name if region else "")
    running = purchases_of(sale.project.pk)[-1:] if sale.project.pk else []
    is_repeat = any(_is_repeat(sale, purchase, now=now) for purchase in running)
    earlier = None if is_repeat or not running else running[0][0]
    keeper = _keeper_of_buyer(sale, is_repeat=is_repeat)
    dealt = Dealt(
        at=now,
        deal=0,
        customer=sale.customer.pk,
        project=sale.project.pk,
        closer=sale.closer.pk,
        closer_region=sale.store.region_id,
        region=region.pk if region else None,
        own_region=own.pk if own else None,
        is_repeat=is_repeat,
        is_cross_approved=has_cross_filing,
        keeper=keeper.pk if keeper else None,
        is_doubted=_is_doubted(sale, at=now),
        is_new_project=sale.is_new_project,
        is_contested=_is_contested(sale),
    )
    decision = rules.decide(book or book_of(sale.customer), dealt)
    return Proposal(decision=decision, dealt=dealt, policy=policy, earlier=earlier)
