"""The order register (订单登记表): a day of a store, its month against its task (ORD-16)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.days import day_of, day_text
from orders.models import Order
from orders.queries.register import RegisteredOrder, Sums, registered, sums_by, total_of
from orders.queries.rights import may_read
from orders.queries.visible import order_stores, sees_stores, visible_orders
from orders.showing.register import figures, order_shown, sellers_shown, sheet
from orders.states import OrderState
from orders.views.fetching import refuse_unless
from staff.access import only, signed_in
from staff.handing_out import hand_out
from staff.lists import chosen_number
from staff.models import Person, Store
from staff.queries_of_targets import people_with_targets, person_targets, store_targets
from staff.requests import Request
from staff.scope import ORDER_EXPORTING_ROLES, TARGET_ROLES, own_or_first
from staff.states import TargetKind


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which day of which store, and of `whom` alone: who sees no more than the own orders.

    `today` is where the store is.
    """

    store: Store
    stores: list[Store]
    day: date
    today: date
    whom: Person | None
    orders: QuerySet[Order]

    def url(self, name: str = "orders:register", **changed: object) -> str:
        now = {"store": self.store.pk, "day": self.day, **changed}
        said = {name: str(value) for name, value in now.items()}
        return f"{reverse(name)}?{urlencode(said)}"

    @property
    def narrowing(self) -> dict[str, object]:
        """What narrows the ledger to the same orders."""
        if self.whom is not None:
            return {"store": self.store.pk, "scope": "me"}
        return {"store": self.store.pk}


def asked_of(request: Request) -> Asked:
    """The day and the store that the address names, within reach (404)."""
    reach, now = request.reach, timezone.now()
    today = timezone.localdate(now)
    stores = list(order_stores(reach, today=today))
    chosen = chosen_number(request.GET, "store")
    if chosen is None:
        store = own_or_first(stores, request.user.store_id)
    else:
        store = next((each for each in stores if each.pk == chosen), None)
    if store is None:
        raise Http404
    orders = visible_orders(reach, today=today).filter(store=store)
    whom = None if sees_stores(reach) else request.user
    return Asked(
        store=store,
        stores=stores,
        day=day_of(request.GET.get("day", "")) or store.today(now),
        today=store.today(now),
        whom=whom,
        orders=orders.filter(seller=whom) if whom else orders,
    )


@dataclass(frozen=True, kw_only=True)
class Found:
    """The register: its orders, its sums by consultant and in all, and its task."""

    orders: list[RegisteredOrder]
    by_seller: dict[int, Sums]
    sums: Sums
    target: Decimal | None


def _found(asked: Asked, request: Request) -> Found:
    today, first = asked.today, asked.day.replace(day=1)
    by_seller = sums_by(asked.orders, day=asked.day, by="seller")
    if asked.whom is None:
        targets = store_targets(first, kind=TargetKind.ORDERS, stores=[asked.store.pk])
        target = targets.get(asked.store.pk)
    else:
        own = person_targets(first, kind=TargetKind.ORDERS, store=asked.store.pk)
        target = own.get(asked.whom.pk)
    return Found(
        orders=registered(
            asked.orders, since=asked.day, until=asked.day, reach=request.reach, today=today
        ),
        by_seller=by_seller,
        sums=total_of(by_seller.values()),
        target=target,
    )


@signed_in
@require_safe
def register(request: Request) -> HttpResponse:
    """A day's orders of a store, the month so far against its task, by consultant."""
    refuse_unless(may_read(request.reach))
    asked = asked_of(request)
    today = asked.today
    found = _found(asked, request)
    counted = [order for order in found.orders if order.state != OrderState.CANCELLED]
    may_export = request.reach.has_role(ORDER_EXPORTING_ROLES)
    month = f"{asked.day:%Y-%m}"
    context = {
        "store": asked.store,
        "whom": asked.whom,
        "stores": [(each.name, asked.url(store=each.pk), each == asked.store)
                   for each in asked.stores],
        "day": day_text(asked.day, today=today),
        "day_iso": asked.day.isoformat(),
        "earlier_url": asked.url(day=asked.day - timedelta(days=1)),
        "later_url": asked.url(day=asked.day + timedelta(days=1)),
        "today_url": "" if asked.day == today else asked.url(day=today),
        "stats": figures(
            found.sums, orders=len(counted), day=asked.day, target=found.target,
            asked=asked.narrowing, today=today,
        ),
        "orders": [order_shown(order, today=today) for order in found.orders],
        "sellers": _sellers(asked, found),
        "export_url": asked.url("orders:register_sheet") if may_export else "",
        "targets_url": f"{reverse('staff:targets')}?store={asked.store.pk}&month={month}"
        if request.reach.has_role(TARGET_ROLES)
        else "",
    }  # fmt: skip
    return TemplateResponse(request, "orders/register.html", context)


def _sellers(asked: Asked, found: Found) -> list[object]:
    """The consultants of the store; nobody for who sees the own orders alone."""
    if asked.whom is not None:
        return []
    names = {person.pk: person.name for person in people_with_targets(asked.store)}
    gone = set(found.by_seller) - set(names)
    if gone:
        names |= dict(Person.objects.filter(pk__in=gone).values_list("pk", "name"))
    targets = person_targets(asked.day.replace(day=1), kind=TargetKind.ORDERS, store=asked.store.pk)
    return list(
        sellers_shown(
            found.by_seller, names=names, targets=targets, day=asked.day, store=asked.store.pk
        )
    )


@only(ORDER_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register_sheet(request: Request) -> HttpResponse:
    """The register of a day as a file."""
    asked = asked_of(request)
    found = _found(asked, request)
    return hand_out(
        request,
        name="order-register",
        rows=len(found.orders),
        make=lambda mark: sheet(
            found.orders, day=asked.day, sums=found.sums, target=found.target, mark=mark
        ),
        back_url=asked.url(),
        store=asked.store.pk,
        day=asked.day.isoformat(),
    )
