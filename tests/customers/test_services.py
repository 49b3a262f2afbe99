"""Registering, writing on cards, looking up and opening numbers."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from core.models import AuditEntry
from core.phones import normalise
from customers import services
from customers.models import Customer, CustomerPhone, Project
from customers.services import CustomerNotRegistered, NumberNotLookedUp, NumberNotRevealed
from customers.states import Grade, Quiet
from tests.factories.customers import NOW, CustomerFactory
from tests.factories.staff import PersonFactory, StoreFactory

pytestmark = pytest.mark.django_db


def registered(by, *, name="许文博", phone="13800138001", **card):
    phones = [normalise(phone)] if phone else []
    return services.register_customer(
        name=name, phones=phones, store=by.store, owner=by, grade=Grade.A, by=by, now=NOW, **card
    )


def test_a_registered_customer_has_a_sealed_number_a_project_and_an_entry_in_the_trail():
    guide = PersonFactory()
    customer = registered(guide, address="天润福熙 5幢1单元802")
    number = customer.phones.get()
    assert (number.masked, number.last4, number.is_primary) == ("138****8001", "8001", True)
    assert b"13800138001" not in bytes(number.cipher)
    assert Project.objects.get(customer=customer).address_key == customer.address_key != ""
    entry = AuditEntry.objects.get(verb="register", object_id=customer.pk)
    assert (entry.by, "13800138001" in str(entry.detail)) == (guide, False)
    assert {"许文博", "文博", "xuwenbo", "xwb"} <= set(customer.search.split())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"phone": ""}, "no_way_to_reach"),
        ({"phone": "138 0013 8000"}, "number_is_known"),
        ({"phone": "+86-138-0013-8000"}, "number_is_known"),
    ],
)
def test_registering_is_refused_in_words(changes, code):
    CustomerFactory(phone="13800138000")
    with pytest.raises(CustomerNotRegistered) as refused:
        registered(PersonFactory(), **changes)
    assert refused.value.codes == (code,)
    assert Customer.objects.count() == 1


def test_a_card_without_a_number_needs_a_wechat_id():
    customer = registered(PersonFactory(), phone="", wechat="xwb_1988")
    assert (customer.wechat, customer.phones.count()) == ("xwb_1988", 0)


def test_what_is_no_field_of_a_card_never_reaches_the_row():
    with pytest.raises(TypeError):
        registered(PersonFactory(), last_contact_at=NOW)


def test_a_defect_is_not_taken_for_a_known_number(monkeypatch):
    """The control of the translation: another broken constraint stays an error."""
    customer = registered(PersonFactory())
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        services.register.add_numbers(customer, [normalise("13800138002")])


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_register_one_number_at_once_one_does():
    guide = PersonFactory()
    registering_together(guide, count=50)
    assert Customer.objects.count() == CustomerPhone.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_number_they_all_would():
    """The control: it is the constraint that keeps the others out, not luck."""
    guide = PersonFactory()
    table = CustomerPhone._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT one_customer_a_number")
    try:
        registering_together(guide, count=4)
        assert Customer.objects.count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT one_customer_a_number UNIQUE (key)")


def registering_together(guide, *, count):
    """`count` threads register one number, each on a connection of its own; returns refusals."""
    together, refused = threading.Barrier(count), []

    def register():
        try:
            connections["default"].ensure_connection()
            together.wait(timeout=30)
            registered(guide)
        except CustomerNotRegistered as refusal:
            refused.append(refusal.codes)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=register) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(refused) <= {("number_is_known",)}
    return refused


# writing on a card


def test_what_did_not_change_is_not_written():
    customer = CustomerFactory(need="沙发")
    services.update_customer(customer=customer, by=customer.owner, now=NOW, need="沙发")
    assert not AuditEntry.objects.filter(verb="update").exists()
    services.update_customer(customer=customer, by=customer.owner, now=NOW, need="床")
    assert AuditEntry.objects.get(verb="update").detail == {"fields": ["need"], "new_numbers": 0}


def test_a_new_address_has_a_new_key():
    customer = CustomerFactory(address="望京花园 7幢3单元502")
    before = customer.address_key
    services.update_customer(
        customer=customer, by=customer.owner, now=NOW, address="望京花园 8幢3单元502"
    )
    assert Customer.objects.get().address_key not in ("", before)


def test_a_new_main_number_leaves_the_old_one_on_the_card():
    customer = CustomerFactory(phone="13800138000")
    write = {"customer": customer, "by": customer.owner, "now": NOW}
    services.update_customer(**write, main_phone=normalise("13800138001"))
    assert numbers(customer) == {"138****8000": False, "138****8001": True}
    services.update_customer(**write, main_phone=normalise("13800138000"))
    assert numbers(customer) == {"138****8000": True, "138****8001": False}
    services.update_customer(**write, new_phones=[normalise("13800138002")])
    assert numbers(customer)["138****8002"] is False


def numbers(customer):
    return dict(customer.phones.values_list("masked", "is_primary"))


def test_a_number_of_somebody_else_is_not_written():
    CustomerFactory(phone="13800138000")
    customer = CustomerFactory(phone="13800138001")
    for way in (
        {"main_phone": normalise("13800138000")},
        {"new_phones": [normalise("13800138000")]},
    ):
        with pytest.raises(CustomerNotRegistered):
            services.update_customer(customer=customer, by=customer.owner, now=NOW, **way)
    assert numbers(customer) == {"138****8001": True}


# whose number is it


def test_a_look_up_answers_and_counts_each_number_once_an_hour(monkeypatch):
    monkeypatch.setattr(services.lookups, "LOOK_UPS_AN_HOUR", 2)
    guide, customer = PersonFactory(), CustomerFactory(phone="13800138000")
    ask = lambda text, now=NOW: services.look_up_number(  # noqa: E731
        phone=normalise(text), by=guide, now=now
    )
    assert ask("138 0013 8000") == customer
    assert ask("13800138000") == customer
    assert ask("13800138001") is None
    assert AuditEntry.objects.filter(verb="look_up", by=guide).count() == 2
    with pytest.raises(NumberNotLookedUp):
        ask("13800138002")
    assert ask("13800138001") is None, "what was asked already is answered again"
    assert "138" not in str(AuditEntry.objects.values_list("detail", flat=True))
    much_later = AuditEntry.objects.latest("at").at + timedelta(hours=1, seconds=1)
    assert ask("13800138002", now=much_later) is None


# opening a number


def test_opening_a_number_counts_once_a_customer_and_day(settings):
    settings.REVEALS_A_DAY = 1
    guide = PersonFactory()
    first, second, third = (CustomerFactory(owner=guide) for _ in range(3))
    opened = {"by": guide, "now": NOW, "today": NOW.date()}
    assert services.reveal_number(customer=first, **opened).startswith("+86139")
    assert services.reveal_number(customer=first, **opened)
    assert services.reveal_number(customer=second, **opened)
    with pytest.raises(NumberNotRevealed) as refused:
        services.reveal_number(customer=third, **opened)
    assert refused.value.codes == ("limit_reached",)
    tomorrow = opened | {"today": NOW.date() + timedelta(days=1)}
    assert services.reveal_number(customer=third, **tomorrow)
    assert AuditEntry.objects.filter(verb="reveal", by=guide).count() == 4


def test_another_number_is_opened_by_its_id_and_only_on_its_own_card():
    customer, other = CustomerFactory(phone="13800138000"), CustomerFactory()
    services.update_customer(
        customer=customer, by=customer.owner, now=NOW, new_phones=[normalise("13800138001")]
    )
    second, foreign = customer.phones.get(is_primary=False), other.phones.get()
    opened = {"customer": customer, "by": customer.owner, "now": NOW, "today": NOW.date()}
    assert services.reveal_number(**opened) == "+8613800138000"
    assert services.reveal_number(**opened, phone_id=second.pk) == "+8613800138001"
    with pytest.raises(NumberNotRevealed):
        services.reveal_number(**opened, phone_id=foreign.pk)


# keeping


def test_a_keeper_of_another_store_takes_the_customer_there():
    customer, keeper = CustomerFactory(), PersonFactory(store=StoreFactory())
    services.assign_keeper(customer=customer, keeper=keeper, by=keeper, now=NOW, reason="搬家")
    customer.refresh_from_db()
    assert (customer.owner, customer.store) == (keeper, keeper.store)
    assert AuditEntry.objects.get(verb="assign").reason == "搬家"


def test_access_given_twice_is_given_once_and_never_to_the_keeper():
    customer, helper = CustomerFactory(), PersonFactory()
    for person in (helper, helper, customer.owner):
        services.give_access(customer=customer, person=person)
    assert [access.person for access in customer.accesses.all()] == [helper]


def test_what_a_customer_does_not_wish_is_noted_with_its_reason():
    customer = CustomerFactory()
    services.set_quiet(
        customer=customer, quiet=Quiet.MARKETING, reason="too_often", by=customer.owner, now=NOW
    )
    assert Customer.objects.get().quiet == Quiet.MARKETING
    change = customer.quiet_changes.get()
    assert (change.before, change.after, change.reason) == ("", "marketing", "too_often")
    assert AuditEntry.objects.get(verb="set_quiet").detail["after"] == "marketing"
