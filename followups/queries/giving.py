"""To whom a task may be given."""

from datetime import datetime

from django.db.models import Q, QuerySet

from customers.models import Customer
from followups.queries.cases import able_people
from staff.models import Person
from staff.queries_of_absences import running
from staff.scope import running_duties
from staff.states import DutyKind


def able_to_take(customer: Customer, *, now: datetime) -> QuerySet[Person]:
    """Who can be given a task of this customer: who can be given a case of theirs, the keeper's
    assistants, and who stands in for the keeper today (FUP-30).
    """
    today = customer.store.today(now)
    able = able_people(customer, about=None, now=now)
    duties = running_duties(on=today).filter(kind=DutyKind.ASSISTANT, assists=customer.owner_id)
    standing_in = running(on=today).filter(person=customer.owner_id)
    return Person.objects.filter(
        Q(pk__in=able.order_by().values("pk"))
        | Q(pk__in=duties.values("person"))
        | Q(pk__in=standing_in.values("stand_in")),
        is_active=True,
    )
