"""The weekly look through one's own orders (FUP-27, ORD-14, M77)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followups.models import Chore
from followups.services import do_chore, pass_on_chores
from followups.states import ChoreKind
from orders.models import Look, Order, OrderEvent
from orders.rules.looking import (
    Watched,
    findings,
    monday_of,
    week_ends_on,
    week_number,
    weight,
)
from orders.services import own_orders as services
from orders.services.own_orders import (
    OrdersNotLookedThrough,
    finish_look,
    note_looks,
    owe_looks,
)
from orders.states import Completion, EventKind, LateWith, LineState, OrderState
from orders.tasks import owe_looks_at_own_orders
from orders.wording.looking import finding_text
from staff.models import Person
from staff.states import DutyKind, Role
from tests.factories import orders as made
from tests.factories.staff import DutyFactory, PersonFactory

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# A Thursday, ten in the morning in Shanghai.
NOW = made.NOW
TODAY = made.TODAY
MONDAY = date(2026, 3, 9)
BEGAN = datetime(2026, 3, 8, 16, tzinfo=UTC)

# Rules


def watched(**said) -> Watched:
    """Confirmed, all submitted, planned and promised for three weeks ahead, moved yesterday."""
    facts = {
        "state": OrderState.CONFIRMED, "late_with": (), "current_on": TODAY + 3 * WEEK,
        "promised_on": TODAY + 3 * WEEK, "expected_on": None, "moved_on": TODAY - DAY,
        "lines_all": 2, "lines_submitted": 2,
    }  # fmt: skip
    return Watched(**facts | said)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, []),
        ({"late_with": (LateWith.RECEIVABLE,), "state": OrderState.DELIVERED,
          "current_on": TODAY - WEEK, "promised_on": TODAY - WEEK}, [("owed", 0)]),
        ({"current_on": TODAY - DAY, "promised_on": TODAY - WEEK}, [("late", 1)]),
        ({"current_on": TODAY}, []),
        ({"promised_on": TODAY - 2 * DAY}, [("broken", 2)]),
        ({"promised_on": TODAY}, [("near", 0)]),
        ({"promised_on": TODAY + WEEK}, [("near", 7)]),
        ({"promised_on": TODAY + WEEK + DAY}, []),
        ({"late_with": (LateWith.PAYMENT,), "current_on": TODAY + 5 * DAY}, [("unpaid", 5)]),
        ({"late_with": (LateWith.DELIVERY, LateWith.PAYMENT), "current_on": TODAY - DAY},
         [("late", 1), ("unpaid", 0)]),
        ({"expected_on": TODAY - DAY}, [("astray", 1)]),
        ({"expected_on": TODAY}, []),
        ({"lines_all": 0, "lines_submitted": 0}, [("unwritten", 0)]),
        ({"lines_submitted": 0}, [("unsubmitted", 2)]),
        ({"lines_submitted": 0, "state": OrderState.RECEIVED}, []),
        ({"moved_on": TODAY - 13 * DAY}, []),
        ({"moved_on": TODAY - 14 * DAY}, [("dormant", 14)]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_order(said, found):
    told = findings(watched(**said), today=TODAY)
    assert [(each.wrong.value, each.count) for each in told] == found
    assert all(finding_text(each) for each in told)


def test_a_week_is_from_monday_to_sunday_whatever_the_year():
    assert (monday_of(TODAY), week_ends_on(TODAY)) == (MONDAY, date(2026, 3, 15))
    assert week_ends_on(date(2026, 3, 15)) == date(2026, 3, 15)
    sunday, monday = date(2028, 1, 2), date(2028, 1, 3)
    assert week_number(monday) == week_number(sunday) + 1 == week_number(sunday + WEEK)


def test_red_is_worst_and_goods_on_their_way_are_best():
    open_ones = [each for each in Completion if each not in (Completion.DONE, Completion.CANCELLED)]
    assert sorted(open_ones, key=weight) == ["overdue", "unpaid", "deliverable", "awaited"]


# The chore


@pytest.fixture
def seller(db) -> Person:
    """Whoever sold something last month that is still open."""
    person = PersonFactory(role=Role.SALES_STORE)
    made.order(seller=person, on=TODAY - 4 * WEEK)
    return person


def looks() -> list[tuple]:
    """Whose, due until when, and whether it is open."""
    rows = Chore.objects.filter(kind=ChoreKind.OWN_ORDERS).order_by("due_on", "pk")
    return [(row.person, row.due_on, row.done_at is None and row.dropped_at is None)
            for row in rows]  # fmt: skip


def test_once_a_person_and_week_until_its_sunday(seller):
    for _time in range(3):
        owe_looks(now=NOW)
    assert looks() == [(seller, date(2026, 3, 15), True)]
    chore = Chore.objects.get()
    assert (chore.store, chore.path) == (seller.store, f"/orders/own/?of={seller.pk}")


def test_the_week_begins_at_midnight_of_the_own_store(seller):
    seller.store.zone = "America/New_York"
    seller.store.save()
    monday_there = datetime(2026, 3, 9, 4, tzinfo=UTC)
    owe_looks(now=monday_there - timedelta(minutes=1))
    assert [due for _who, due, _open in looks()] == [date(2026, 3, 8)]
    Chore.objects.all().delete()
    owe_looks(now=monday_there)
    assert [due for _who, due, _open in looks()] == [date(2026, 3, 15)]


@pytest.mark.parametrize(
    "said",
    [
        {"state": OrderState.CANCELLED},
        {"state": OrderState.DELIVERED, "paid": 5000},
        {"state": OrderState.ARCHIVED, "paid": 5000},
        {"on": MONDAY},  # what is taken this week is looked at next week
    ],
)
def test_nothing_to_look_at_is_no_chore(db, said):
    made.order(**{"on": TODAY - WEEK} | said)
    owe_looks(now=NOW)
    assert looks() == []


def test_a_leaver_owes_nothing_and_who_does_not_sell_neither(seller):
    made.order(seller=PersonFactory(role=Role.OPS_MANAGER), on=TODAY - WEEK,
               customer=Order.objects.get().customer)  # fmt: skip
    Person.objects.filter(pk=seller.pk).update(is_active=False)
    owe_looks(now=NOW)
    assert looks() == []


def test_what_is_left_over_is_dropped(seller):
    gone = PersonFactory(role=Role.SALES_STORE)
    made.order(seller=gone, on=TODAY - WEEK)
    owe_looks(now=NOW)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    Order.objects.filter(seller=seller).update(
        state=OrderState.CANCELLED, cancelled_at=NOW, cancel_reason="x"
    )
    owe_looks(now=NOW)
    assert [is_open for _who, _due, is_open in looks()] == [False, False]
    made.order(seller=seller, on=TODAY - WEEK)
    owe_looks(now=NOW)
    assert [who for who, _due, is_open in looks() if is_open] == [seller]


def test_done_it_comes_again_on_monday_and_not_before(seller):
    owe_looks(now=NOW)
    do_chore(chore=Chore.objects.get(), by=seller, now=NOW)
    owe_looks(now=NOW + 3 * DAY)
    assert len(looks()) == 1
    owe_looks(now=NOW + 4 * DAY)
    assert [is_open for _who, _due, is_open in looks()] == [False, True]


def test_left_undone_it_grows_late_and_no_other_is_asked_beside_it(seller):
    owe_looks(now=NOW)
    owe_looks(now=NOW + 5 * WEEK)
    assert looks() == [(seller, date(2026, 3, 15), True)]
    # Done on a Monday, it was that week's look.
    do_chore(chore=Chore.objects.get(), by=seller, now=NOW + 5 * WEEK)
    owe_looks(now=NOW + 5 * WEEK + DAY)
    assert len(looks()) == 1


def test_weeks_in_which_nothing_ran_are_not_made_up_for(seller):
    owe_looks(now=NOW)
    do_chore(chore=Chore.objects.get(), by=seller, now=NOW)
    owe_looks(now=NOW + 6 * WEEK)
    assert [due for _who, due, _open in looks()] == [date(2026, 3, 15), date(2026, 4, 26)]


def test_a_clock_set_back_asks_for_no_second_look(seller):
    owe_looks(now=NOW)
    do_chore(chore=Chore.objects.get(), by=seller, now=NOW)
    owe_looks(now=NOW - 2 * WEEK)
    assert len(looks()) == 1


def test_the_store_that_moves_in_the_middle_of_a_round_leaves_nothing_behind(seller, monkeypatch):
    """All of a round stands, or nothing: the next hour makes it whole."""

    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    owed = services.followups.owe_chores
    monkeypatch.setattr(services.followups, "owe_chores", lambda rows: (owed(rows), dies()))
    with pytest.raises(KeyboardInterrupt):
        owe_looks(now=NOW)
    monkeypatch.undo()
    assert looks() == []
    owe_looks(now=NOW)
    assert len(looks()) == 1


def test_what_beat_asks_each_hour_costs_the_same_for_many(seller, django_assert_num_queries):
    def cost() -> int:
        Chore.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            owe_looks(now=NOW)
        return len(caught)

    one = cost()
    kept = Order.objects.get().customer
    for _more in range(5):
        made.order(seller=PersonFactory(store=seller.store), customer=kept, on=TODAY - WEEK)
    assert cost() == one
    assert len(looks()) == 6
    owe_looks_at_own_orders()


def test_handed_over_it_is_dropped_and_nobody_looks_for_a_leaver(seller):
    owe_looks(now=NOW)
    heir = PersonFactory(store=seller.store)
    assert pass_on_chores(person=seller, receiver=heir) == []
    assert looks() == [(seller, date(2026, 3, 15), False)]


# Ticks


def ticked(seller, *, shown, looked, by=None):
    told = {"person": seller, "since": BEGAN, "by": by or seller, "now": NOW}
    note_looks(shown=shown, looked=looked, **told)
    return set(Look.objects.filter(person=seller).values_list("order", flat=True))


def test_what_was_shown_is_ticked_or_not_and_nothing_else(seller):
    first, second = Order.objects.get(), made.order(seller=seller)
    foreign, done = made.order(), made.order(seller=seller, state=OrderState.DELIVERED, paid=5000)
    everything = [first.pk, second.pk, foreign.pk, done.pk]
    assert ticked(seller, shown=everything, looked=everything) == {first.pk, second.pk}
    assert ticked(seller, shown=[second.pk], looked=[]) == {first.pk}
    assert ticked(seller, shown=[first.pk], looked=[first.pk]) == {first.pk}


def test_it_is_done_once_all_was_looked_through_this_week(seller):
    owe_looks(now=NOW)
    first, second = Order.objects.get(), made.order(seller=seller)
    told = {"person": seller, "since": BEGAN, "by": seller, "now": NOW}
    ticked(seller, shown=[first.pk], looked=[first.pk])
    Look.objects.create(order=second, person=seller, by=seller, looked_at=BEGAN - DAY)
    with pytest.raises(OrdersNotLookedThrough) as refused:
        finish_look(**told)
    assert "1" in str(refused.value)
    ticked(seller, shown=[second.pk], looked=[second.pk])
    finish_look(**told)
    finish_look(**told)
    chore = Chore.objects.get()
    assert (chore.done_by, chore.done_at) == (seller, NOW)


# Pages


@pytest.fixture
def book(company):
    """The store's salesperson: one order of each open colour, in no order."""
    mine, today = company.sales_store, timezone.localdate()
    ago, soon = today - 4 * WEEK, today + 4 * WEEK
    here = {"price": 3000, "state": LineState.ARRIVED}
    rows = {
        "awaited": made.order(seller=mine, on=ago, paid=5000, current_on=soon),
        "deliverable": made.order(seller=mine, on=ago, lines=[here], paid=3000),
        "overdue": made.order(seller=mine, on=ago, current_on=today - 2 * DAY),
        "unpaid": made.order(seller=mine, on=ago, lines=[]),
    }
    made.order(seller=mine, on=ago, state=OrderState.CANCELLED)
    made.order(seller=company.stranger, on=ago)
    OrderEvent.objects.create(order=rows["awaited"], kind=EventKind.RECEIVED, by=mine)
    owe_looks(now=timezone.now())
    return rows


