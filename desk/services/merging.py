"""Two cards of one customer become one, and nothing of either is lost (DAT-02).

In this order: hold both cards; see that they still are as they were seen; hand both to the one
keeper; bring along work, rows and numbers; write what the kept card says from now on; hide the
other. All of it is noted, so that `desk.services.unmerging` can take the cards apart again.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from customers import rules
from customers import services as customers
from customers.models import Access, Customer, CustomerPhone, Merge, Project, Suspicion
from customers.queries import has_bought
from customers.states import Grade, SuspicionState
from desk.services import moves
from desk.services.card_fields import BY_ACTS, FIELDS, MERGED, merged_values, plain, with_derived
from filings.models import Filing
from filings.services import AlreadyProtected
from filings.services import merging as leads
from filings.services.merging import holders_of
from followups import services as followups
from orders.services import merging as orders
from staff.models import Person
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind, Role

log = structlog.get_logger(__name__)

# How long an act may have been under way when its card was merged.
LATE_FOR = timedelta(minutes=10)


class CardsNotMerged(Refused):
    """Two cards were not merged, or not taken apart."""

    messages = {
        "same_card": _("These are one card already. Choose another one."),
        "merged_already": _("One of the two cards has been merged in the meantime. Look again."),
        "between_units": _(
            "Two people of different stores keep these cards, or two have filed them. The "
            "operations manager decides."
        ),
        "changed_meanwhile": _(
            "Somebody has changed one of the cards since you opened this page. Compare them once "
            "more, then merge."
        ),
        "leads_contradict": _(
            "The leads of these two cards contradict each other. Have them ruled first."
        ),
        "reason_missing": _("Say why."),
        "foreign_keeper": _("Choose one of the two keepers."),
        "buyer_is_not_given_up": _(
            "This customer has bought: grade D is for those who never did. Choose the other grade."
        ),
        "undone_already": _("These cards have been taken apart already."),
        "kept_was_merged": _(
            "The card that was kept has itself been merged since. Take that merge apart first."
        ),
    }


def hands_of(*cards: Customer, now: datetime | None = None) -> list[rules.CardInHand]:
    """What the rules ask of these cards, with who holds leads of them."""
    holders = holders_of([card.pk for card in cards], now=now or timezone.now())
    return [hand_of(card, holders.get(card.pk, frozenset())) for card in cards]


def hand_of(card: Customer, holder_ids: frozenset[int]) -> rules.CardInHand:
    """What the rules ask of a card."""
    return rules.CardInHand(
        id=card.pk,
        keeper_id=card.owner_id,
        store_id=card.store_id,
        merged_into_id=card.merged_into_id,
        holder_ids=holder_ids,
    )


def version_of_cards(kept: Customer, merged: Customer) -> str:
    """What two cards say, in a few characters: the preview carries it to see whether they do."""
    said = [
        repr((card.pk, card.owner_id, card.store_id, [field.of(card) for field in FIELDS]))
        for card in (kept, merged)
    ]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]


@transaction.atomic
def merge_cards(
    *,
    kept: Customer,
    merged: Customer,
    choices: Mapping[str, str],
    keeper: Person | None,
    main_number: str,
    reason: str,
    seen: str,
    by: Person,
    now: datetime,
) -> Merge:
    """Merge one card into another. `choices` says for each field that differs whose word stands.

    Raises CardsNotMerged.
    """
    if not reason.strip():
        raise CardsNotMerged.because("reason_missing")
    kept, merged = _hold_both(kept.pk, merged.pk)
    _refuse_unless_mergeable(kept, merged, keeper=keeper, seen=seen, by=by, now=now)

    changes = merged_values(kept, merged, choices)
    fields: dict[str, Any] = {
        "owners": _owners(kept, merged, keeper),
        "kept": {column: [plain(old), plain(new)] for column, (old, new) in changes.items()},
    }
    moved = _bring_over(
        kept, merged, keeper=keeper, owners=fields["owners"], main_number=main_number, by=by,
        now=now,
    )  # fmt: skip
    _hide(merged, into=kept)
    write_fields(kept, {column: new for column, (_old, new) in changes.items()}, by, reason, now)

    merge = Merge.objects.create(
        kept=kept, merged=merged, by=by, at=now, reason=reason.strip()[:200], moved=moved,
        fields=fields,
    )  # fmt: skip
    audit.record(verb="merge", of=kept, by=by, reason=reason, merged=merged.pk, merge=merge.pk)
    audit.record(verb="merge_into", of=merged, by=by, reason=reason, kept=kept.pk, merge=merge.pk)
    settle([kept.pk], by=by, now=now)
    customers.suspect_many(customers=[kept.pk], by=by, now=now)
    return merge


def _refuse_unless_mergeable(
    kept: Customer, merged: Customer, *, keeper: Person | None, seen: str, by: Person, now: datetime
) -> None:
    """Refuse, with every reason, what the rules do not let this person merge."""
    kept_hand, merged_hand = hands_of(kept, merged, now=now)
    refuse_if(
        CardsNotMerged,
        rules.merge_blockers(
            kept=kept_hand,
            merged=merged_hand,
            is_operations=by.role == Role.OPS_MANAGER,
            is_as_seen=version_of_cards(kept, merged) == seen,
        ),
    )
    if (keeper.pk if keeper else None) not in {kept.owner_id, merged.owner_id}:
        raise CardsNotMerged.because("foreign_keeper")


def _bring_over(
    kept: Customer,
    merged: Customer,
    *,
    keeper: Person | None,
    owners: dict[str, Any],
    main_number: str,
    by: Person,
    now: datetime,
) -> dict[str, Any]:
    """Bring all that hangs on the merged card to the kept one, in the order in which it depends;
    return what came from where, for the way back.
    """
    lost = Access.objects.filter(customer__in=[kept, merged], person=keeper).order_by("pk")
    moved: dict[str, Any] = {"lost_accesses": list(lost.values_list("customer", flat=True))}
    moved["assignees"] = followups.assignees_of([kept.pk, merged.pk])
    _hand_to(keeper, kept, merged, by=by, now=now)
    moved["numbers"] = _main_numbers(kept, merged)
    moved["work"] = followups.bring_work_along(merged=merged.pk, kept=kept.pk, now=now)
    leads.settle_apart([kept.pk, merged.pk])
    moved["account"] = orders.join_accounts(merged=merged.pk, kept=kept.pk)
    moved |= moves.move_all(merged=merged.pk, kept=kept.pk, now=now)
    moved["leads"] = _join_leads(kept, moves.ids_of(moved, Project), by=by, now=now)
    _choose_main_number(moved["numbers"], main_number)
    moved["suspicions"] = _repair_pairs(merged.pk, kept.pk, by=by, now=now)
    moved["accesses"] = _let_in(kept, owners)
    return moved


def _join_leads(kept: Customer, came: Iterable[int], *, by: Person, now: datetime) -> dict:
    """Of two protections for one home the later is withdrawn; who held it hears of it."""
    try:
        joined = leads.join_leads(kept=kept, came=came, by=by, now=now)
    except AlreadyProtected as refusal:
        raise CardsNotMerged.because("leads_contradict") from refusal
    tell_many(
        [
            Telling(
                person_id=filing.holder_id,
                kind=NoticeKind.FILING_REVIEW,
                key=f"merged:{filing.pk}",
                params={"merged_by": by.name},
                path=reverse("desk:customer", args=[kept.pk]),
            )
            for filing in Filing.objects.filter(pk__in=joined.withdrawn)
        ],
        now=now,
    )
    return asdict(joined)


def _hold_both(kept: int, merged: int) -> tuple[Customer, Customer]:
    """Lock both cards, in the order in which everybody locks."""
    if kept == merged:
        raise CardsNotMerged.because("same_card")
    followups.enrol(customers=sorted((kept, merged)))
    cards = {card.pk: card for card in followups.hold([kept, merged])}
    return cards[kept], cards[merged]


def _owners(kept: Customer, merged: Customer, keeper: Person | None) -> dict[str, Any]:
    """Who kept the cards before, in which store, and who keeps them now."""
    return {
        "kept": [kept.owner_id, kept.store_id],
        "merged": [merged.owner_id, merged.store_id],
        "keeper": keeper.pk if keeper else None,
    }


def _hand_to(
    keeper: Person | None, kept: Customer, merged: Customer, *, by: Person, now: datetime
) -> None:
    """Both cards have one keeper before their work becomes one; what others do stays theirs."""
    for card in (kept, merged):
        if keeper is not None and card.owner_id != keeper.pk:
            followups.reassign(customers=[card.pk], keeper=keeper, by=by, now=now)
    kept.refresh_from_db(fields=["owner", "store"])


def _main_numbers(kept: Customer, merged: Customer) -> dict[str, int | None]:
    """The main numbers of both before; that of the card which goes is one no more."""
    before = {
        name: _main_number_of(card.pk).values_list("pk", flat=True).first()
        for name, card in (("kept", kept), ("merged", merged))
    }
    _numbers(before["merged"]).update(is_primary=False)
    return before


def _main_number_of(customer_id: int) -> QuerySet[CustomerPhone]:
    return CustomerPhone.objects.filter(customer=customer_id, is_primary=True)


def _numbers(pk: int | None) -> QuerySet[CustomerPhone]:
    return CustomerPhone.objects.filter(pk=pk or 0)


def _choose_main_number(before: Mapping[str, int | None], main_number: str) -> None:
    chosen = before["merged"] if main_number == MERGED else before["kept"]
    chosen = chosen or before["kept"] or before["merged"]
    for number in {before["kept"], before["merged"]} - {chosen}:
        _numbers(number).update(is_primary=False)
    _numbers(chosen).update(is_primary=True)


def _repair_pairs(merged: int, kept: int, *, by: Person, now: datetime) -> list[list[int]]:
    """What was suspected or ruled out of the one card holds of the other; the pairs before."""
    pair = Suspicion.objects.filter(first=min(merged, kept), second=max(merged, kept))
    pair.update(state=SuspicionState.SAME, decided_at=now, decided_by=by)
    before = []
    rows = Suspicion.objects.filter(Q(first=merged) | Q(second=merged)).exclude(pk__in=pair)
    for row in rows.order_by("pk"):
        other = row.second_id if row.first_id == merged else row.first_id
        first, second = min(other, kept), max(other, kept)
        if Suspicion.objects.filter(first=first, second=second).exists():
            continue
        Suspicion.objects.filter(pk=row.pk).update(first=first, second=second)
        before.append([row.pk, row.first_id, row.second_id])
    return before


def _let_in(kept: Customer, owners: Mapping[str, Any]) -> list[int]:
    """Who kept one of the cards and keeps it no more may still serve the customer: the form they
    have open on the phone lands on the card that stands.
    """
    losers = {owners["kept"][0], owners["merged"][0]} - {owners["keeper"], None}
    given = []
    for person in Person.objects.filter(pk__in=losers, is_active=True).order_by("pk"):
        access, is_new = Access.objects.get_or_create(customer=kept, person=person)
        given += [access.pk] if is_new else []
    return given


def _hide(merged: Customer, *, into: Customer) -> None:
    Customer.objects.filter(pk=merged.pk).update(
        merged_into=into, next_contact_on=None, last_contact_at=None
    )
    customers.recount_value([merged.pk])


def write_fields(
    card: Customer, values: Mapping[str, Any], by: Person, reason: str, now: datetime
) -> None:
    """Write these columns with what is derived from them; grade and intent with their history.

    Raises CardsNotMerged where grade D stands on the card of somebody who has bought.
    """
    plain_values = {name: value for name, value in values.items() if name not in BY_ACTS}
    month = values.get("birth_month", card.birth_month)
    plain_values |= customers.noted_birthday(changed=values, month=month, now=now)
    if plain_values:
        Customer.objects.filter(pk=card.pk).update(**with_derived(plain_values))
    if values.get("grade", card.grade) == Grade.D and has_bought(card):
        raise CardsNotMerged.because("buyer_is_not_given_up")
    if "grade" in values:
        customers.regrade(customer=card, grade=values["grade"], by=by, now=now, reason=reason)
    if "intent" in values:
        customers.set_intent(customer=card, intent=values["intent"], by=by, now=now)


def settle(ids: list[int], *, by: Person, now: datetime) -> None:
    """Count anew what is derived of these cards, and ask what is due for them."""
    for card in Customer.objects.filter(pk__in=ids).select_related("store").order_by("pk"):
        customers.recount_last_contact(card)
        followups.settle_work(customer=card, by=by, now=now)
    customers.recount_value(ids)
    followups.touch_and_ask(customers=ids, now=now)
    customers.propose_grades(customers=ids, now=now)


@transaction.atomic
def _bring_late_of(merge: Merge, *, by: Person, now: datetime) -> bool:
    held = {card.pk: card for card in followups.hold([merge.kept_id, merge.merged_id])}
    merge = Merge.objects.get(pk=merge.pk)
    if merge.undone_at is not None or held[merge.merged_id].merged_into_id != merge.kept_id:
        return False
    pair = {"merged": merge.merged_id, "kept": merge.kept_id}
    if _main_number_of(merge.kept_id).exists():  # a late number was the first on its card
        _main_number_of(merge.merged_id).update(is_primary=False)
    late = moves.move_all(**pair, now=now)
    work = followups.bring_work_along(**pair, now=now)
    if not late and not any(work.values()):
        return False

    for name, ids in late.items():
        merge.moved[name] = [*merge.moved.get(name, ()), *ids]
    for name, rows in work.items():
        merge.moved["work"][name] = [*merge.moved["work"].get(name, ()), *rows]
    Merge.objects.filter(pk=merge.pk).update(moved=merge.moved)
    settle([merge.kept_id], by=by, now=now)
    return True


def bring_late(*, now: datetime) -> int:
    """What an act that holds no customer wrote on a card while it was merged goes along, too.

    Asked each minute of the merges of the last few; answers with how many had something to bring.
    """
    lately = Merge.objects.filter(undone_at=None, at__gt=now - LATE_FOR).select_related("by")
    brought = 0
    for merge in lately.order_by("at", "pk"):
        try:
            brought += _bring_late_of(merge, by=merge.by, now=now)
        except DatabaseError:  # the next minute asks again; the others need not wait for it
            log.exception("late_rows_not_brought", merge=merge.pk)
    return brought
