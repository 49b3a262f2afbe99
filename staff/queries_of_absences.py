"""Who is away, when, and who stands in."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from staff.absence_rules import Worker
from staff.models import Absence, Person
from staff.scope import CUSTOMER_ROLES, SERVING_ROLES, Reach, visible_people
from staff.states import SALES_ROLES, UNIT_MANAGER_ROLES, Role

KEPT_IN_SIGHT = timedelta(days=30)


def running(*, on: date) -> QuerySet[Absence]:
    """Leave that holds on this day."""
    return Absence.objects.filter(called_off_at=None, starts_on__lte=on, ends_on__gte=on)


def people_away(*, on: date) -> QuerySet:
    """Ids of the people who are away on this day."""
    return running(on=on).values("person")


def stand_ins_of(people: Iterable[int], *, on: date) -> dict[int, list[int]]:
    """Who stands in for each of these people on this day; those who are there are left out."""
    rows = running(on=on).filter(person__in=set(people)).order_by("pk")
    found: dict[int, list[int]] = {}
    for person, stand_in in rows.values_list("person", "stand_in"):
        found.setdefault(person, []).append(stand_in)
    return found


def leave_ahead(people: QuerySet[Person], *, on: date) -> QuerySet[Absence]:
    """The leave of these people that holds on this day or is to come; the soonest comes last."""
    rows = Absence.objects.filter(called_off_at=None, ends_on__gte=on, person__in=people)
    return rows.order_by("-starts_on", "-pk")


def visible_absences(reach: Reach, *, today: date) -> QuerySet[Absence]:
    """Leave of people within reach, one's own, and that in which one stands in; the coming and
    the last month's, soonest first.
    """
    mine = Q(person=reach.person_id) | Q(stand_in=reach.person_id)
    rows = Absence.objects.filter(mine | Q(person__in=visible_people(reach)))
    shown = rows.filter(ends_on__gte=today - KEPT_IN_SIGHT)
    named = shown.select_related("person__store", "stand_in__store", "set_by", "called_off_by")
    return named.order_by("starts_on", "pk")


def people_to_excuse(me: Worker) -> QuerySet[Person]:
    """Whose leave this person may write down: the twin of `absence_rules.may_set`."""
    people = Person.objects.filter(is_active=True, is_system=False, role__in=CUSTOMER_ROLES)
    if me.role != Role.OPS_MANAGER:
        led = Q(store__in=me.units if me.role in UNIT_MANAGER_ROLES else (), role__in=SALES_ROLES)
        people = people.filter(led | Q(pk=me.person_id))
    return people.order_by("name", "pk")


def people_to_stand_in(me: Worker) -> QuerySet[Person]:
    """Who may be asked to stand in, as this page offers them; the service has the last word.

    Whoever speaks for themselves alone is not offered.
    """
    people = Person.objects.filter(is_active=True, is_system=False)
    if me.role == Role.OPS_MANAGER:
        return people.filter(role__in=CUSTOMER_ROLES).order_by("store__code", "name", "pk")
    if me.role not in SERVING_ROLES:
        return people.filter(role=me.role).exclude(pk=me.person_id).order_by("name", "pk")
    shared = Person.other_stores.through.objects.filter(store__in=me.units).values("person")
    near = Q(store__in=me.units) | Q(pk__in=shared)
    if me.role not in UNIT_MANAGER_ROLES:
        people = people.exclude(pk=me.person_id)
    return people.filter(near, role__in=SERVING_ROLES).order_by("store__code", "name", "pk")