@pytest.mark.usefixtures("in_english")
def test_the_own_orders_stand_worst_first_with_what_is_wrong(book, company, as_):
    page = as_(company.sales_store).get("/orders/own/")
    rows = page.context["rows"]
    worst = ("overdue", "unpaid", "deliverable", "awaited")
    assert [row.pk for row in rows] == [book[name].pk for name in worst]
    assert rows[0].wrong == ["planned day passed 2 days ago"]
    assert rows[1].wrong == ["what is ordered is not written down yet"]
    assert rows[3].wrong == []
    Order.objects.filter(pk=book["deliverable"].pk).update(made_at=timezone.now() - 20 * DAY)
    rows = as_(company.sales_store).get("/orders/own/").context["rows"]
    assert rows[2].wrong == ["nothing moved for 20 days"]


@pytest.mark.usefixtures("in_english")
def test_what_comes_in_exchange_breaks_no_promise_that_was_kept(company, as_):
    today = timezone.localdate()
    days = {"promised_on": today - WEEK, "current_on": today + WEEK, "on": today - 2 * DAY}
    order = made.order(seller=company.sales_store, **days)
    told = [row.wrong for row in as_(company.sales_store).get("/orders/own/").context["rows"]]
    assert any("romise" in word for word in told[0])
    made.delivery(order, today - WEEK)
    made.exchange(order)
    told = [row.wrong for row in as_(company.sales_store).get("/orders/own/").context["rows"]]
    assert not any("romise" in word for word in told[0])


