"""The deliveries of a month (月送货统计表): totals, rows, what is not ready (ORD-19, ORD-20)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.days import month_of, month_text
from orders.models import Order
from orders.queries.deliveries import (
    Month,
    MonthsOrder,
    not_ready,
    of_month,
    sums_by_store,
    total_of,
)
from orders.queries.rights import may_move, may_read
from orders.queries.visible import order_stores, sees_stores, visible_orders
from orders.showing.month_deliveries import figures, not_ready_shown, sheet, shown, store_shown
from orders.states import RUNNING_ORDERS
from orders.views.fetching import refuse_unless
from staff.access import only, signed_in
from staff.handing_out import hand_out
from staff.lists import chosen_number
from staff.models import Store
from staff.queries_of_targets import person_targets, store_targets
from staff.requests import Request
from staff.scope import ORDER_EXPORTING_ROLES, TARGET_ROLES, own_or_first
from staff.states import TargetKind

ALL = "all"
# No store delivers more in a month; whoever does narrows the ledger.
MOST_ROWS = 500


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which month of which store; None is all that are seen. `today` is where the store is."""

    month: Month
    today: date
    store: Store | None
    stores: list[Store]
    orders: QuerySet[Order]
    is_own: bool

    def url(self, name: str = "orders:deliveries", **changed: object) -> str:
        store = self.store.pk if self.store else ALL
        said = {"store": store, "month": f"{self.month.first:%Y-%m}", **changed}
        return f"{reverse(name)}?{urlencode({key: str(value) for key, value in said.items()})}"

    @property
    def narrowing(self) -> dict[str, object]:
        return {"store": self.store.pk if self.store else None}


def _asked(request: Request) -> Asked:
    """The month and the store that the address names, within reach (404)."""
    reach, now = request.reach, timezone.now()
    today = timezone.localdate(now)
    stores = list(order_stores(reach, today=today))
    orders = visible_orders(reach, today=today)
    wants_all = request.GET.get("store") == ALL and len(stores) > 1
    chosen = chosen_number(request.GET, "store")
    if chosen is None:
        store = None if wants_all else own_or_first(stores, request.user.store_id)
    else:
        store = next((each for each in stores if each.pk == chosen), None)
    if store is None and not wants_all:
        raise Http404
    is_own = not sees_stores(reach)
    today = store.today(now) if store else today
    first = month_of(request.GET.get("month", "")) or today.replace(day=1)
    return Asked(
        month=Month(first=first),
        today=today,
        store=store,
        stores=stores,
        orders=orders.filter(store=store) if store and not is_own else orders,
        is_own=is_own,
    )


@signed_in
@require_safe
def deliveries(request: Request) -> HttpResponse:
    """A month's deliveries of a store, or of all stores side by side."""
    refuse_unless(may_read(request.reach))
    asked = _asked(request)
    today = asked.today
    by_store = sums_by_store(asked.orders, asked.month)
    sums = total_of(by_store.values())
    targets = _targets(asked, request)
    target = sum(targets.values()) if targets else None
    rows = _rows(asked, request) if asked.store else []
    context = {
        "place": asked.store.name if asked.store else _("All stores"),
        "stores": _places(asked),
        "month": month_text(asked.month.first),
        "earlier_url": asked.url(month=f"{asked.month.moved(-1).first:%Y-%m}"),
        "later_url": asked.url(month=f"{asked.month.moved(1).first:%Y-%m}"),
        "stats": figures(
            sums,
            target=target,
            month=asked.month,
            asked=asked.narrowing,
            lists_rows=asked.store is not None,
        ),
        "is_of_store": asked.store is not None,
        "by_store": _by_store(asked, by_store, targets),
        "rows": [
            shown(row, may_plan=_may_plan(row, request), today=today) for row in rows[:MOST_ROWS]
        ],
        "more": max(len(rows) - MOST_ROWS, 0),
        "not_ready": [
            not_ready_shown(each, today=today) for each in not_ready(rows, asked.month, today=today)
        ],
        "export_url": asked.url("orders:deliveries_sheet")
        if asked.store and request.reach.has_role(ORDER_EXPORTING_ROLES)
        else "",
        "targets_url": asked.url("staff:targets")
        if asked.store and request.reach.has_role(TARGET_ROLES)
        else "",
    }
    return TemplateResponse(request, "orders/deliveries.html", context)


def _may_plan(row: MonthsOrder, request: Request) -> bool:
    return row.state in RUNNING_ORDERS and may_move(row, request.reach)


def _rows(asked: Asked, request: Request) -> list[Any]:
    return list(of_month(asked.orders, asked.month, reach=request.reach, today=asked.today))


def _targets(asked: Asked, request: Request) -> dict[int, Any]:
    """The month's targets of the stores shown; of who sees the own orders alone, their own."""
    first, kind = asked.month.first, TargetKind.DELIVERIES
    if asked.is_own and asked.store:
        own = person_targets(first, kind=kind, store=asked.store.pk).get(request.user.pk)
        return {} if own is None else {asked.store.pk: own}
    stores = [asked.store.pk] if asked.store else [store.pk for store in asked.stores]
    return store_targets(first, kind=kind, stores=stores)


def _places(asked: Asked) -> list[tuple[str, str, bool]]:
    if len(asked.stores) < 2:
        return []
    everywhere = (_("All stores"), asked.url(store=ALL), asked.store is None)
    return [
        everywhere,
        *((each.name, asked.url(store=each.pk), each == asked.store) for each in asked.stores),
    ]


def _by_store(asked: Asked, by_store: dict, targets: dict) -> list[object]:
    """All stores side by side; nothing where one is shown."""
    if asked.store is not None:
        return []
    return [
        store_shown(
            store.name,
            asked.url(store=store.pk),
            by_store.get(store.pk) or total_of([]),
            target=targets.get(store.pk),
        )
        for store in asked.stores
    ]


@only(ORDER_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def deliveries_sheet(request: Request) -> HttpResponse:
    """The month of a store as a file."""
    asked = _asked(request)
    if asked.store is None:
        raise Http404
    rows = _rows(asked, request)
    return hand_out(
        request,
        name="deliveries",
        rows=len(rows),
        make=lambda mark: sheet(rows, mark=mark),
        back_url=asked.url(),
        store=asked.store.pk,
        month=f"{asked.month.first:%Y-%m}",
    )
