"""Papers when two cards become one, and two again: what an order brought stays with it (DAT-02)."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db.models import F

from customers.models import OwnedProduct
from orders.models import Account, Credit, Delivery, DeliveryLine
from orders.rules.accounts import Terms, stricter


def join_accounts(*, merged: int, kept: int) -> dict[str, Any]:
    """Where both cards have their terms, the kept one's become the stricter of the two.

    Answers with what they were and are, for the way back; empty where nothing changed.
    """
    mine = Account.objects.filter(customer=kept).first()
    other = Account.objects.filter(customer=merged).first()
    if mine is None or other is None:
        return {}
    before, after = _terms(mine), stricter(_terms(mine), _terms(other))
    if before == after:
        return {}
    Account.objects.filter(pk=mine.pk).update(**asdict(after))
    return {"before": _plain(before), "after": _plain(after)}


def part_accounts(*, kept: int, joined: dict[str, Any]) -> None:
    """The kept card's terms are its own again, unless somebody has set them since."""
    mine = Account.objects.filter(customer=kept).first()
    if mine is None or not joined or _plain(_terms(mine)) != joined["after"]:
        return
    before = dict(joined["before"])
    if before["credit_limit"] is not None:
        before["credit_limit"] = Decimal(before["credit_limit"])
    Account.objects.filter(pk=mine.pk).update(**before)


def _terms(account: Account) -> Terms:
    return Terms(
        is_monthly=account.is_monthly,
        credit_limit=account.credit_limit,
        is_held=account.is_held,
        reason=account.reason,
    )


def _plain(terms: Terms) -> dict[str, Any]:
    limit = terms.credit_limit
    return asdict(terms) | {"credit_limit": None if limit is None else str(limit)}


def follow_orders(cards: Sequence[int]) -> list[int]:
    """What hangs on an order is of the order's customer: credits, and the products that it brought.

    Of two cards that were one; answers with the products that changed hands. The caller holds both.
    """
    credits = Credit.objects.filter(customer__in=cards, order__customer__in=cards)
    for card in cards:
        credits.filter(order__customer=card).exclude(customer=card).update(customer=card)
    went: list[int] = []
    for rows, order in ((Delivery.objects, "order"), (DeliveryLine.objects, "delivery__order")):
        off = rows.filter(product__customer__in=cards, **{f"{order}__customer__in": cards})
        off = off.exclude(product__customer=F(f"{order}__customer"))
        for product, card in off.values_list("product", f"{order}__customer"):
            OwnedProduct.objects.filter(pk=product).update(customer=card)
            went.append(product)
    return went
