"""Who leads a store, in sales and in service: the one place that says so, in SQL and in Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from staff.models import Duty, Person, Store
from staff.states import UNIT_MANAGER_ROLES, DutyKind


def manager_sql(store: str = "store.id", *, but: str = "NULL::bigint") -> str:
    """Who leads the store `store` by role, in SQL (ORG-12): whoever works there before whom it
    shares with others, the first of several who is not `but`.
    """
    leads = "person.is_active AND person.id IS DISTINCT FROM " + but
    roles = ", ".join(f"'{role.value}'" for role in UNIT_MANAGER_ROLES)
    return f"""
        (SELECT led.id FROM (
                SELECT person.id, 0 AS rank FROM staff_person person
                 WHERE person.store_id = {store} AND {leads} AND person.role IN ({roles})
                 UNION ALL
                SELECT person.id, 1 FROM staff_person_other_stores shared
                  JOIN staff_person person ON person.id = shared.person_id
                 WHERE shared.store_id = {store} AND {leads} AND person.role IN ({roles})
                ) led ORDER BY led.rank, led.id LIMIT 1)"""


def on_duty_sql(
    kind: DutyKind, *, store: str = "store.id", region: str = "store.region_id", today: str
) -> str:
    """Who has this duty today for the store, its region, or all, in SQL: the nearest, the longest.

    The parameters stand in the order today, store, region.
    """
    return f"""
        (SELECT duty.person_id
           FROM (SELECT {today}::date AS today, {store} AS store_id, {region} AS region_id) asked
           JOIN staff_duty duty
             ON duty.kind = '{kind.value}' AND duty.starts_on <= asked.today
            AND (duty.ends_on IS NULL OR duty.ends_on >= asked.today)
            AND (duty.store_id = asked.store_id OR duty.region_id = asked.region_id
                 OR duty.store_id IS NULL AND duty.region_id IS NULL)
           JOIN staff_person person ON person.id = duty.person_id AND person.is_active
          ORDER BY duty.store_id NULLS LAST, duty.region_id NULLS LAST, duty.id LIMIT 1)"""


# Who leads each store on the day `today`: by role; in sales, by duty or else by role; in service
# likewise (ORG-12, AFT-02, AFT-25).
LEADERS = f"""
    SELECT store.id AS store_id, manager.id AS manager_id,
           COALESCE({on_duty_sql(DutyKind.SALES_MANAGER, today="%(today)s")},
                    manager.id) AS sales_id,
           COALESCE({on_duty_sql(DutyKind.SERVICE_LEAD, today="%(today)s")},
                    manager.id) AS service_id
      FROM staff_store store
     CROSS JOIN LATERAL (SELECT {manager_sql()} AS id OFFSET 0) manager
"""


def leader_of(store: Store, *, but: Person | None = None) -> Person | None:
    """Who leads this store or team by role, the first who is not `but`; None where nobody does."""
    sql = manager_sql("%s", but="%s::bigint")
    passed_over = but.pk if but else None
    params = [store.pk, passed_over, store.pk, passed_over]
    return Person.objects.filter(pk=RawSQL(sql, params)).first()


def leaders_of(stores: Iterable[int]) -> dict[int, Person]:
    """Who leads each of these stores, as `leader_of` has it; stores that nobody leads are left out.

    Two queries.
    """
    led = Store.objects.filter(pk__in=set(stores)).order_by("pk")
    found = dict(led.values_list("pk", RawSQL(manager_sql("staff_store.id"), ())))
    people = Person.objects.in_bulk([pk for pk in found.values() if pk is not None])
    return {store: people[pk] for store, pk in found.items() if pk is not None}


@dataclass(frozen=True, kw_only=True)
class Leaders:
    """Who leads a store on one day, in sales and in service, by id; None where nobody does."""

    sales_id: int | None = None
    service_id: int | None = None


def leaders_on(today: date) -> dict[int, Leaders]:
    """Store → who leads it in sales and in service that day."""
    with connection.cursor() as cursor:
        cursor.execute(LEADERS, {"today": today})
        return {
            store: Leaders(sales_id=sales, service_id=service)
            for store, _manager, sales, service in cursor.fetchall()
        }


def service_lead_of(store: Store, *, today: date) -> Person | None:
    """Who leads the service of this store by duty on this day; None where nobody has the duty."""
    sql = on_duty_sql(DutyKind.SERVICE_LEAD, store="%s", region="%s", today="%s")
    return Person.objects.filter(pk=RawSQL(sql, [today, store.pk, store.region_id])).first()


def service_leads_of(store: Store, *, today: date) -> QuerySet[Person]:
    """All who lead the service of this store on this day, its own, a region's or everybody's."""
    duties = Duty.objects.filter(
        Q(store=store) | Q(region=store.region_id, store=None) | Q(store=None, region=None),
        Q(ends_on=None) | Q(ends_on__gte=today),
        kind=DutyKind.SERVICE_LEAD,
        starts_on__lte=today,
        person=OuterRef("pk"),
    )
    return Person.objects.filter(Exists(duties), is_active=True).order_by("pk")
