"""Payments, bills and credits as lists read them: within reach, with all that a row says."""

from datetime import date, timedelta

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from orders.models import Bill, Credit, CreditUse, Payment
from orders.queries.deposits import visible_payments
from orders.queries.visible import visible_orders
from orders.states import BillState, CreditStanding, CreditUseKind
from staff.models import Store
from staff.scope import Reach, visible_stores
from staff.states import Role

MONEY = DecimalField(max_digits=14, decimal_places=2)
WEEK = timedelta(days=7)


def stores_of(reach: Reach) -> QuerySet[Store]:
    """The stores among whose money this person may choose."""
    if reach.role == Role.FINANCE:
        return Store.objects.filter(is_active=True).order_by("code", "pk")
    found = visible_stores(reach) if reach.leads_stores else Store.objects.none()
    return found.order_by("code", "pk")


def listed_payments(reach: Reach) -> QuerySet[Payment]:
    """Payments with their order, whoever took and decided on them, and what proves them."""
    return visible_payments(reach).select_related(
        "order__store", "taken_by", "confirmed_by", "returned_by", "slip", "bill"
    )


def to_confirm(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Those on which finance has not decided."""
    return payments.filter(confirmed_at=None, returned_at=None)


def listed_bills(reach: Reach) -> QuerySet[Bill]:
    """Cheques and acceptances with the payment that was made by them."""
    payments = visible_payments(reach)
    found = Bill.objects.all() if reach.sees_all else Bill.objects.filter(
        payment__in=payments.values("pk")
    )  # fmt: skip
    return found.select_related("payment__order__store", "payment__taken_by", "changed_by")


def in_hand(bills: QuerySet[Bill]) -> QuerySet[Bill]:
    """Bills that are neither money yet nor known not to be."""
    return bills.filter(state=BillState.HELD, payment__returned_at=None)


def _used(kind: CreditUseKind) -> Coalesce:
    """What of a credit went by one way, and stands."""
    uses = CreditUse.objects.filter(credit=OuterRef("pk"), kind=kind, refused_at=None)
    if kind == CreditUseKind.REFUND:
        uses = uses.filter(done_at__isnull=False)
    total = uses.order_by().values("credit").annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total, output_field=MONEY), Value(0), output_field=MONEY)


def visible_credits(reach: Reach | None, *, today: date) -> QuerySet[Credit]:
    """Credits of the orders this person sees; `reach` None is the machine itself."""
    if reach is None:
        return Credit.objects.all()
    orders = visible_orders(reach, today=today)
    return Credit.objects.filter(order__in=orders.values("pk"))


def listed_credits(reach: Reach | None, *, today: date) -> QuerySet[Credit]:
    """The same with what a row says: how much was offset and refunded, whether a refund waits."""
    asked = CreditUse.objects.filter(
        credit=OuterRef("pk"), kind=CreditUseKind.REFUND, done_at=None, refused_at=None
    )
    found = visible_credits(reach, today=today).annotate(
        offset=_used(CreditUseKind.OFFSET),
        refunded=_used(CreditUseKind.REFUND),
        is_asked=Exists(asked),
    )
    return found.select_related("order__store", "order__customer", "handler", "contacted_by")


# Something of it is still with us: what was only asked for is.
STILL_KEPT = Q(amount__gt=F("offset") + F("refunded"))


def in_standing(credits: QuerySet[Credit], standing: CreditStanding, *, today: date) -> QuerySet:
    """Those of `listed_credits` that stand so today; the twin of `rules.credits.standing`."""
    if standing == CreditStanding.OPEN:
        return credits.filter(STILL_KEPT, refundable_from__gte=today)
    if standing == CreditStanding.OVERDUE:
        return credits.filter(STILL_KEPT, refundable_from__lt=today)
    done = credits.exclude(STILL_KEPT)
    by_refund = Q(refunded__gte=F("offset"))
    return done.filter(by_refund if standing == CreditStanding.REFUNDED else ~by_refund)


def due_this_week(credits: QuerySet[Credit], *, today: date) -> QuerySet:
    """Those that may be refunded within a week from today."""
    return credits.filter(STILL_KEPT, refundable_from__range=(today, today + WEEK))
