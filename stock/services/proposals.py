"""Proposals: to reorder, to move, to mark down; made, decided, withdrawn, handed over (MER-13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from staff.models import Person, Store
from staff.states import Role
from stock.models import OfficePrice, Proposal, ProposalSize, Style
from stock.queries.pricing import Priced, priced
from stock.queries.proposals import decides
from stock.rules import proposals as rules
from stock.rules.floor import floor_blockers
from stock.services.figure_sets import ask_standing
from stock.services.proposal_news import tell_decided
from stock.states import ProposalKind, ProposalState

PRICE_MESSAGES = {
    "not_lower": _("The price there is ¥%(price)s. A markdown goes below it."),
    "lies_nowhere": _(
        "This style has never lain in an office, so no price would go down. Choose the office."
    ),
    "is_past": _("Choose today or a later day: what was sold until now was sold at its price."),
    "is_far": _("A markdown begins within %(days)s days."),
    "under_floor": _(
        "The price lies under the break-even price of ¥%(floor)s. Only a dead style that was "
        "marked down before goes lower, or with the approval that you can ask for below."
    ),
}


class NotProposed(Refused):
    """Nothing was proposed."""

    messages = {
        **PRICE_MESSAGES,
        "no_pairs": _("Say how many pairs, size by size."),
        "too_many_pairs": _("At most %(most)s pairs at once. Check the number."),
        "two_offices": _("Choose from where and to where the pairs go."),
        "same_office": _("The pairs go from one office to another."),
        "cover_under_lead": _(
            "The days to cover begin today: they are no fewer than the lead time, else it is sold "
            "out when the order comes."
        ),
        "reason_missing": _("Say why the price has to go under the break-even price."),
        "open_already": _(
            "This is proposed already and not decided yet. Look at that proposal first."
        ),
    }


class NotDecided(Refused):
    """A proposal was left as it was."""

    messages = {
        **PRICE_MESSAGES,
        "moved_on": _("Somebody has decided or withdrawn this proposal in the meantime."),
        "own_proposal": _("Nobody approves the own proposal."),
        "not_deciding": _("Operations decide this proposal."),
        "note_missing": _("Say why it is declined."),
        "not_yours": _("Only who proposed it withdraws it."),
    }


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody proposes. `sizes` are pairs by size; `facts` the figures it is made on."""

    kind: ProposalKind
    style: Style
    as_of: date
    office: Store | None = None
    from_office: Store | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    cover_days: int | None = None
    lead_days: int | None = None
    new_price: Decimal | None = None
    from_on: date | None = None
    asks_under_floor: bool = False
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_markdown(self) -> bool:
        return self.kind == ProposalKind.MARK_DOWN


def _stops(draft: Draft, there: Priced, *, today: date) -> list[Blocker]:
    if not draft.is_markdown:
        return rules.pairs_blockers(
            kind=draft.kind,
            sizes=draft.sizes,
            cover_days=draft.cover_days,
            lead_days=draft.lead_days,
            has_giver=draft.from_office is not None,
            has_taker=draft.office is not None,
            is_same_office=draft.from_office == draft.office,
        )
    if draft.new_price is None or draft.from_on is None:
        raise ValueError("a markdown has its price and its day")
    if not there.prices:
        return [Blocker("lies_nowhere")]
    return rules.price_blockers(
        old_price=there.highest,
        new_price=draft.new_price,
        from_on=draft.from_on,
        today=today,
        floor=there.floor,
        style_class=there.style_class,
        was_marked_down=there.was_marked_down,
        asks_under_floor=draft.asks_under_floor,
        reason=draft.reason,
    )


def _under_floor(price: Decimal, there: Priced) -> list[Blocker]:
    """What stops a price under the floor where neither the class nor a markdown allows it."""
    return floor_blockers(
        price=price,
        floor=there.floor,
        style_class=there.style_class,
        was_marked_down=there.was_marked_down,
    )


def _columns(draft: Draft, there: Priced) -> dict[str, Any]:
    said = {
        "kind": draft.kind,
        "style": draft.style,
        "office": draft.office,
        "reason": draft.reason.strip()[:400],
        "as_of": draft.as_of,
        "facts": dict(draft.facts),
    }
    if draft.is_markdown and draft.new_price is not None:
        return said | {
            "old_price": there.highest,
            "new_price": draft.new_price,
            "from_on": draft.from_on,
            "is_under_floor": bool(_under_floor(draft.new_price, there)),
        }
    is_order = draft.kind == ProposalKind.REORDER
    return said | {
        "from_office": draft.from_office,
        "quantity": sum(draft.sizes.values()),
        "cover_days": draft.cover_days if is_order else None,
        "lead_days": draft.lead_days if is_order else None,
    }


def _open_twin(draft: Draft) -> int | None:
    """The key of the open proposal that stands in the way; None once it is decided meanwhile."""
    places = {"office": draft.office, "from_office": draft.from_office}
    found = Proposal.objects.filter(
        style=draft.style, kind=draft.kind, state=ProposalState.OPEN, **places
    )
    return found.values_list("pk", flat=True).first()


