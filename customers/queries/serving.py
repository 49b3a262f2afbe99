"""Who may see to a customer."""

from django.db.models import Q, QuerySet

from customers.models import Access, Customer
from staff.models import Person
from staff.scope import SERVING_ROLES
from staff.states import UNIT_MANAGER_ROLES


def people_serving(customer: Customer, *, also: Q) -> QuerySet[Person]:
    """The keeper, who has access, who leads the store, and whoever `also` names, while they work
    here; by name.
    """
    opened = Access.objects.filter(customer=customer).values("person")
    shared = Person.other_stores.through.objects.filter(store=customer.store_id).values("person")
    leads = Q(role__in=UNIT_MANAGER_ROLES) & (Q(store=customer.store_id) | Q(pk__in=shared))
    people = Person.objects.filter(
        Q(pk=customer.owner_id) | Q(pk__in=opened) | leads | also,
        is_active=True,
        role__in=SERVING_ROLES,
    )
    return people.order_by("name", "pk")
