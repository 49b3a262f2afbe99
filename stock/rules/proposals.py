"""What stops a proposal from being made or approved (MER-13, MER-10)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.rules import Blocker
from stock.rules.floor import floor_blockers
from stock.states import ProposalKind, StyleClass

MOST_PAIRS = 100_000
MOST_DAYS = 365


def pairs_blockers(
    *,
    kind: ProposalKind | str,
    sizes: Mapping[str, int],
    cover_days: int | None,
    lead_days: int | None,
    has_giver: bool,
    is_same_office: bool,
    has_taker: bool,
) -> list[Blocker]:
    """What stops pairs from being ordered or moved: how many, for how long, from where to where."""
    found = []
    pairs = sum(sizes.values())
    if pairs <= 0:
        found.append(Blocker("no_pairs"))
    elif pairs > MOST_PAIRS:
        found.append(Blocker("too_many_pairs", {"most": f"{MOST_PAIRS:,}"}))
    if kind == ProposalKind.TRANSFER:
        if not (has_giver and has_taker):
            found.append(Blocker("two_offices"))
        elif is_same_office:
            found.append(Blocker("same_office"))
    elif cover_days is not None and lead_days is not None and cover_days < lead_days:
        found.append(Blocker("cover_under_lead"))
    return found


def price_blockers(
    *,
    old_price: Decimal,
    new_price: Decimal,
    from_on: date,
    today: date,
    floor: Decimal | None,
    style_class: StyleClass | None,
    was_marked_down: bool,
    asks_under_floor: bool,
    reason: str,
) -> list[Blocker]:
    """What stops a markdown: it goes down, not in the past, and not under the floor unless the
    style is dead and was marked down before, or whoever decides is asked for it with a reason.
    """
    found = []
    if new_price >= old_price:
        found.append(Blocker("not_lower", {"price": f"{old_price:,.2f}".removesuffix(".00")}))
    if from_on < today:
        found.append(Blocker("is_past"))
    elif (from_on - today).days > MOST_DAYS:
        found.append(Blocker("is_far", {"days": MOST_DAYS}))
    under = floor_blockers(
        price=new_price,
        floor=floor,
        style_class=style_class,
        was_marked_down=was_marked_down,
        is_approved=asks_under_floor,
    )
    found += under
    if asks_under_floor and not reason.strip():
        found.append(Blocker("reason_missing"))
    return found
