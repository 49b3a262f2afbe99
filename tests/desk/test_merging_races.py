"""Merging while others work on the same customers: real connections, and controls without locks."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from core.phones import normalise
from core.refusals import Refused
from crm.verification import verify
from customers.models import Contact, Customer, CustomerPhone, Merge, OwnedProduct
from customers.rules import NextStep
from customers.services import register as registering
from customers.services import register_customer
from customers.states import Channel, NextKind, Outcome, Reason
from desk.services import (
    CardNotSaved,
    CardsNotMerged,
    bring_late,
    merge_cards,
    save_card,
    undo_merge,
    version_of,
    version_of_cards,
)
from followups import services as followups
from followups.models import Obligation
from followups.services import holding
from staff.states import Role, Trade
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory, StoreFactory
from tests.racing import IS_PROVING

pytestmark = pytest.mark.django_db(transaction=True)

SPELLINGS = (
    "13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "0086 138 0013 8000",
    "(+86)13800138000", "１３８００１３８０００", "86 138-0013-8000", "+86-138-0013-8000",
    " 13800138000 ", "138 00138000", "+8613800138000",
)  # fmt: skip
# In how many turns eight people work during a merge, how often two merge crosswise, how many
# register one number.
TURNS, CROSSWISE, MANY = (4, 6, 50) if IS_PROVING else (2, 2, 24)
WORTH_ANOTHER_TRY = ("55P03", "40P01", "40001")


def once_more(act: Callable[[], object]) -> object:
    """Do the act as a request does it: what was busy is tried again (`BusyMiddleware`)."""
    for attempt in range(4):
        try:
            return act()
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") not in WORTH_ANOTHER_TRY or attempt == 3:
                raise
    raise AssertionError("unreachable")


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all acts at the same moment, each on its own connection; answers or refusals."""
    gate = Barrier(len(acts))

    def one(act):
        gate.wait()
        try:
            return once_more(act)
        except (Refused, OperationalError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def store():
    return StoreFactory(trade=Trade.FURNITURE)


@pytest.fixture
def manager(store):
    return PersonFactory(role=Role.STORE_MANAGER, store=store)


@pytest.fixture
def seller(store):
    return PersonFactory(store=store)


@pytest.fixture
def cards(seller):
    cards = [CustomerFactory(owner=seller, now=timezone.now()) for _card in range(3)]
    followups.touch_and_ask(customers=[card.pk for card in cards], now=timezone.now())
    return cards


def merge(kept, merged, by):
    kept, merged = (Customer.objects.get(pk=card.pk) for card in (kept, merged))
    return merge_cards(
        kept=kept, merged=merged, choices={}, keeper=kept.owner, main_number="kept",
        reason="同一人", seen=version_of_cards(kept, merged), by=by, now=timezone.now(),
    )  # fmt: skip


def call(card, by):
    return followups.log_contact(
        customer=card, channel=Channel.CALL, outcome=Outcome.CONNECTED, reason=Reason.DESIGN,
        next_step=NextStep(kind=NextKind.CALL, on=timezone.localdate()),
        by=by, now=timezone.now(), key=uuid4(),
        override="news",
    )  # fmt: skip


def deliver(card, by, product):
    return followups.record_delivery(
        customer=card, product=product, delivered_on=timezone.localdate(), by=by,
        now=timezone.now(), key=uuid4(),
    )  # fmt: skip


def is_clean():
    return verify(now=timezone.now()).as_json()["differences"]


# One number


def register(spelling, seller):
    return register_customer(
        name="王芳", phones=[normalise(spelling)], store=seller.store, owner=seller, grade="A",
        by=seller, now=timezone.now(),
    )  # fmt: skip


def test_many_register_one_number_in_twelve_spellings_and_one_does(seller):
    acts = [lambda n=n: register(SPELLINGS[n % 12], seller) for n in range(MANY)]
    answers = together(acts)
    assert Counter(type(answer) for answer in answers) == {
        Customer: 1,
        registering.CustomerNotRegistered: MANY - 1,
    }
    assert {answer.codes for answer in answers if isinstance(answer, Refused)} == {
        ("number_is_known",)
    }
    assert Customer.objects.count() == CustomerPhone.objects.count() == 1


def test_control_without_the_constraint_each_registers_it(seller):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_customerphone DROP CONSTRAINT one_customer_a_number")
    try:
        together([lambda n=n: register(SPELLINGS[n], seller) for n in range(8)])
        assert Customer.objects.count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM customers_customerphone")
            cursor.execute(
                "ALTER TABLE customers_customerphone"
                " ADD CONSTRAINT one_customer_a_number UNIQUE (key)"
            )


# Two merges at once


def test_two_who_merge_the_same_cards_crosswise_merge_them_once(cards, manager):
    a, b, _c = cards
    for _round in range(CROSSWISE):
        answers = together([lambda: merge(a, b, manager), lambda: merge(b, a, manager)])
        kinds = Counter(type(answer) for answer in answers)
        assert kinds == {Merge: 1, CardsNotMerged: 1}, answers
        done = next(answer for answer in answers if isinstance(answer, Merge))
        undo_merge(merge=done, reason="x", by=manager, now=timezone.now())
    assert is_clean() == []


def test_merges_in_a_chain_end_on_one_card_or_are_told(cards, manager):
    a, b, c = cards
    answers = together([lambda: merge(a, b, manager), lambda: merge(b, c, manager)])
    assert {type(answer) for answer in answers} <= {Merge, CardsNotMerged}
    assert Merge.objects.count() >= 1
    assert Customer.objects.get(pk=a.pk).merged_into is None
    assert is_clean() == []


# Work that goes on meanwhile


def work_during_a_merge(cards, manager, seller, *, undone: bool = True) -> list[object]:
    """Eight people log, deliver and edit on two cards while a manager merges them, and undoes it.

    Answers with what was acknowledged.
    """
    a, b, _c = cards

    def edit(card, text):
        fresh = Customer.objects.get(pk=card.pk)
        return save_card(
            customer=card, seen=version_of(fresh), name=fresh.name, main_phone=None,
            new_phones=[], card={"note": text}, by=seller, now=timezone.now(),
        )  # fmt: skip

    def at_work(n):
        card = (a, b)[n % 2]
        done = []
        for turn in range(TURNS):
            acts = (
                lambda: call(card, seller),
                lambda turn=turn: deliver(card, seller, f"P{n}-{turn}"),
                lambda turn=turn: edit(card, f"{n} {turn}"),
            )
            for act in acts:
                with suppress(CardNotSaved):  # told in words: somebody has changed the card
                    done.append(once_more(act))
        return done

    def merging():
        for _try in range(20):
            try:
                done = once_more(lambda: merge(a, b, manager))
                break
            except CardsNotMerged:
                continue  # changed since it was looked at
        if undone:
            once_more(lambda: undo_merge(merge=done, reason="x", by=manager, now=timezone.now()))
        return [done]

    answers = together([*(lambda n=n: at_work(n) for n in range(8)), merging])
    assert [answer for answer in answers if not isinstance(answer, list)] == []
    return [row for answer in answers for row in answer]


@pytest.mark.parametrize("undone", [True, False])
def test_nothing_acknowledged_is_lost_or_doubled(cards, manager, seller, undone):
    done = work_during_a_merge(cards, manager, seller, undone=undone)
    bring_late(now=timezone.now())
    for model in (Contact, OwnedProduct):
        made = {row.pk for row in done if isinstance(row, model)}
        assert len(made) == 8 * TURNS
        assert set(model.objects.values_list("pk", flat=True)) == made
        on_hidden = model.objects.filter(customer__merged_into__isnull=False)
        assert not on_hidden.exists()
    agreed = Obligation.objects.filter(step__anchor="next_step").values_list("occurrence")
    assert sorted(pk for (pk,) in agreed) == sorted(
        row.pk for row in done if isinstance(row, Contact)
    )
    assert Merge.objects.count() == 1
    assert is_clean() == []


def test_control_without_following_a_contact_is_logged_on_a_hidden_card(
    cards, manager, seller, monkeypatch
):
    a, b, _c = cards
    monkeypatch.setattr(
        followups.contacts, "hold_one", lambda customer: holding.hold([customer.pk])[0]
    )
    merge(a, b, manager)
    call(b, seller)
    assert Contact.objects.filter(customer__merged_into__isnull=False).exists()
    assert "left_on_merged_card" in {row["check"] for row in is_clean()}


def test_control_without_the_lock_an_act_between_is_left_behind(
    cards, manager, seller, monkeypatch
):
    """The merge reads both cards without holding them: what is being logged stays on the other."""
    from desk.services import merging

    a, b, _c = cards
    gate = Barrier(2)

    def unheld(ids):
        return list(
            Customer.objects.filter(pk__in=ids).select_related("store", "owner").order_by("pk")
        )

    monkeypatch.setattr(merging.followups, "hold", unheld)
    hide = merging._hide

    def slow_hide(merged, *, into):
        gate.wait()  # everything has moved; now somebody logs
        gate.wait()
        hide(merged, into=into)

    monkeypatch.setattr(merging, "_hide", slow_hide)
    monkeypatch.setattr(followups.contacts, "hold_one", lambda customer: unheld([customer.pk])[0])
    monkeypatch.setattr(followups.contacts.engine, "touch_and_ask", lambda **_said: None)
    monkeypatch.setattr(followups.contacts.customers, "propose_grades", lambda **_said: None)

    def logging():
        gate.wait()
        try:
            return call(b, seller)
        finally:
            gate.wait()

    together([lambda: merge(a, b, manager), logging])
    assert Contact.objects.filter(customer__merged_into__isnull=False).exists()


def test_twelve_spellings_through_the_page_are_one_customer_and_one_card(seller):
    sent = []
    for spelling in SPELLINGS:
        browser = Client()
        browser.force_login(seller, backend="staff.backends.PersonBackend")
        sent.append((browser, spelling))

    def post(browser, spelling):
        return browser.post(
            "/customers/register/",
            {
                "key": str(uuid4()), "phone": spelling, "name": "王芳", "grade": "A",
                "source": "walk_in", "channel": "store_visit", "next_step": "tomorrow",
            },
        )  # fmt: skip

    answers = together([lambda pair=pair: post(*pair) for pair in sent])
    assert Counter(answer.status_code for answer in answers) == {302: 12}
    assert len({answer.url for answer in answers}) == 1  # all are led to the one card
    assert Customer.objects.count() == Contact.objects.count() == 1
