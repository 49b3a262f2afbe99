"""Days that change: the planned one moves, the promised one stays, people are told (ORD-13)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import InternalError, transaction

from followups.models import AnchorDay, Chore, Obligation
from followups.queries.chores import visible_chores
from followups.states import Anchor, ChoreKind, State
from orders.models import DateChange, Milestone, Order, OrderEvent
from orders.rules.dates import is_later, latest_arrival, proposed_delivery
from orders.services.allocating import LinesNotAllocated, Source, allocate_lines
from orders.services.dates import (
    DateNotChanged,
    Planned,
    Why,
    change_arrival,
    change_wish,
    plan_delivery,
)
from orders.services.preparing import follow_preparation
from orders.states import (
    DateKind,
    DelayCause,
    EventKind,
    LineState,
    MilestoneKind,
    OrderState,
    Preparation,
    Supply,
)
from staff.scope import reach_of
from staff.states import DutyKind, Role
from tests.factories.customers import CustomerFactory
from tests.factories.orders import order
from tests.factories.staff import DutyFactory, PersonFactory

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)
D = date(2026, 5, 10)
LATER = date(2026, 5, 24)
SUPPLIER = Why(cause=DelayCause.SUPPLIER, note="工厂停电")


@pytest.mark.parametrize(
    ("planned", "before", "after", "proposed"),
    [
        (D, D, LATER, LATER),
        (date(2026, 5, 12), D, LATER, date(2026, 5, 26)),
        (date(2026, 6, 1), D, LATER, None),
        (LATER, D, LATER, None),
        (D, None, LATER, LATER),
        (D, date(2026, 5, 20), LATER, LATER),
        (None, D, LATER, None),
    ],
)
def test_a_delivery_keeps_its_distance_from_the_goods(planned, before, after, proposed):
    assert proposed_delivery(planned_on=planned, before_on=before, after_on=after) == proposed


def test_what_is_later_and_which_arrival_is_too_late():
    assert is_later(D, LATER)
    assert not is_later(None, LATER)
    assert not is_later(LATER, LATER)
    assert latest_arrival(planned_on=D, arrivals=[None, LATER, D]) == LATER
    assert latest_arrival(planned_on=LATER, arrivals=[LATER]) is None
    assert latest_arrival(planned_on=None, arrivals=[LATER]) is None


def confirmed(**said):
    facts = {"promised_on": D, "current_on": D, "state": OrderState.CONFIRMED}
    goods = {"state": LineState.SUBMITTED, "arrives_on": D}
    return order(**facts | {"lines": [goods]} | said)


def arrive(of, on=LATER, *, why=SUPPLIER, now=NOW, **said):
    line = of.lines.get()
    return change_arrival(line=line, on=on, why=why, by=of.seller, now=now, **said)


def plan(of, on, *, why=SUPPLIER, now=NOW, **how):
    return plan_delivery(order=of, on=on, plan=Planned(**how), why=why, by=of.seller, now=now)


def news(of):
    """What the customer is to be told, as it stands on somebody's list: (text, whose, day)."""
    days = AnchorDay.objects.filter(anchor=Anchor.ORDER_NEWS, customer=of.customer, ended_at=None)
    found = []
    for day in days.order_by("pk"):
        told = Obligation.objects.filter(
            step__anchor=Anchor.ORDER_NEWS, subject_id=day.subject_id, state=State.OPEN
        )
        found += [(day.text, each.task.assignee, each.due_on) for each in told]
    return found


@pytest.mark.django_db
def test_goods_that_come_later_move_the_delivery_and_the_customer_is_told_at_once():
    of = confirmed()
    arrive(of)
    of.refresh_from_db()
    assert (of.current_on, of.promised_on) == (LATER, D)
    assert of.lines.get().arrives_on == LATER
    changes = DateChange.objects.filter(order=of).order_by("pk")
    assert [
        (each.which, each.before_on, each.after_on, each.cause, each.note) for each in changes
    ] == [
        (DateKind.ETA, D, LATER, DelayCause.SUPPLIER, "工厂停电"),
        (DateKind.CURRENT, D, LATER, DelayCause.SUPPLIER, "工厂停电"),
    ]
    assert news(of) == [(f"{of.number} · 05-10 → 05-24", of.seller, TODAY)]
    planned = Milestone.objects.filter(order=of).order_by("pk").values_list("kind", "planned_on")
    assert list(planned) == [("arrived", LATER), ("delivered", LATER)]


