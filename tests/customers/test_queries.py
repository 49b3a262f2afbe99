"""Who sees which customer, how one is found, and what stands on the timeline."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import queries, services
from customers.models import Access, Customer
from customers.queries import TIMELINE, TimelineKind
from customers.states import Channel, Grade, NextKind, Outcome, Reason
from staff.scope import reach_of
from staff.states import DutyKind, Role
from tests.factories.customers import NOW, CustomerFactory
from tests.factories.staff import DutyFactory, PersonFactory, StoreFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)


def seen_by(person):
    rows = queries.visible(reach_of(person, today=TODAY))
    return set(rows.values_list("name", flat=True))


@pytest.fixture
def town():
    """Two stores, a guide in each, one customer of each, and one that nobody keeps."""
    here, there = StoreFactory(), StoreFactory()
    guide, stranger = PersonFactory(store=here), PersonFactory(store=there)
    CustomerFactory(name="mine", owner=guide)
    CustomerFactory(name="theirs", owner=stranger)
    unkept = CustomerFactory(name="unkept", owner=guide)
    unkept.owner = None
    unkept.save(update_fields=["owner"])
    return guide, stranger


def person_of(role, store):
    bound = role in (Role.SALES_STORE, Role.SALES_FIELD, Role.STORE_MANAGER, Role.FIELD_SUPERVISOR)
    return PersonFactory(role=role, store=store if bound else None)


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.SALES_STORE, set()),
        (Role.SALES_FIELD, set()),
        (Role.STORE_MANAGER, {"mine", "unkept"}),
        (Role.FIELD_SUPERVISOR, {"mine", "unkept"}),
        (Role.MARKETING_MANAGER, {"mine", "theirs", "unkept"}),
        (Role.OPS_MANAGER, {"mine", "theirs", "unkept"}),
        (Role.MERCHANDISER, set()),
        (Role.FINANCE, set()),
        (Role.ADMIN, set()),
    ],
)
def test_each_role_sees_as_far_as_the_matrix_says(town, role, names):
    guide, _stranger = town
    assert seen_by(person_of(role, guide.store)) == names


def test_a_salesperson_sees_the_own_customers_and_those_opened_to_them(town):
    guide, stranger = town
    assert seen_by(guide) == {"mine"}
    services.give_access(customer=stranger.customers.get(), person=guide)
    assert seen_by(guide) == {"mine", "theirs"}
    assert Access.objects.count() == 1


def test_an_assistant_sees_what_the_assisted_keep(town):
    guide, stranger = town
    DutyFactory(person=guide, kind=DutyKind.ASSISTANT, assists=stranger)
    assert seen_by(guide) == {"mine", "theirs"}


def test_a_duty_for_a_store_opens_its_customers(town):
    guide, stranger = town
    DutyFactory(person=guide, kind=DutyKind.SALES_MANAGER, store=stranger.store)
    assert seen_by(guide) == {"mine", "theirs"}


# finding


def found(text):
    rows = queries.matching(Customer.objects.all(), text)
    return set(rows.values_list("name", flat=True))


@pytest.fixture
def people():
    CustomerFactory(name="许文博", phone="13800138001", address="天润福熙 5幢1单元802")
    CustomerFactory(name="周雅琴", phone="13911204476", address="望京花园 7幢3单元502")
    CustomerFactory(name="50%_off 店", phone="13651089920", address="北京市朝阳区望京花园")
    CustomerFactory(name="阿卜杜拉·买买提", phone="0571-88888888", address="")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("许文博", {"许文博"}),
        ("许", {"许文博"}),
        ("文博", {"许文博"}),
        ("博", {"许文博"}),
        ("xuwenbo", {"许文博"}),
        ("XUWEN", {"许文博"}),
        ("wenbo", {"许文博"}),
        ("xwb", {"许文博"}),
        ("xw", {"许文博"}),
        ("天润", {"许文博"}),
        ("望京花园", {"周雅琴", "50%_off 店"}),
        ("周 望京花园", {"周雅琴"}),
        ("阿卜杜拉•买买提", {"阿卜杜拉·买买提"}),
        ("买买提", {"阿卜杜拉·买买提"}),
        ("13800138001", {"许文博"}),
        ("138 0013 8001", {"许文博"}),
        ("+86 138-0013-8001", {"许文博"}),
        ("0571-88888888", {"阿卜杜拉·买买提"}),
        ("8001", {"许文博"}),
        ("4476", {"周雅琴"}),
        ("%", set()),
        ("_", set()),
        ("50%_off", {"50%_off 店"}),
        ("50%", {"50%_off 店"}),
        ("5%", set()),
        ("\\", set()),
        ("1", set()),
        ("138", set()),
        ("13800", set()),
        ("1380013800", set()),
        ("800", set()),
        ("没有这个人", set()),
    ],
)
def test_finding_by_each_way(people, text, names):
    assert found(text) == names


def test_no_text_finds_all_and_a_long_one_does_no_harm(people):
    assert len(found("  ")) == 4
    assert found("望" * 10_000) == set()


def test_a_search_stays_within_reach(town):
    guide, _stranger = town
    mine = queries.visible(reach_of(guide, today=TODAY))
    assert queries.matching(mine, "theirs").count() == 0
    assert queries.matching(mine, "mine").count() == 1


def test_a_number_in_any_spelling_is_one_number(people):
    first = queries.with_this_number("１３８ ００１３ ８００１")
    assert first is not None
    assert first.customer.name == "许文博"
    assert queries.with_this_number("13800138009") is None
    assert queries.with_this_number("no number") is None


@pytest.mark.parametrize("count", [1, 12])
def test_a_list_is_one_query_however_long(count):
    guide = PersonFactory()
    for _ in range(count):
        CustomerFactory(owner=guide)
    rows = queries.for_list(queries.visible(reach_of(guide, today=TODAY)))
    with CaptureQueriesContext(connection) as ran:
        seen = [(row.phone, row.owner.name, row.store.name, row.need) for row in rows]
    assert len(seen) == count
    assert len(ran) == 1


# the timeline


def test_the_timeline_unites_what_happened():
    customer = CustomerFactory(source="walk_in")
    person = customer.owner
    services.record_contact(
        customer=customer, channel=Channel.CALL, outcome=Outcome.UNANSWERED, by=person,
        now=NOW + timedelta(hours=1), today=TODAY, retry_on=TODAY,
    )  # fmt: skip
    services.regrade(customer=customer, grade=Grade.B1, by=person, now=NOW, reason="要设计")
    services.record_product(
        customer=customer, product="沙发", by=person, now=NOW, today=TODAY,
        delivered_on=TODAY - timedelta(days=2),
    )  # fmt: skip
    rows = []
    with connection.cursor() as cursor:
        for part in TIMELINE.values():
            cursor.execute(part, {"customer": customer.pk, "zone": "Asia/Shanghai", "zh": True})
            rows += cursor.fetchall()
    assert {row[1] for row in rows} == {
        TimelineKind.CONTACT, TimelineKind.GRADE, TimelineKind.REGISTERED, TimelineKind.PRODUCT,
    }  # fmt: skip
    contact = next(row for row in rows if row[1] == TimelineKind.CONTACT)
    assert contact[3:9] == (person.pk, "call", "unanswered", "", "", "no")


def test_contacts_come_newest_first():
    customer = CustomerFactory()
    step = services.contacts.NextStep(kind=NextKind.CALL, on=TODAY)
    for hours in (0, 2, 1):
        services.record_contact(
            customer=customer, channel=Channel.CALL, outcome=Outcome.CONNECTED, by=customer.owner,
            reason=Reason.PRICE, next_step=step, occurred_at=NOW - timedelta(hours=hours),
            now=NOW, today=TODAY,
        )  # fmt: skip
    times = [contact.occurred_at for contact in queries.contacts_of(customer)]
    assert times == sorted(times, reverse=True)