@transaction.atomic
def propose(*, draft: Draft, by: Person, key: UUID, now: datetime | None = None) -> Proposal:
    """Propose it; the same form again answers with the same proposal. Raises NotProposed.

    What is open already for the same style and places is not proposed a second time.
    """
    with once(key=key, purpose="goods_proposal", by=by) as form:
        if form.result_id:
            return Proposal.objects.get(pk=form.result_id)
        at = now or database_now()
        there = priced(draft.style, draft.office, on=draft.from_on or timezone.localdate(at))
        refuse_if(NotProposed, _stops(draft, there, today=timezone.localdate(at)))

        try:
            with transaction.atomic():
                proposal = Proposal.objects.create(
                    **_columns(draft, there), proposed_by=by, proposed_at=at
                )
        except IntegrityError as twin:
            raise NotProposed.because("open_already", proposal=_open_twin(draft)) from twin
        ProposalSize.objects.bulk_create(
            ProposalSize(proposal=proposal, size=size, quantity=pairs)
            for size, pairs in draft.sizes.items()
            if pairs and not draft.is_markdown
        )

        audit.record(
            verb="propose_goods", of=proposal, by=by, reason=draft.reason, kind=str(draft.kind),
            style=draft.style.pk,
        )  # fmt: skip
        form.result_id = proposal.pk
    return proposal


def _claim(proposal: Proposal, **values: object) -> None:
    """Move on a proposal that is still open. Raises NotDecided."""
    still = Proposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN)
    if not still.update(**values):
        raise NotDecided.because("moved_on")


@transaction.atomic
def decide(
    *,
    proposal: Proposal,
    is_approved: bool,
    by: Person,
    note: str = "",
    now: datetime | None = None,
) -> None:
    """Approve a proposal, or decline it with a word; the first who decides it decides.

    An approved markdown is a step of the price in its offices, from its day or from today where
    that has passed. Raises NotDecided.
    """
    if by.pk == proposal.proposed_by_id:
        raise NotDecided.because("own_proposal")
    if not decides(Role(by.role), proposal.kind):
        raise NotDecided.because("not_deciding")
    if not is_approved and not note.strip():
        raise NotDecided.because("note_missing")
    at = now or database_now()
    _claim(
        proposal,
        state=ProposalState.APPROVED if is_approved else ProposalState.DECLINED,
        decided_by=by,
        decided_at=at,
        note=note.strip()[:200],
    )
    if is_approved and proposal.kind == ProposalKind.MARK_DOWN:
        _mark_down(proposal, today=timezone.localdate(at))
        ask_standing(now=now)

    audit.record(
        verb="decide_goods", of=proposal, by=by, reason=note, kind=proposal.kind,
        is_approved=is_approved,
    )  # fmt: skip
    tell_decided(proposal, is_approved=is_approved, by=by, now=at)


def _mark_down(proposal: Proposal, *, today: date) -> None:
    """Write the price's step, office by office, where it lowers the price. Raises NotDecided."""
    price, wished = proposal.new_price, proposal.from_on
    if price is None or wished is None:
        raise ValueError("a markdown has its price and its day")
    style = Style.objects.select_for_update().get(pk=proposal.style_id)
    from_on = max(wished, today)
    there = priced(style, proposal.office, on=from_on)
    if not there.prices:
        raise NotDecided.because("lies_nowhere")
    if not proposal.is_under_floor:
        refuse_if(NotDecided, _under_floor(price, there))
    if price >= there.highest:
        raise NotDecided.because("not_lower", price=f"{there.highest:,.2f}".removesuffix(".00"))
    for office, until_now in there.prices.items():
        if until_now > price:
            OfficePrice.objects.update_or_create(
                style=style, office_id=office, from_on=from_on, defaults={"current_price": price}
            )
    Proposal.objects.filter(pk=proposal.pk).update(from_on=from_on, old_price=there.highest)


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Person, now: datetime | None = None) -> None:
    """Take back what one has proposed, while nobody has decided it. Raises NotDecided."""
    if by.pk != proposal.proposed_by_id:
        raise NotDecided.because("not_yours")
    _claim(proposal, state=ProposalState.WITHDRAWN, decided_by=by, decided_at=now or database_now())

    audit.record(verb="withdraw_goods", of=proposal, by=by, kind=proposal.kind)


@transaction.atomic
def mark_exported(*, proposals: Sequence[int], by: Person, now: datetime | None = None) -> None:
    """Note that the approved among these were handed over; the first time counts."""
    approved = Proposal.objects.filter(
        pk__in=proposals, state=ProposalState.APPROVED, exported_at=None
    )
    handed = list(approved.select_for_update().order_by("pk").values_list("pk", flat=True))
    Proposal.objects.filter(pk__in=handed).update(exported_at=now or database_now())

    audit.record_many(
        verb="hand_over_goods", of=Proposal, by=by, rows=[(pk, None, {}) for pk in handed]
    )
