"""The colours of orders in SQL: the twin of `orders.rules.completion`, and what it reads of a row.

`tests/orders/test_completion.py` holds the two together over random orders.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from orders.models import Due, Order, OrderTerms
from orders.rules.completion import CHECK_DAYS, DELIVERED, Progress, Standing, standing
from orders.states import OPEN_ORDERS, RUNNING_ORDERS, Completion, DueKind, OrderState, PayState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Facts(TypedDict):
        check_days: int
        owes_overdue: bool

    ColouredOrder = WithAnnotations[Order, _Facts]
else:
    ColouredOrder = Order

# Neither done nor cancelled: what the store still works on, or is still owed for.
IS_OPEN = ~Q(state=OrderState.CANCELLED) & ~(Q(state__in=DELIVERED) & Q(paid=F("amount")))
# Still to be delivered, as a whole or in part.
IS_RUNNING = Q(state__in=RUNNING_ORDERS)
IS_HERE = Q(lines_all__gt=0, lines_arrived=F("lines_all"))
IS_UNSUBMITTED = Q(lines_all=0) | Q(lines_submitted__lt=F("lines_all"))


def owes_overdue(*, today: date) -> Exists:
    """Whether a receivable of the order is past its day, the oldest amount settled first (3.10).

    One is open where all that is due up to it is more than what was paid: the twin of
    `orders.rules.ageing.still_open` for one order.
    """
    earlier = Q(due_on__lt=OuterRef("due_on"))
    same_day = Q(due_on=OuterRef("due_on"), position__lte=OuterRef("position"))
    up_to_it = Due.objects.filter(earlier | same_day, order=OuterRef("order")).order_by()
    owed = up_to_it.values("order").annotate(total=Sum("amount")).values("total")
    is_delivered = LessThanOrEqual(OuterRef("delivered_on"), Value(today))
    overdue = Due.objects.filter(
        Q(kind=DueKind.ON_DAY) | Q(is_delivered), order=OuterRef("pk"), due_on__lt=today
    )
    return Exists(overdue.filter(GreaterThan(Subquery(owed), OuterRef("paid"))))


def check_days() -> Coalesce:
    """How many days before its delivery an order of this store's trade is to be paid (ORD-20)."""
    terms = OrderTerms.objects.filter(trade=OuterRef("store__trade"))
    return Coalesce(Subquery(terms.values("check_days")[:1]), CHECK_DAYS)


def is_in_check_window(*, today: date) -> Q:
    """The planned delivery is so near that what is due before it is to be paid."""
    # A day and a number of days: PostgreSQL adds them as they are.
    until = Func(Value(today), check_days(), arg_joiner=" + ", template="(%(expressions)s)",
                 output_field=DateField())  # fmt: skip
    return Q(current_on__lte=until)


def with_facts(orders: QuerySet[Order], *, today: date) -> QuerySet[ColouredOrder]:
    """Each order with `check_days` and `owes_overdue`, which its colour needs beside the row."""
    return orders.annotate(check_days=check_days(), owes_overdue=owes_overdue(today=today))


def standing_of(order: ColouredOrder, *, today: date) -> Standing:
    """The colour of an order that was read `with_facts`."""
    return standing(
        Progress(
            state=OrderState(order.state),
            amount=order.amount,
            paid=order.paid,
            due_before=order.due_before,
            lines_all=order.lines_all,
            lines_arrived=order.lines_arrived,
            current_on=order.current_on,
            check_days=order.check_days,
            owes_overdue=order.owes_overdue,
        ),
        today=today,
    )


def with_completion(orders: QuerySet[Order], *, today: date) -> QuerySet[Any]:
    """Each order with `completion`, its colour: the twin of `rules.completion.standing`."""
    is_planned = ~Q(state__in=DELIVERED)
    colour = Case(
        When(state=OrderState.CANCELLED, then=Value(Completion.CANCELLED)),
        When(Q(state__in=DELIVERED, paid=F("amount")), then=Value(Completion.DONE)),
        When(is_planned & Q(current_on__lt=today), then=Value(Completion.OVERDUE)),
        When(
            is_planned & Q(paid__lt=F("due_before")) & is_in_check_window(today=today),
            then=Value(Completion.OVERDUE),
        ),
        When(owes_overdue(today=today), then=Value(Completion.OVERDUE)),
        When(
            Q(state__in=DELIVERED) | Q(amount=None) | Q(paid__lt=F("due_before")),
            then=Value(Completion.UNPAID),
        ),
        When(IS_HERE, then=Value(Completion.DELIVERABLE)),
        default=Value(Completion.AWAITED),
        output_field=CharField(),
    )
    return orders.annotate(completion=colour)


def of_completion(orders: QuerySet[Order], value: str, *, today: date) -> QuerySet[Order]:
    """Those of one colour, asked part by part: of the worked-out `completion` the planner knows
    nothing, and would reckon it for all before it takes the first page.
    """
    if value == Completion.CANCELLED:
        return orders.filter(state=OrderState.CANCELLED)
    if value == Completion.DONE:
        return orders.filter(state__in=DELIVERED, paid=F("amount"))
    found = orders.filter(IS_OPEN, state__in=OPEN_ORDERS)
    late = is_late(today=today)
    if value == Completion.OVERDUE:
        return found.filter(late)
    found = found.filter(~late)
    if value == Completion.UNPAID:
        return found.filter(_IS_UNPAID)
    found = found.exclude(_IS_UNPAID)
    return found.filter(IS_HERE if value == Completion.DELIVERABLE else ~IS_HERE)


# Of what is open and not late.
_IS_UNPAID = Q(state=OrderState.DELIVERED) | Q(amount=None) | Q(paid__lt=F("due_before"))


def is_late(*, today: date) -> Q:
    """Something is late about an order that is neither cancelled nor done: the twin of
    `rules.completion.late_with`.
    """
    near = Q(paid__lt=F("due_before")) & is_in_check_window(today=today)
    planned = Q(current_on__lt=today) | near
    return IS_RUNNING & planned | Q(owes_overdue(today=today))


def is_paid(value: str) -> Q:
    """The orders of one `PayState`: the twin of `rules.completion.pay_state`."""
    full = Q(paid=F("amount"))
    is_less = Q(amount=None) | ~full
    as_due = Q(paid__gt=0, due_before__gt=0, paid__gte=F("due_before"))
    return {
        PayState.FULL: full,
        PayState.NOTHING: is_less & Q(paid=0),
        PayState.AS_DUE: is_less & as_due,
        PayState.PART: is_less & Q(paid__gt=0) & ~as_due,
    }[PayState(value)]


def is_complete_to_deliver() -> Q:
    """可完结送货: all goods here and all of it paid, so that the delivery completes it (ORD-16)."""
    return IS_HERE & Q(paid=F("amount")) & IS_RUNNING
