"""A merge that was a mistake: the two cards as they were, and what came since where it came."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from core.refusals import refuse_if
from core.services import audit
from customers import rules
from customers.models import (
    Access,
    Appointment,
    Customer,
    CustomerPhone,
    HouseholdMember,
    KeyPerson,
    Merge,
    OwnedProduct,
    Suspicion,
)
from customers.states import SuspicionState
from desk.services import moves
from desk.services.card_fields import BY_NAME, FIELDS, from_plain, plain
from desk.services.merging import CardsNotMerged, settle, write_fields
from filings.services import AlreadyProtected
from filings.services import merging as leads
from filings.services.merging import holders_of
from followups import services as followups
from followups.models import Case
from orders.services import merging as orders
from staff.models import Person
from staff.states import Role


@dataclass(frozen=True, kw_only=True)
class Undoing:
    """What taking two cards apart would do: rows that go back by table, fields that are put back,
    and those that stay because somebody has written them since.
    """

    going_back: Mapping[str, int]
    put_back: list[str]
    left: list[str]


def weigh_undoing(merge: Merge) -> Undoing:
    """What undoing this merge would do now."""
    kept = Customer.objects.get(pk=merge.kept_id)
    before = _unchanged(kept, merge.fields["kept"])
    names = {name: _said_by(name, merge.fields["kept"]) for name in BY_NAME}
    return Undoing(
        going_back=moves.going_back(merge.moved, kept=merge.kept_id),
        put_back=[name for name, columns in names.items() if columns and columns <= before.keys()],
        left=[name for name, columns in names.items() if not columns <= before.keys()],
    )


def _said_by(name: str, changes: Mapping[str, Any]) -> set[str]:
    """The columns of a field that the merge has written."""
    return set(BY_NAME[name].columns) & changes.keys()


def _unchanged(kept: Customer, changes: Mapping[str, list[Any]]) -> dict[str, Any]:
    """What each column said before, of those that still say what the merge wrote: a field goes
    back whole or not at all.
    """
    before: dict[str, Any] = {}
    fields = [field.columns for field in FIELDS] + [("first_seen_at",)]
    for columns in fields:
        written = [column for column in columns if column in changes]
        if all(plain(_now(kept, column)) == changes[column][1] for column in written):
            before |= {column: from_plain(column, changes[column][0]) for column in written}
    return before


def _now(card: Customer, column: str) -> Any:
    value = getattr(card, column)
    return bytes(value) if isinstance(value, memoryview) else value


def undo_blockers(merge: Merge, *, by: Person):
    """What stops `by` from taking these cards apart now; the page says it before the tap."""
    owners = merge.fields["owners"]
    now = timezone.now()
    holders = holders_of([merge.kept_id], now=now).get(merge.kept_id, frozenset())
    hands = [
        rules.CardInHand(
            id=pk, keeper_id=owners[name][0], store_id=owners[name][1], holder_ids=holders
        )
        for name, pk in (("kept", merge.kept_id), ("merged", merge.merged_id))
    ]
    kept = Customer.objects.filter(pk=merge.kept_id)
    return rules.undo_merge_blockers(
        is_undone=merge.undone_at is not None,
        kept_into_id=kept.values_list("merged_into", flat=True).get(),
        is_between_units=rules.needs_operations(*hands),
        is_operations=by.role == Role.OPS_MANAGER,
    )


@transaction.atomic
def undo_merge(*, merge: Merge, reason: str, by: Person, now: datetime) -> None:
    """Take two cards apart: what came along goes back, what was added since stays where it was
    added. Raises CardsNotMerged.
    """
    if not reason.strip():
        raise CardsNotMerged.because("reason_missing")
    cards = {card.pk: card for card in followups.hold([merge.kept_id, merge.merged_id])}
    merge = Merge.objects.get(pk=merge.pk)
    refuse_if(CardsNotMerged, undo_blockers(merge, by=by))
    kept, merged = cards[merge.kept_id], cards[merge.merged_id]

    Merge.objects.filter(pk=merge.pk).update(undone_at=now, undone_by=by)
    Customer.objects.filter(pk=merged.pk).update(merged_into=None)
    _give_rows_back(merge)
    parted = merge.moved.get("leads", {})
    _part_leads([kept, merged], parted, by=by, now=now)
    _give_numbers_back(merge.moved["numbers"], kept=kept.pk, merged=merged.pk)
    _pairs_back(merge)
    Access.objects.filter(pk__in=merge.moved["accesses"], customer=kept).delete()
    write_fields(kept, _unchanged(kept, merge.fields["kept"]), by, reason, now)
    _keepers_back(merge, kept, by=by, now=now)

    for card, other in ((kept, merged), (merged, kept)):
        audit.record(
            verb="undo_merge", of=card, by=by, reason=reason, other=other.pk, merge=merge.pk
        )
    settle([kept.pk, merged.pk], by=by, now=now)


def _part_leads(
    cards: list[Customer], parted: Mapping[str, Any], *, by: Person, now: datetime
) -> None:
    try:
        leads.part_leads(cards=cards, joined=parted, by=by, now=now)
    except AlreadyProtected as refusal:
        raise CardsNotMerged.because("leads_contradict") from refusal


def _give_rows_back(merge: Merge) -> None:
    """The rows first, then the work that stands on them."""
    kept, merged, moved = merge.kept_id, merge.merged_id, merge.moved
    came = _of_card(OwnedProduct, moved, kept)
    returning = followups.Returning(
        merged=merged,
        kept=kept,
        appointments=_of_card(Appointment, moved, kept),
        cases=_of_card(Case, moved, kept),
        members=_of_card(HouseholdMember, moved, kept),
        key_people=_of_card(KeyPerson, moved, kept),
    )
    numbers = CustomerPhone.objects.filter(pk__in=moves.ids_of(moved, CustomerPhone))
    numbers.filter(customer=kept).update(is_primary=False)
    moves.move_back(moved, merged=merged, kept=kept)
    delivered = orders.follow_orders([merged, kept])
    orders.part_accounts(kept=kept, joined=moved.get("account", {}))
    going = replace(returning, products=[*came, *delivered])
    followups.take_work_back(going, moved["work"])


def _of_card(model: type[Model], moved: Mapping[str, Any], card: int) -> list[int]:
    """Those rows that came along and are still on the card."""
    rows = model._default_manager.filter(pk__in=moves.ids_of(moved, model), customer=card)
    return list(rows.values_list("pk", flat=True))


def _give_numbers_back(before: Mapping[str, int | None], *, kept: int, merged: int) -> None:
    """Each card has its main number again; where that is gone, the oldest that is called."""
    for card, number in ((kept, before["kept"]), (merged, before["merged"])):
        numbers = CustomerPhone.objects.filter(customer=card, retired_at=None)
        if numbers.filter(is_primary=True).exists():
            continue
        main = numbers.filter(pk=number or 0).first() or numbers.order_by("pk").first()
        CustomerPhone.objects.filter(pk=main.pk if main else 0).update(is_primary=True)


def _pairs_back(merge: Merge) -> None:
    """What was suspected of the card that returns is suspected of it again; and whether the two
    are one is open once more.
    """
    for pk, first, second in merge.moved["suspicions"]:
        if not Suspicion.objects.filter(first=first, second=second).exists():
            Suspicion.objects.filter(pk=pk).update(first=first, second=second)
    pair = sorted((merge.kept_id, merge.merged_id))
    Suspicion.objects.filter(first=pair[0], second=pair[1], state=SuspicionState.SAME).update(
        state=SuspicionState.OPEN, decided_at=None, decided_by=None
    )


def _keepers_back(merge: Merge, kept: Customer, *, by: Person, now: datetime) -> None:
    """Each card goes back to who kept it, unless somebody has handed the kept one on since."""
    owners = merge.fields["owners"]
    cards = [(merge.merged_id, owners["merged"])]
    if kept.owner_id == owners["keeper"]:
        cards.append((merge.kept_id, owners["kept"]))
    for card, (owner_id, store_id) in cards:
        owner = Person.objects.filter(pk=owner_id, is_active=True).first()
        if owner_id == owners["keeper"] or (owner_id is not None and owner is None):
            continue
        followups.reassign(customers=[card], keeper=owner, by=by, now=now)
        Customer.objects.filter(pk=card).update(store=store_id)
        followups.give_work_back(
            customer=card, keeper=owner, assignees=merge.moved["assignees"], now=now
        )
        if card in merge.moved["lost_accesses"]:  # who keeps a card has none beside that
            Access.objects.get_or_create(customer_id=card, person_id=owners["keeper"])