@pytest.mark.django_db
def test_a_seller_without_the_card_leaves_the_call_to_its_keeper():
    keeper = PersonFactory()
    of = confirmed(customer=CustomerFactory(owner=keeper), seller=PersonFactory())
    arrive(of)
    assert [who for _text, who, _on in news(of)] == [keeper]


@pytest.mark.django_db
def test_the_delivery_may_stay_or_move_to_another_day():
    stays, moves = confirmed(), confirmed()
    arrive(stays, moves_delivery=False)
    arrive(moves, delivery_on=date(2026, 5, 30))
    stays.refresh_from_db()
    moves.refresh_from_db()
    assert (stays.current_on, moves.current_on) == (D, date(2026, 5, 30))
    assert [text for text, *_ in news(stays)] == [f"{stays.number} · 05-10 → 05-24"]
    assert [text for text, *_ in news(moves)] == [f"{moves.number} · 05-10 → 05-30"]
    in_time = confirmed(current_on=date(2026, 6, 20))
    arrive(in_time, delivery_on=date(2026, 6, 10))
    in_time.refresh_from_db()
    assert in_time.current_on == date(2026, 6, 10)


@pytest.mark.django_db
def test_a_later_word_overtakes_what_was_not_told_yet():
    of = confirmed()
    arrive(of)
    plan(of, date(2026, 5, 30))
    assert [text for text, *_ in news(of)] == [f"{of.number} · 05-24 → 05-30"]
    plan(of, D)  # perhaps they were told the later day
    assert [text for text, *_ in news(of)] == [f"{of.number} · 05-30 → 05-10"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda of: arrive(of, date(2026, 5, 8)),
        lambda of: plan(of, date(2026, 5, 9)),
        lambda of: plan(of, LATER, why=Why(cause=DelayCause.CUSTOMER)),
        lambda of: change_wish(order=of, on=LATER, why=SUPPLIER, by=of.seller, now=NOW),
    ],
)
def test_what_is_no_news(act):
    of = confirmed()
    act(of)
    assert DateChange.objects.filter(order=of).count() == 1
    assert news(of) == []


@pytest.mark.django_db
def test_nobody_is_told_of_a_day_that_they_never_heard_of():
    of = confirmed(state=OrderState.CHECKED)
    arrive(of)
    of.refresh_from_db()
    assert of.current_on == LATER
    assert news(of) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda of: arrive(of, TODAY - timedelta(days=1)), "day_is_over"),
        (lambda of: plan(of, LATER, why=None), "cause_missing"),
        (lambda of: plan(of, TODAY - timedelta(days=1)), "day_is_over"),
    ],
)
def test_days_that_cannot_be(act, code):
    of = confirmed()
    with pytest.raises(DateNotChanged) as refused:
        act(of)
    assert refused.value.codes == (code,)
    assert not DateChange.objects.exists()


@pytest.mark.django_db
def test_goods_that_are_here_are_not_expected():
    of = confirmed(lines=[{"state": LineState.READY, "arrives_on": D}])
    with pytest.raises(DateNotChanged) as refused:
        arrive(of)
    assert refused.value.codes == ("goods_are_here",)


@pytest.mark.django_db
def test_a_first_plan_needs_no_cause_and_says_how():
    of = confirmed(current_on=None)
    plan(of, D, why=None, crew="张师傅", preparation=[Preparation.LIFT])
    plan(of, D, why=None, crew="张师傅", preparation=[Preparation.LIFT])
    of.refresh_from_db()
    assert (of.current_on, of.crew, of.preparation) == (D, "张师傅", ["lift"])
    chore = Chore.objects.get(kind=ChoreKind.PREPARE)
    assert (chore.due_on, chore.store, chore.text) == (D - timedelta(days=1), of.store, of.number)
    assert OrderEvent.objects.filter(order=of, kind=EventKind.PLANNED).count() == 1
    assert not DateChange.objects.exists()


