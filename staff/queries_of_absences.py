"""Who is away, when, and who stands in."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from staff.models import Absence, Person
from staff.scope import CUSTOMER_ROLES, SERVING_ROLES, Reach, visible_people
from staff.states import Role

KEPT_IN_SIGHT = timedelta(days=30)


def running(*, on: date) -> QuerySet[Absence]:
    """Leave that holds on this day."""
    return Absence.objects.filter(called_off_at=None, starts_on__lte=on, ends_on__gte=on)


def people_away(*, on: date) -> QuerySet:
    """Ids of the people who are away on this day."""
    return running(on=on).values("person")


def visible_absences(reach: Reach, *, today: date) -> QuerySet[Absence]:
    """Leave of people within reach, one's own, and that in which one stands in; the coming and
    the last month's, soonest first.
    """
    mine = Q(person=reach.person_id) | Q(stand_in=reach.person_id)
    rows = Absence.objects.filter(mine | Q(person__in=visible_people(reach)))
    shown = rows.filter(ends_on__gte=today - KEPT_IN_SIGHT)
    named = shown.select_related("person__store", "stand_in__store", "set_by", "called_off_by")
    return named.order_by("starts_on", "pk")


def people_to_excuse(reach: Reach) -> QuerySet[Person]:
    """Whose leave this person may write down: the own, the unit's people's, everybody's."""
    people = Person.objects.filter(is_active=True, is_system=False, role__in=CUSTOMER_ROLES)
    if reach.role == Role.OPS_MANAGER:
        return people.order_by("name", "pk")
    leads = reach.leads_stores and reach.may_reassign
    theirs = Q(store__in=reach.store_ids) if leads else Q(pk=reach.person_id)
    return people.filter(theirs | Q(pk=reach.person_id)).order_by("name", "pk")


def people_to_stand_in(reach: Reach, person: Person) -> QuerySet[Person]:
    """Who may be asked to stand in, as this page offers them; the service has the last word."""
    people = Person.objects.filter(is_active=True, is_system=False)
    if reach.role == Role.OPS_MANAGER:
        return people.filter(role__in=CUSTOMER_ROLES).order_by("store__code", "name", "pk")
    if reach.role not in SERVING_ROLES:
        return people.filter(role=reach.role).exclude(pk=person.pk).order_by("name", "pk")
    near = Q(store=person.store_id) | Q(store__in=reach.store_ids)
    return people.filter(near, role__in=SERVING_ROLES).order_by("store__code", "name", "pk")
