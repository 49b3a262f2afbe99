"""`report credits`: what order changes left with us for customers (顾客挂帐信息表, forms 2.11)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch
from django.utils import timezone

from core.phones import mask_in_text
from orders.models import CreditUse
from orders.queries.money_lists import listed_credits
from orders.rules.credits import standing
from orders.showing.credits import name_on_list
from orders.states import CreditStanding, CreditUseKind
from reports.asking.parameters import OF_STORE, Parameter, days_of, read_day
from reports.rules.values import day, money
from staff.scope import Reach

NOTHING = Decimal(0)
PARAMETERS = (
    OF_STORE,
    Parameter(name="from", hint="YYYY-MM-DD", about="changed on this day or later", read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="changed on this day or earlier", read=read_day),
)
COLUMNS = (
    "customer", "order_no", "store", "changed_on", "change_kind", "original_amount", "new_amount",
    "credit_amount", "refund_due_on", "state", "offset", "refunded", "left", "refund_asked",
    "contacted_at", "contact_content", "offset_order_no", "refunded_on", "refund_way", "voucher",
    "handler", "flags",
)  # fmt: skip


def credits(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each credit, oldest change first. `reach` None sees everybody."""
    begins, ends = days_of(params)
    today = timezone.localdate(now)
    uses = CreditUse.objects.filter(refused_at=None, done_at__isnull=False)
    found = listed_credits(reach, today=today).prefetch_related(
        Prefetch("uses", uses.select_related("order").order_by("pk"), to_attr="done")
    )
    if params.get("store"):
        found = found.filter(order__store__code=params["store"])
    if begins:
        found = found.filter(changed_on__gte=begins)
    if ends:
        found = found.filter(changed_on__lte=ends)
    listed = list(found.order_by(F("changed_on"), "pk"))
    rows = [_row(each, reach=reach, today=today) for each in listed]
    late = [each for each in listed if _standing(each, today=today) == CreditStanding.OVERDUE]
    total: dict[str, object] = {
        "rows": len(rows),
        "credit_amount": money(sum((each.amount for each in listed), NOTHING)),
        "left": money(sum((_left(each) for each in listed), NOTHING)),
        "overdue": len(late),
        "overdue_amount": money(sum((_left(each) for each in late), NOTHING)),
    }
    notes = [
        "a credit is refunded on refund_due_on or later and overdue from the day after; left is"
        " what was neither offset nor refunded, asked for or not",
    ]
    return rows, total, notes


def _left(credit: Any) -> Decimal:
    return credit.amount - credit.offset - credit.refunded


def _standing(credit: Any, *, today: date) -> CreditStanding:
    return standing(
        amount=credit.amount,
        offset=credit.offset,
        refunded=credit.refunded,
        refundable_from=credit.refundable_from,
        today=today,
    )


def _row(credit: Any, *, reach: Reach | None, today: date) -> dict[str, object]:
    store = credit.order.store
    refunds = [use for use in credit.done if use.kind == CreditUseKind.REFUND]
    offsets = [use.order.number for use in credit.done if use.kind == CreditUseKind.OFFSET]
    contacted = credit.contacted_at
    return {
        "customer": name_on_list(credit, reach) or None,
        "order_no": credit.order.number,
        "store": store.code,
        "changed_on": day(credit.changed_on),
        "change_kind": credit.kind,
        "original_amount": money(credit.before),
        "new_amount": money(credit.after),
        "credit_amount": money(credit.amount),
        "refund_due_on": day(credit.refundable_from),
        "state": _standing(credit, today=today).value,
        "offset": money(credit.offset),
        "refunded": money(credit.refunded),
        "left": money(_left(credit)),
        "refund_asked": credit.is_asked,
        "contacted_at": timezone.localtime(contacted, store.tzinfo).isoformat(timespec="seconds")
        if contacted
        else None,
        "contact_content": mask_in_text(credit.contact_note) or None,
        "offset_order_no": offsets,
        "refunded_on": day(store.today(max(use.done_at for use in refunds))) if refunds else None,
        "refund_way": [use.method for use in refunds],
        "voucher": [use.voucher for use in refunds],
        "handler": credit.handler.username,
        "flags": [] if contacted else ["NOT_CONTACTED"],
    }