@pytest.mark.usefixtures("in_english")
def test_a_look_is_ticked_opened_and_done(book, company, as_):
    browser, address = as_(company.sales_store), f"/orders/own/?of={company.sales_store.pk}"
    house = browser.get("/today/").content.decode()
    assert f'href="{address}"' in house.split('class="house"')[1]
    shown = [row.pk for row in book.values()]
    one, *others = shown
    answer = browser.post(address, {"shown": shown, "open": one})
    assert answer["Location"] == f"/orders/{one}/"
    answer = browser.post(address, {"shown": shown, "looked": [one], "act": "done"}, follow=True)
    assert "Not looked through yet: 3" in answer.content.decode()
    assert answer.context["looked"] == 1
    answer = browser.post(address, {"shown": others, "looked": others, "act": "done"}, follow=True)
    assert Chore.objects.get(person=company.sales_store).done_by == company.sales_store
    assert company.sales_store.name in answer.context["look"].done
    assert not answer.context["may_finish"]


def test_the_row_on_the_list_opens_it_and_is_not_tapped_away(book, company, as_):
    chore = Chore.objects.get(person=company.sales_store)
    browser, address = as_(company.sales_store), f"/chores/{chore.pk}/done/"
    assert f'action="{address}"' not in browser.get("/today/").content.decode()
    assert browser.post(address, {})["Location"] == chore.path
    chore.refresh_from_db()
    assert chore.done_at is None


