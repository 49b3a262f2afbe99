"""Which cards may be one customer's: suspected at every write, decided by a person."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from core.phones import normalise
from customers.models import Customer, Suspicion
from customers.rules import CardInHand, merge_blockers, needs_operations, undo_merge_blockers
from customers.services import (
    SuspicionNotDecided,
    decide_different,
    identity,
    suspect,
    suspect_many,
    update_customer,
)
from customers.services.people import add_member
from customers.states import Relation, SuspicionReason, SuspicionState
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


@pytest.fixture
def seller():
    return PersonFactory()


def card(seller, **said):
    return CustomerFactory(owner=seller, now=NOW, **said)


def reasons():
    return list(Suspicion.objects.order_by("pk").values_list("because", flat=True))


BORN = {"birth_year": 1985, "birth_month": 3, "birth_day": 12}


@pytest.mark.parametrize(
    ("first", "second", "because"),
    [
        ({"wechat": "Wang_66"}, {"wechat": "wang_66"}, ["wechat"]),
        ({"address": "梧桐苑7幢3单元502室"}, {"address": "梧桐苑 7-3-502"}, ["address"]),
        ({"address": "余杭区梧桐苑7-3-502"}, {"address": "萧山区梧桐苑7-3-502"}, []),
        ({"address": "梧桐苑7-3-502"}, {"address": "梧桐苑7-3-503"}, []),
        ({"address": "杭州"}, {"address": "杭州"}, []),
        ({"name": "王芳", **BORN}, {"name": "王芳", **BORN}, ["name"]),
        ({"name": "王芳", **BORN}, {"name": "王芬", **BORN}, []),
        ({"name": "王芳", **BORN}, {"name": "王芳", **BORN, "birth_is_lunar": True}, []),
        ({"name": "王芳"}, {"name": "王芳"}, []),
        ({"name": "王芳", **BORN, "birth_year": None}, {"name": "王芳", **BORN}, []),
        ({"wechat": ""}, {"wechat": ""}, []),
    ],
)
def test_what_makes_a_suspicion(seller, first, second, because):
    card(seller, **first)
    card(seller, **second)
    assert reasons() == because


@pytest.mark.parametrize("relation", [Relation.SPOUSE, Relation.PARENT, Relation.CHILD])
def test_a_family_members_number_is_another_customers(seller, relation):
    wife, husband = card(seller, phone="13800138000"), card(seller)
    add_member(
        customer=husband, relation=relation, phone=normalise("138 0013 8000"), by=seller,
        now=NOW, key=uuid4(),
    )  # fmt: skip
    row = Suspicion.objects.get()
    assert (row.first_id, row.second_id) == tuple(sorted((wife.pk, husband.pk)))
    assert row.because == SuspicionReason.HOUSEHOLD


def test_a_customer_registers_with_a_family_members_number(seller):
    husband = card(seller)
    add_member(
        customer=husband, relation=Relation.SPOUSE, phone=normalise("13800138000"), by=seller,
        now=NOW, key=uuid4(),
    )  # fmt: skip
    assert reasons() == []
    card(seller, phone="13800138000")
    assert reasons() == ["household"]


@pytest.mark.parametrize(
    ("first", "second", "because"),
    [
        ("0371-65551234", "0371-65551234转801", ["line"]),
        ("0371-65551234-801", "0371-65551234-802", ["line"]),
        ("0371-65551234", "0379-65551234", []),
        ("0371-65551234-801", "0371-65551235-801", []),
        ("400-800-1234转1", "400-800-1234转2", []),
        ("13865551234", "13765551234", []),
    ],
)
def test_an_extension_makes_no_other_identity(seller, first, second, because):
    card(seller, phone=first)
    card(seller, phone=second)
    assert reasons() == because


def test_a_typed_extension_is_said_before_there_is_a_card(seller):
    known = card(seller, phone="0371-65551234")
    card(seller, phone="0379-65551234")
    typed = normalise("0371-65551234-801")
    assert identity.suspects_of_typed(phone=typed, address="") == {known.pk}


def test_the_number_that_is_added_later_is_looked_at_too(seller):
    card(seller, phone="0371-65551234-801")
    other = card(seller)
    update_customer(
        customer=other, new_phones=[normalise("0371-65551234")], by=seller, now=NOW
    )  # fmt: skip
    assert reasons() == ["line"]


def test_a_friends_number_is_no_suspicion(seller):
    add_member(
        customer=card(seller), relation=Relation.OTHER, phone=normalise("13800138000"), by=seller,
        now=NOW, key=uuid4(),
    )  # fmt: skip
    card(seller, phone="13800138000")
    assert reasons() == []


def test_an_edit_asks_again(seller):
    card(seller, wechat="wang66")
    other = card(seller)
    update_customer(customer=other, by=seller, now=NOW, wechat="WANG66")
    assert reasons() == ["wechat"]


def test_what_was_told_apart_is_not_asked_again(seller):
    first, second = card(seller, wechat="wang66"), card(seller, wechat="wang66")
    row = Suspicion.objects.get()
    decide_different(suspicion=row, reason="姐妹共用", by=seller, now=NOW)
    assert suspect(first, by=seller, now=NOW) == suspect(second, by=seller, now=NOW) == 0
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.note) == (SuspicionState.DIFFERENT, seller, "姐妹共用")


def test_telling_apart_needs_a_reason_and_happens_once(seller):
    card(seller, wechat="wang66"), card(seller, wechat="wang66")
    row = Suspicion.objects.get()
    for reason, code in ((" ", "reason_missing"), ("x", None), ("x", "decided_already")):
        if code is None:
            decide_different(suspicion=row, reason=reason, by=seller, now=NOW)
            continue
        with pytest.raises(SuspicionNotDecided) as refusal:
            decide_different(suspicion=row, reason=reason, by=seller, now=NOW)
        assert refusal.value.codes == (code,)


def test_a_merged_card_is_not_suspected(seller):
    first, second = card(seller, wechat="wang66"), card(seller)
    Customer.objects.filter(pk=first.pk).update(merged_into=second)
    card(seller, wechat="wang66")
    assert reasons() == []


def test_a_card_is_held_against_so_many_and_no_more(seller, monkeypatch):
    monkeypatch.setattr(identity, "MOST_CANDIDATES", 3)
    for _n in range(6):
        card(seller, phone="", wechat="shared")
    Suspicion.objects.all().delete()
    suspect(Customer.objects.latest("pk"), by=seller, now=NOW)
    assert Suspicion.objects.count() <= 4


def test_an_address_that_many_have_is_no_home(seller, monkeypatch):
    monkeypatch.setattr(identity, "MOST_SHARERS", 3)
    cards = [card(seller, address="梧桐苑7幢") for _n in range(4)]
    assert Suspicion.objects.count() == 3, "of the first three each pair"
    Suspicion.objects.all().delete()
    assert suspect(cards[0], by=seller, now=NOW) == 0


def test_many_are_asked_in_as_many_queries_as_one(seller, django_assert_num_queries):
    for n in range(12):
        card(seller, wechat=f"w{n // 2}", address=f"梧桐苑7-3-{500 + n // 2}")
    Suspicion.objects.all().delete()
    ids = list(Customer.objects.values_list("pk", flat=True))
    with django_assert_num_queries(3):
        assert suspect_many(customers=ids[:2], by=seller, now=NOW) == 1
    with django_assert_num_queries(3):
        assert suspect_many(customers=ids, by=seller, now=NOW) == 5


def test_each_reason_has_an_index(seller):
    """With everything a sequential scan would do switched off, each reason still has a way."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        params = {"ids": [1], "close": ["spouse"], "most": 3, "sharers": 3}
        cursor.execute(f"EXPLAIN {identity._OF_CARDS}{identity._CANDIDATES}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(f"EXPLAIN {identity._ALIKE}", params)
        plan += "\n".join(row[0] for row in cursor.fetchall())
    for index in ("customer_by_wechat", "customer_by_address", "customer_by_birthday",
                  "member_by_number", "phone_by_last4"):  # fmt: skip
        assert index in plan, plan
    assert "Seq Scan" not in plan


# Rules


def hand(pk, keeper=None, store=1, into=None):
    return CardInHand(id=pk, keeper_id=keeper, store_id=store, merged_into_id=into)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (hand(1, 1, 1), hand(2, 2, 2), True),
        (hand(1, 1, 1), hand(2, 2, 1), False),
        (hand(1, 1, 1), hand(2, 1, 2), False),
        (hand(1, None, 1), hand(2, 2, 2), False),
    ],
)
def test_who_decides_between_holders(first, second, expected):
    assert needs_operations(first, second) is needs_operations(second, first) is expected


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []),
        ({"merged": hand(1)}, ["same_card"]),
        ({"merged": hand(2, into=3)}, ["merged_already"]),
        ({"kept": hand(1, into=3)}, ["merged_already"]),
        ({"merged": hand(2, 2, 2)}, ["between_units"]),
        ({"merged": hand(2, 2, 2), "is_operations": True}, []),
        ({"is_as_seen": False}, ["changed_meanwhile"]),
    ],
)
def test_what_stands_against_a_merge(said, codes):
    asked = {"kept": hand(1, 1, 1), "merged": hand(2, 1, 1), "is_operations": False, **said}
    assert [blocker.code for blocker in merge_blockers(**asked)] == codes


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []),
        ({"is_undone": True}, ["undone_already"]),
        ({"kept_into_id": 3}, ["kept_was_merged"]),
        ({"is_between_units": True}, ["between_units"]),
        ({"is_between_units": True, "is_operations": True}, []),
    ],
)
def test_what_stands_against_taking_apart(said, codes):
    asked = {
        "is_undone": False, "kept_into_id": None, "is_between_units": False,
        "is_operations": False, **said,
    }  # fmt: skip
    assert [blocker.code for blocker in undo_merge_blockers(**asked)] == codes


def test_days_do_not_matter(seller):
    first = card(seller, wechat="wang66")
    assert suspect(first, by=seller, now=NOW + timedelta(days=300)) == 0
