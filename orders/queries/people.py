"""Who may be chosen for the work of an order."""

from datetime import date

from django.db.models import Q, QuerySet

from orders.models import Order
from staff.models import Person
from staff.scope import running_duties
from staff.states import DutyKind


def clerks(order: Order, *, today: date) -> QuerySet[Person]:
    """Who has the order desk now, but for who sold it; and who checks it already."""
    duties = running_duties(on=today).filter(kind=DutyKind.ORDER_DESK)
    people = Person.objects.filter(Q(pk__in=duties.values("person"), is_active=True)
                                   | Q(pk=order.clerk_id))  # fmt: skip
    return people.exclude(pk=order.seller_id).order_by("name", "pk")
