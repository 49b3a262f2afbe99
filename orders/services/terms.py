"""The terms of an order and the amounts due that they ask for (FIN-01)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from followups import services as followups
from followups.states import Anchor
from orders.models import Due, Order
from orders.queries.money import account_of, dues_of
from orders.queries.order_terms import order_terms
from orders.rules.terms import (
    Asked,
    Days,
    Instalment,
    asked_for,
    due_day,
    fitted,
    terms_blockers,
)
from orders.services.following import follow_money
from orders.services.gate import take_release_back
from orders.services.history import note
from orders.services.holding import hold_order, read_sums
from orders.states import DueKind, EventKind, OrderState, Terms
from staff.models import Person
from staff.scope import RELEASING_ROLES

NOTHING = Decimal(0)


class TermsNotSet(Refused):
    """The terms of an order were left as they were."""

    messages = {
        "no_lines": _("Write down what is ordered first: the terms divide its amount."),
        "not_monthly": _("This customer has no monthly terms. Finance gives them."),
        "manager_sets": _(
            "This order is checked already. Somebody who leads, and has not sold it, agrees that "
            "less is paid before delivery."
        ),
        "deposit_elsewhere": _("A deposit goes with prepayment or payment on delivery."),
        "deposit_too_large": _("The deposit is not more than the order costs."),
        "instalments_missing": _("Write down at least one instalment."),
        "instalments_many": _("At most %(most)s instalments."),
        "instalment_empty": _("Each instalment is more than 0."),
        "instalment_days": _("Each instalment has a later day, from the day of the order on."),
        "instalments_differ": _(
            "The instalments differ from the order by ¥%(difference)s. They add up to its amount."
        ),
    }


@transaction.atomic
def set_terms(
    *,
    order: Order,
    terms: Terms,
    deposit: Decimal = NOTHING,
    instalments: Sequence[Instalment] = (),
    by: Person,
    now: datetime | None = None,
) -> Order:
    """Say when an order is paid; once it is checked, a manager alone who has not sold it asks for
    less before delivery (ORD-20, ORD-32). Raises TermsNotSet and OrderNotChanged.
    """
    held = hold_order(order)
    at = now or database_now()
    if held.amount is None:
        raise TermsNotSet.because("no_lines")
    account = account_of(held)
    refuse_if(
        TermsNotSet,
        terms_blockers(
            terms=terms,
            amount=held.amount,
            deposit=deposit,
            instalments=instalments,
            ordered_on=held.ordered_on,
            is_monthly=account is not None and account.is_monthly,
        ),
    )

    before, due_before = held.terms, held.due_before
    Order.objects.filter(pk=held.pk).update(terms=terms)
    held.terms = terms
    asked = asked_for(
        terms=terms, amount=held.amount, deposit=deposit, instalments=instalments
    )  # fmt: skip
    _write(held, asked, now=at)
    _follow_gate(read_sums(held), before=due_before, by=by)

    # Terms that stay, with another deposit or other days, are told without a "from … to".
    moved: dict[str, Any] = {"before": before, "after": terms.value} if before != terms else {}
    note(
        held,
        EventKind.TERMS_CHANGED,
        by=by,
        at=at,
        deposit=str(deposit),
        **moved,
    )
    follow_money(held, now=at)
    return held


def _follow_gate(order: Order, *, before: Decimal, by: Person) -> None:
    """What is due before delivery may have changed from `before`: less is a release, more takes one
    back. Raises TermsNotSet.
    """
    may_release = by.role in RELEASING_ROLES and by.pk != order.seller_id
    if order.due_before < before and order.state != OrderState.RECEIVED and not may_release:
        raise TermsNotSet.because("manager_sets")
    if order.due_before > before:
        take_release_back(order)


def follow_amount(order: Order, *, now: datetime) -> None:
    """Have the dues of a held order add up to what it costs now; the last takes the difference.

    Called by whoever wrote its lines. A delivery that was released for less is held again.
    """
    before = sum((due.amount for due in dues_of(order)), NOTHING)
    read_sums(order)
    asked = [
        Asked(kind=DueKind(due.kind), amount=due.amount, on=due.due_on) for due in dues_of(order)
    ]
    amount = order.amount or NOTHING
    if not asked and amount:
        asked = asked_for(terms=_divisible(order), amount=amount)
    else:
        amounts = fitted([one.amount for one in asked], amount)
        asked = [
            Asked(kind=one.kind, amount=fits, on=one.on)
            for one, fits in zip(asked, amounts, strict=True)
            if fits
        ]
    if amount > before:
        take_release_back(order)
    _write(order, asked, now=now)
    follow_money(order, now=now)


def follow_delivery(order: Order, *, now: datetime) -> None:
    """Move the dues that hang on the delivery with its day, planned or actual.

    Called by whoever has changed the day of a held order.
    """
    asked = [
        Asked(kind=DueKind(due.kind), amount=due.amount, on=due.due_on) for due in dues_of(order)
    ]
    _write(order, asked, now=now)
    follow_money(order, now=now)


def _divisible(order: Order) -> Terms:
    """Instalments without their days are no terms: all is due before delivery then."""
    return Terms.PREPAID if order.terms == Terms.INSTALMENTS else Terms(order.terms)


def _days(order: Order) -> Days:
    parameters = order_terms(order.store)
    return Days(
        ordered_on=order.ordered_on,
        delivery_on=order.delivered_on or order.current_on,
        check_days=parameters.check_days,
        monthly_days=parameters.monthly_days,
    )


def _day_of(asked: Asked, days: Days) -> date | None:
    return due_day(asked.kind, days=days, on=asked.on)


def _write(order: Order, asked: Sequence[Asked], *, now: datetime) -> None:
    """Have the rows say what is asked for: those that stay keep their key, and so what hangs on
    them (a reminder, a dispute); those that go end theirs.
    """
    days = _days(order)
    rows = dues_of(order)
    for position, (row, one) in enumerate(zip(rows, asked, strict=False)):
        row.position, row.kind, row.amount = position, one.kind, one.amount
        row.due_on = _day_of(one, days)
    gone = [row.pk for row in rows[len(asked) :]]
    Due.objects.filter(pk__in=gone).delete()
    Due.objects.bulk_update(rows[: len(asked)], ["position", "kind", "amount", "due_on"])
    Due.objects.bulk_create(
        Due(
            order=order,
            position=position,
            kind=one.kind,
            amount=one.amount,
            due_on=_day_of(one, days),
        )
        for position, one in enumerate(asked)
        if position >= len(rows)
    )
    if gone:
        followups.end_anchor_days(
            anchor=Anchor.RECEIVABLE, subject_ids=gone, now=now, asks=False
        )  # fmt: skip