@pytest.mark.django_db
def test_what_is_prepared_moves_with_the_delivery_and_ends_with_the_order():
    of = confirmed()
    plan(of, LATER, preparation=[Preparation.LIFT])
    chore = Chore.objects.get(kind=ChoreKind.PREPARE)
    assert chore.due_on == LATER - timedelta(days=1)
    plan(of, TODAY, preparation=[Preparation.LIFT])
    chore.refresh_from_db()
    assert chore.due_on == TODAY, "nothing is late as it is planned"
    of.refresh_from_db()
    of.state = OrderState.DELIVERED
    follow_preparation(of, now=NOW)
    chore.refresh_from_db()
    assert chore.dropped_at == NOW


@pytest.mark.django_db
def test_the_database_itself_keeps_the_promise():
    of = confirmed()
    with pytest.raises(InternalError, match="promise_stays"), transaction.atomic():
        Order.objects.filter(pk=of.pk).update(promised_on=LATER)
    Order.objects.filter(pk=of.pk).update(current_on=LATER)


@pytest.mark.django_db
def test_lines_are_allocated_together_with_their_arrival():
    of = order(lines=[{}, {"state": LineState.ALLOCATED}])
    ids = [line.pk for line in of.lines.all()]
    source = Source(supply=Supply.PURCHASE, po_no="PO-3", arrives_on=D)
    for _twice in range(2):
        allocate_lines(order=of, lines=ids, source=source, by=of.seller, now=NOW)
    lines = of.lines.values_list("supply", "po_no", "arrives_on", "state")
    assert set(lines) == {("purchase", "PO-3", D, "allocated")}
    assert Milestone.objects.filter(kind=MilestoneKind.ARRIVED, planned_on=D).count() == 2
    assert OrderEvent.objects.filter(kind=EventKind.ALLOCATED).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "on", "code"),
    [
        ({"state": LineState.SUBMITTED}, D, "on_its_way"),
        ({"arrives_on": LATER}, D, "arrival_stands"),
        ({}, TODAY - timedelta(days=1), "arrival_over"),
    ],
)
def test_allocations_that_do_not_fit(said, on, code):
    of = order(lines=[said])
    source = Source(supply=Supply.STOCK, arrives_on=on)
    ids = [of.lines.get().pk]
    with pytest.raises(LinesNotAllocated) as refused:
        allocate_lines(order=of, lines=ids, source=source, by=of.seller, now=NOW)
    assert refused.value.codes == (code,)


def allocate(of, supply):
    """Where the goods of its only line come from; what is owed for it in the house."""
    ids = [of.lines.get().pk]
    allocate_lines(order=of, lines=ids, source=Source(supply=supply), by=of.seller, now=NOW)
    return set(Chore.objects.filter(dropped_at=None).values_list("kind", "subject_id", "text"))


@pytest.mark.django_db
def test_a_floor_sample_sold_is_work_for_two_until_it_comes_from_elsewhere():
    of = order(lines=[{}])
    pk, text = of.lines.get().pk, f"{of.number} · 三人沙发"
    assert allocate(of, Supply.FLOOR_SAMPLE) == {
        (ChoreKind.SUBSTITUTE, pk, text), (ChoreKind.OFF_FLOOR, pk, text),
    }  # fmt: skip
    assert allocate(of, Supply.STOCK) == set()


@pytest.mark.django_db
def test_whoever_shows_goods_finds_a_substitute_and_whoever_delivers_takes_it_off_the_floor():
    of = order(lines=[{}])
    allocate(of, Supply.FLOOR_SAMPLE)

    def seen(person):
        found = visible_chores(reach_of(person, today=TODAY), today=TODAY)
        return sorted(found.values_list("kind", flat=True))

    manager = PersonFactory(role=Role.STORE_MANAGER, store=of.store)
    assert seen(manager) == [ChoreKind.OFF_FLOOR, ChoreKind.SUBSTITUTE]
    display, delivery = (
        DutyFactory(kind=kind, store=of.store).person
        for kind in (DutyKind.VISUAL_DISPLAY, DutyKind.DELIVERY)
    )
    assert (seen(display), seen(delivery)) == ([ChoreKind.SUBSTITUTE], [ChoreKind.OFF_FLOOR])
