"""Who leads a store: SQL and Python say the same, and what a slow account of it says."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from staff.leaders import LEADERS, leader_of, leaders_of, leaders_on, service_lead_of
from staff.models import Duty, Person, Store
from staff.states import DutyKind, Role
from tests.examples import examples
from tests.factories.staff import DutyFactory, PersonFactory, RegionFactory, StoreFactory
from tests.followups.oracle_hands import by_duty, by_role
from tests.followups.test_engine_properties import undone

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 18)

PEOPLE = st.lists(
    st.tuples(
        st.sampled_from([Role.STORE_MANAGER, Role.FIELD_SUPERVISOR, Role.SALES_STORE]),
        st.integers(0, 2),  # where they work
        st.sets(st.integers(0, 2), max_size=2),  # where they are shared
        st.booleans(),
    ),
    max_size=6,
)
DUTIES = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from([DutyKind.SALES_MANAGER, DutyKind.SERVICE_LEAD]),
        st.sampled_from(["store", "region", "all"]),
        st.integers(0, 2),
        st.integers(-2, 1),  # begins so many days from today
        st.none() | st.integers(-1, 1),  # its last day
    ),
    max_size=6,
)


def world(people, duties) -> tuple[list[Store], list[Person], list[Duty]]:
    east, west = RegionFactory(), RegionFactory()
    stores = [StoreFactory(region=east), StoreFactory(region=east), StoreFactory(region=west)]
    found = []
    for role, home, shared, is_active in people:
        person = PersonFactory(role=role, store=stores[home], is_active=is_active)
        person.other_stores.set([stores[index] for index in shared])
        found.append(person)
    given_to = []
    for who, kind, where, at, begins, ends in duties if found else ():
        starts_on = TODAY + timedelta(days=begins)
        ends_on = None if ends is None else max(starts_on, TODAY + timedelta(days=ends))
        place = {"store": stores[at]} if where == "store" else {}
        place = {"region": stores[at].region} if where == "region" else place
        person = found[who % len(found)]
        told = {"person": person, "kind": kind, "store": None, "region": None, **place}
        if not Duty.objects.filter(**told, ends_on=None).exists():
            given_to.append(DutyFactory(**told, starts_on=starts_on, ends_on=ends_on))
    return stores, found, given_to


@examples(40)
@given(people=PEOPLE, duties=DUTIES)
@example(
    people=[(Role.STORE_MANAGER, 1, {0}, True), (Role.STORE_MANAGER, 0, set(), True)], duties=[]
)
@example(people=[(Role.STORE_MANAGER, 1, {0}, True)], duties=[])
@example(
    people=[(Role.SALES_STORE, 0, set(), True)] * 2,
    duties=[
        (0, DutyKind.SERVICE_LEAD, "all", 0, 0, None),
        (1, DutyKind.SERVICE_LEAD, "region", 0, 0, None),
    ],
)
def test_everybody_is_told_the_same_leader(people, duties):
    with undone():
        stores, found, given_to = world(people, duties)
        named = leaders_on(TODAY)
        managers = leaders_of(store.pk for store in stores)
        for store in stores:
            manager = by_role(store, found)
            others = [person for person in found if person.pk != manager]
            but = Person.objects.filter(pk=manager).first()
            assert pk_of(leader_of(store, but=but)) == by_role(store, others)
            service = by_duty("service_lead", store, given_to, on=TODAY)
            sales = by_duty("sales_manager", store, given_to, on=TODAY)
            assert pk_of(leader_of(store)) == pk_of(managers.get(store.pk)) == manager
            assert pk_of(service_lead_of(store, today=TODAY)) == service
            assert named[store.pk].sales_id == (sales or manager)
            assert named[store.pk].service_id == (service or manager)


def pk_of(person: Person | None) -> int | None:
    return person.pk if person else None


def test_the_control_a_manager_whom_a_store_shares_was_nobodys_leader():
    """The control: without the shared managers the store has no leader at all."""
    store = StoreFactory()
    PersonFactory(role=Role.STORE_MANAGER).other_stores.add(store)
    with connection.cursor() as cursor:
        cursor.execute(
            LEADERS.replace("shared.store_id = store.id", "false") + " WHERE store.id = %(store)s",
            {"today": TODAY, "store": store.pk},
        )
        assert cursor.fetchone()[1:] == (None, None, None)
    assert leader_of(store) is not None


def test_the_leaders_of_many_stores_take_two_queries(django_assert_num_queries):
    stores = [StoreFactory() for _ in range(12)]
    for store in stores:
        PersonFactory(role=Role.STORE_MANAGER, store=store)
    with django_assert_num_queries(2):
        assert len(leaders_of(store.pk for store in stores)) == 12
