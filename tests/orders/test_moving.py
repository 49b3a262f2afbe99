"""Goods moved along by people: one line or several, since when, and steps taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.models import AuditEntry
from orders.models import Milestone, OrderEvent
from orders.services import milestones
from orders.services.holding import OrderNotChanged
from orders.services.moving import LinesNotMoved, Step, move_lines, take_step_back
from orders.states import EventKind, LineState, MilestoneKind, OrderState, Supply
from tests.factories.orders import order

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
S = LineState


def confirmed(*lines, **said):
    return order(
        lines=lines or ({"state": S.ALLOCATED},),
        state=OrderState.CONFIRMED,
        promised_on=date(2026, 5, 10),
        **said,
    )


def move(of, to, *, lines=None, on=TODAY, by=None, now=NOW, **how):
    ids = [line.pk for line in lines or of.lines.all()]
    step = Step(to=to, on=on, **how)
    return move_lines(order=of, lines=ids, step=step, by=by or of.seller, now=now)


def states(of):
    return list(of.lines.order_by("position").values_list("state", flat=True))


def test_a_line_goes_all_the_way_and_everything_is_written_down():
    of = confirmed()
    for to in ("submitted", "in_production", "arrived", "ready"):
        move(of, to, po_no="PO-7")
    move(of, "shipped", on=TODAY - timedelta(days=1), carrier="德邦", tracking_no="DB123")
    line = of.lines.get()
    assert (line.state, line.po_no, line.carrier, line.tracking_no) == (
        "shipped", "PO-7", "德邦", "DB123",
    )  # fmt: skip
    reached = Milestone.objects.filter(line=line).order_by("pk").values_list("kind", "reached_on")
    assert list(reached)[-2:] == [("ready", TODAY), ("shipped", TODAY - timedelta(days=1))]
    shipped = OrderEvent.objects.get(kind=EventKind.SHIPPED)
    assert (shipped.line, shipped.by, shipped.at) == (line, of.seller, NOW)
    assert shipped.params == {"on": "2026-03-19", "carrier": "德邦", "tracking_no": "DB123"}
    assert AuditEntry.objects.filter(verb="order_shipped", object_id=of.pk).count() == 1
    of.refresh_from_db()
    assert (of.lines_submitted, of.lines_arrived) == (1, 1)


def test_several_lines_go_together_or_not_at_all(django_assert_max_num_queries):
    of = confirmed(*[{"state": S.ALLOCATED, "supply": Supply.STOCK}] * 12)
    with django_assert_max_num_queries(18):
        move(of, "ready")
    assert states(of) == ["ready"] * 12
    other = confirmed({"state": S.READY}, {"state": S.SUBMITTED})
    with pytest.raises(LinesNotMoved) as refused:
        move(other, "shipped")
    assert refused.value.codes == ("moved_meanwhile",)
    assert states(other) == ["ready", "submitted"]


def test_the_same_form_twice_moves_once():
    of = confirmed({"state": S.READY})
    move(of, "shipped")
    assert move(of, "shipped") == []
    assert OrderEvent.objects.filter(kind=EventKind.SHIPPED).count() == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"to": "submitted", "on": TODAY + timedelta(days=1)}, "in_future"),
        ({"to": "submitted", "on": date(2026, 3, 11)}, "before_order"),
        ({"to": "submitted"}, "po_missing"),
        ({"to": "arrived"}, "moved_meanwhile"),
        ({"to": "delivered"}, "moved_meanwhile"),
        ({"to": "cancelled"}, "moved_meanwhile"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(said, code):
    of = confirmed()
    with pytest.raises(LinesNotMoved) as refused:
        move(of, **said)
    assert refused.value.codes == (code,)
    assert str(refused.value)
    assert states(of) == ["allocated"]


def test_goods_of_an_order_that_is_not_confirmed_or_closed_stay():
    early = order(lines=({"state": S.ALLOCATED},))
    with pytest.raises(LinesNotMoved) as refused:
        move(early, "submitted", po_no="PO-1")
    assert refused.value.codes == ("not_confirmed",)
    gone = order(lines=({"state": S.ALLOCATED},), state=OrderState.CANCELLED)
    with pytest.raises(OrderNotChanged):
        move(gone, "submitted", po_no="PO-1")


def test_lines_of_another_order_are_no_lines_of_this():
    of, other = confirmed(), confirmed()
    with pytest.raises(LinesNotMoved) as refused:
        move(of, "submitted", lines=list(other.lines.all()), po_no="PO-1")
    assert refused.value.codes == ("no_lines",)


def back(line, *, seen, reason="点错了", now=NOW):
    return take_step_back(line=line, seen=seen, reason=reason, by=line.order.seller, now=now)


def test_steps_are_taken_back_one_at_a_time_with_a_reason():
    of = confirmed({"state": S.OPEN, "supply": Supply.STOCK})
    line = of.lines.get()
    type(line).objects.filter(pk=line.pk).update(state=S.ALLOCATED)
    milestones.reach(of, MilestoneKind.ALLOCATED, on=TODAY, by=of.seller, line=line)
    move(of, "ready")
    assert back(line, seen="ready").state == "allocated"
    row = Milestone.objects.get(line=line, kind=MilestoneKind.READY)
    assert (row.reached_on, row.reached_by) == (None, None)
    told = OrderEvent.objects.get(kind=EventKind.TAKEN_BACK)
    assert (told.params, told.note) == ({"before": "ready", "after": "allocated"}, "点错了")
    assert back(line, seen="allocated").state == "open"


@pytest.mark.parametrize(
    ("state", "seen", "reason", "code"),
    [
        (S.READY, "ready", " ", "reason_missing"),
        (S.READY, "shipped", "错", "moved_meanwhile"),
        (S.OPEN, "open", "错", "nothing_to_take_back"),
        (S.DELIVERED, "delivered", "错", "nothing_to_take_back"),
        (S.CANCELLED, "cancelled", "错", "nothing_to_take_back"),
    ],
)
def test_steps_that_cannot_be_taken_back(state, seen, reason, code):
    line = confirmed({"state": state}).lines.get()
    with pytest.raises(LinesNotMoved) as refused:
        back(line, seen=seen, reason=reason)
    assert refused.value.codes == (code,)


def test_goods_delivered_in_part_are_not_taken_back():
    line = confirmed({"state": S.READY, "qty": 2, "delivered_qty": 1}).lines.get()
    with pytest.raises(LinesNotMoved) as refused:
        back(line, seen="ready")
    assert refused.value.codes == ("delivered_partly",)


def test_a_milestone_is_planned_and_reached_in_one_row():
    of = confirmed()
    milestones.plan(of, MilestoneKind.DELIVERED, on=date(2026, 5, 10))
    milestones.plan(of, MilestoneKind.DELIVERED, on=date(2026, 5, 24))
    milestones.reach(of, MilestoneKind.DELIVERED, on=TODAY, by=of.seller)
    row = Milestone.objects.get(line=None)
    assert (row.planned_on, row.reached_on, row.reached_by) == (
        date(2026, 5, 24), TODAY, of.seller,
    )  # fmt: skip
    milestones.take_back(of, MilestoneKind.DELIVERED)
    row.refresh_from_db()
    assert (row.planned_on, row.reached_on) == (date(2026, 5, 24), None)