def test_whose_orders_one_reads(company, as_):
    address = f"/orders/own/?of={company.sales_store.pk}"
    answers = {
        "sales_store": 200, "store_manager": 200, "ops_manager": 200, "sales_field": 404,
        "stranger": 404, "finance": 403, "merchandiser": 403, "marketing_manager": 403,
    }  # fmt: skip
    got = {role: as_(getattr(company, role)).get(address).status_code for role in answers}
    assert got == answers


def test_who_leads_reads_and_who_stands_in_looks(book, company, as_):
    address = f"/orders/own/?of={company.sales_store.pk}"
    shown = [row.pk for row in book.values()]
    sent = {"shown": shown, "looked": shown, "act": "done"}
    assert as_(company.store_manager).post(address, sent).status_code == 403
    assert 'name="looked"' not in as_(company.store_manager).get(address).content.decode()
    helper = PersonFactory(store=company.store, role=Role.SALES_STORE)
    DutyFactory(person=helper, kind=DutyKind.ASSISTANT, assists=company.sales_store)
    assert as_(helper).post(address, sent).status_code == 302
    assert Chore.objects.get(person=company.sales_store).done_by == helper


@pytest.mark.usefixtures("in_english")
def test_the_manager_sees_who_has_not_looked(book, company, as_):
    late = PersonFactory(store=company.store, name="晚")
    made.order(seller=late, on=timezone.localdate() - 5 * WEEK)
    owe_looks(now=timezone.now() - WEEK)
    chore = Chore.objects.get(person=company.sales_store, done_at=None)
    do_chore(chore=chore, by=company.sales_store, now=timezone.now())
    people = as_(company.store_manager).get("/orders/own/people/").context["people"]
    assert [(each.name, bool(each.look.done)) for each in people] == [
        ("晚", False), (company.sales_store.name, True),
    ]  # fmt: skip
    assert people[0].look.due.tone == "late"
    assert (people[1].orders, people[1].red) == ("4 open orders", "1 overdue")
    assert company.stranger.name in {
        each.name for each in as_(company.ops_manager).get("/orders/own/people/").context["people"]
    }
    assert as_(company.sales_store).get("/orders/own/people/").status_code == 403


def test_the_pages_cost_the_same_for_one_and_for_twelve(company, as_):
    manager, mine = as_(company.store_manager), as_(company.sales_store)
    ago = timezone.localdate() - 4 * WEEK

    def cost(browser, address) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    def costs() -> tuple[int, int]:
        owe_looks(now=timezone.now())
        return cost(mine, "/orders/own/"), cost(manager, "/orders/own/people/")

    made.order(seller=company.sales_store, on=ago)
    one = costs()
    kept = Order.objects.get().customer
    for _more in range(11):
        made.order(seller=company.sales_store, customer=kept, on=ago)
        made.order(seller=PersonFactory(store=company.store), customer=kept, on=ago)
    assert costs() == one
    assert max(one) <= 6
