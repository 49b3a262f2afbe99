"""Proposals: made once, decided once and never by who made them; a markdown becomes the price."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.models import AuditEntry
from staff.models import Notice
from staff.scope import reach_of
from staff.states import Role
from stock.models import ClassOverride, OfficePrice, SizeStock
from stock.queries.proposals import may_decide, outcome_of, visible_proposals
from stock.services.overrides import ClassNotSet, give_class, lift_class
from stock.services.proposals import (
    NotDecided,
    NotProposed,
    decide,
    mark_exported,
    propose,
    withdraw,
)
from stock.services.recounting import recount_all
from stock.states import Kind, ProposalKind, ProposalState, StyleClass
from tests.factories.staff import PersonFactory
from tests.factories.stock import (
    FigureFactory,
    MovementFactory,
)
from tests.stock.proposed import NOW, TODAY, draft, made, world_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A style of ¥499 with a floor of ¥254 in two offices, a merchandiser, the operations."""
    return world_of(floor_price=Decimal("253.97"))


def test_an_order_is_proposed_by_size_and_stands_on_its_figures(world):
    row = made(world, ProposalKind.REORDER, facts={"days_of_supply": "9.0000"}, reason="Easter")
    assert (row.quantity, row.cover_days, row.state) == (8, 35, ProposalState.OPEN)
    assert dict(row.sizes.values_list("size", "quantity")) == {"36": 2, "37": 6}
    assert row.facts == {"days_of_supply": "9.0000"}
    assert AuditEntry.objects.get(verb="propose_goods").object_id == row.pk


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        (ProposalKind.REORDER, {"sizes": {"36": 0}}, "no_pairs"),
        (ProposalKind.REORDER, {"sizes": {"36": 100_001}}, "too_many_pairs"),
        (ProposalKind.REORDER, {"cover_days": 13}, "cover_under_lead"),
        (ProposalKind.TRANSFER, {"from_office": None}, "two_offices"),
        (ProposalKind.MARK_DOWN, {"new_price": Decimal(499)}, "not_lower"),
        (ProposalKind.MARK_DOWN, {"new_price": Decimal(253)}, "under_floor"),
        (ProposalKind.MARK_DOWN, {"from_on": date(2026, 3, 31)}, "is_past"),
        (ProposalKind.MARK_DOWN, {"from_on": date(2027, 4, 2)}, "is_far"),
        (
            ProposalKind.MARK_DOWN,
            {"new_price": Decimal(253), "asks_under_floor": True},
            "reason_missing",
        ),
    ],
)
def test_what_cannot_be_proposed(world, kind, said, code):
    with pytest.raises(NotProposed) as refusal:
        made(world, kind, **said)
    assert refusal.value.codes == (code,)


def test_a_style_that_lies_nowhere_is_marked_down_in_no_office_at_once(world):
    SizeStock.objects.all().delete()
    OfficePrice.objects.all().delete()
    with pytest.raises(NotProposed) as refusal:
        made(world, ProposalKind.MARK_DOWN, office=None)
    assert refusal.value.codes == ("lies_nowhere",)
    assert made(world, ProposalKind.MARK_DOWN).office == world["here"]


def test_goods_do_not_move_to_where_they_are(world):
    with pytest.raises(NotProposed) as refusal:
        made(world, ProposalKind.TRANSFER, office=world["here"])
    assert refusal.value.codes == ("same_office",)


def test_the_same_is_not_proposed_twice(world):
    key, said = uuid4(), draft(world, ProposalKind.REORDER)
    first = propose(draft=said, by=world["goods"], key=key, now=NOW)
    assert propose(draft=said, by=world["goods"], key=key, now=NOW) == first
    with pytest.raises(NotProposed) as refusal:
        made(world, ProposalKind.REORDER)
    assert refusal.value.codes == ("open_already",)
    withdraw(proposal=first, by=world["goods"], now=NOW)
    assert made(world, ProposalKind.REORDER) != first


def test_nobody_decides_the_own_and_nobody_twice(world):
    row = made(world, ProposalKind.REORDER)
    with pytest.raises(NotDecided) as refusal:
        decide(proposal=row, is_approved=True, by=world["goods"], now=NOW)
    assert refusal.value.codes == ("own_proposal",)
    with pytest.raises(NotDecided) as refusal:
        decide(proposal=row, is_approved=False, by=world["ops"], note=" ", now=NOW)
    assert refusal.value.codes == ("note_missing",)
    with pytest.raises(NotDecided) as refusal:
        withdraw(proposal=row, by=world["ops"], now=NOW)
    assert refusal.value.codes == ("not_yours",)
    decide(proposal=row, is_approved=True, by=world["ops"], now=NOW)
    for late in (
        lambda: decide(proposal=row, is_approved=False, note="x", by=world["ops"], now=NOW),
        lambda: withdraw(proposal=row, by=world["goods"], now=NOW),
    ):
        with pytest.raises(NotDecided) as refusal:
            late()
        assert refusal.value.codes == ("moved_on",)
    assert Notice.objects.get().person == world["goods"]
    mark_exported(proposals=[row.pk], by=world["goods"], now=NOW)
    row.refresh_from_db()
    assert (row.state, row.exported_at) == (ProposalState.APPROVED, NOW)
    assert (row.decided_by, row.decided_at) == (world["ops"], NOW)
    mark_exported(proposals=[row.pk], by=world["ops"], now=NOW + timedelta(days=1))
    row.refresh_from_db()
    assert row.exported_at == NOW, "the first time counts"
    for verb, by in (("decide_goods", world["ops"]), ("hand_over_goods", world["goods"])):
        entry = AuditEntry.objects.get(verb=verb)
        assert (entry.by, entry.object_id) == (by, row.pk)


def test_who_decides_what(world):
    other = PersonFactory.create(role=Role.MERCHANDISER)
    order, price = made(world, ProposalKind.REORDER), made(world, ProposalKind.MARK_DOWN)
    for row, person, answer in [
        (order, world["goods"], False),
        (order, other, True),
        (order, world["ops"], True),
        (price, other, False),
        (price, world["ops"], True),
    ]:
        assert may_decide(row, person=person, role=Role(person.role)) is answer
    with pytest.raises(NotDecided) as refusal:
        decide(proposal=price, is_approved=True, by=other, now=NOW)
    assert refusal.value.codes == ("not_deciding",)


def test_an_approved_markdown_is_the_price_of_its_offices_from_its_day(world):
    OfficePrice.objects.create(
        style=world["style"], office=world["there"], from_on=date(2026, 3, 1), current_price=350
    )
    row = made(world, ProposalKind.MARK_DOWN, office=None)
    assert row.old_price == 499
    decide(proposal=row, is_approved=True, by=world["ops"], now=NOW)
    steps = OfficePrice.objects.filter(from_on=TODAY)
    # Where it costs less already, it stays so.
    assert [(each.office, each.current_price) for each in steps] == [(world["here"], 399)]


def test_a_markdown_that_waited_begins_on_the_day_it_is_approved(world):
    row = made(world, ProposalKind.MARK_DOWN)
    decide(proposal=row, is_approved=True, by=world["ops"], now=NOW.replace(day=9))
    assert OfficePrice.objects.get().from_on == date(2026, 4, 9)


def test_a_markdown_that_waited_until_the_price_was_there_is_not_approved(world):
    row = made(world, ProposalKind.MARK_DOWN)
    OfficePrice.objects.create(
        style=world["style"], office=world["here"], from_on=TODAY, current_price=399
    )
    with pytest.raises(NotDecided) as refusal:
        decide(proposal=row, is_approved=True, by=world["ops"], now=NOW)
    assert refusal.value.codes == ("not_lower",)
    row.refresh_from_db()
    assert row.state == ProposalState.OPEN


def test_only_a_dead_style_after_a_markdown_goes_under_the_floor_by_itself(world):
    style, here = world["style"], world["here"]
    under = {"new_price": Decimal(200)}
    FigureFactory.create(style=style, office=here, style_class=StyleClass.DEAD)
    with pytest.raises(NotProposed):
        made(world, ProposalKind.MARK_DOWN, **under)
    OfficePrice.objects.create(
        style=style, office=here, from_on=date(2026, 3, 1), current_price=300
    )
    row = made(world, ProposalKind.MARK_DOWN, **under)
    assert row.is_under_floor is False
    # The floor is looked at once more when it is decided.
    ClassOverride.objects.create(
        style=style, style_class=StyleClass.SLOW, reason="r", set_by=world["goods"]
    )
    with pytest.raises(NotDecided) as refusal:
        decide(proposal=row, is_approved=True, by=world["ops"], now=NOW)
    assert refusal.value.codes == ("under_floor",)
    row.refresh_from_db()
    assert row.state == ProposalState.OPEN


def test_a_price_under_the_floor_can_be_asked_for_and_approved(world):
    row = made(
        world, ProposalKind.MARK_DOWN, new_price=Decimal(200), asks_under_floor=True, reason="last"
    )
    assert row.is_under_floor
    decide(proposal=row, is_approved=True, by=world["ops"], now=NOW)
    assert OfficePrice.objects.get().current_price == 200


def test_a_manager_sees_what_concerns_the_own_store(world):
    manager = PersonFactory.create(role=Role.STORE_MANAGER, store=world["there"])
    for said in ({}, {"office": None}, {"office": world["there"]}):
        made(world, ProposalKind.REORDER, **said)
    made(world, ProposalKind.TRANSFER)
    seen = visible_proposals(reach_of(manager, today=TODAY))
    assert {(row.kind, row.office) for row in seen} == {
        (ProposalKind.REORDER, None),
        (ProposalKind.REORDER, world["there"]),
        (ProposalKind.TRANSFER, world["there"]),
    }
    assert visible_proposals(reach_of(world["goods"], today=TODAY)).count() == 4
    giver = PersonFactory.create(role=Role.STORE_MANAGER, store=world["here"])
    assert visible_proposals(reach_of(giver, today=TODAY)).filter(from_office=world["here"])


def test_what_came_of_it_is_read_from_the_ledger(world):
    style, here, there = world["style"], world["here"], world["there"]
    row = made(world, ProposalKind.TRANSFER)
    decide(proposal=row, is_approved=True, by=world["ops"], now=NOW)
    ledger = {"style": style, "size": "37"}
    for office, on, kind, pairs, document in [
        (here, date(2026, 3, 1), Kind.PURCHASE, 40, "P1"),
        (there, date(2026, 3, 1), Kind.PURCHASE, 10, "P2"),
        (there, date(2026, 3, 20), Kind.SALE, 6, "S1"),
        (here, date(2026, 3, 31), Kind.TRANSFER_OUT, 2, "T0"),
        (there, date(2026, 3, 31), Kind.TRANSFER_IN, 2, "T0"),
        (there, TODAY, Kind.SALE, 2, "S0"),
        (here, date(2026, 4, 3), Kind.TRANSFER_OUT, 3, "T1"),
        (there, date(2026, 4, 4), Kind.TRANSFER_IN, 3, "T1"),
        (there, date(2026, 4, 10), Kind.SALE, 5, "S2"),
        (there, date(2026, 4, 22), Kind.SALE, 1, "S3"),
        (here, date(2026, 4, 23), Kind.TRANSFER_OUT, 4, "T2"),
        (there, date(2026, 4, 24), Kind.TRANSFER_IN, 4, "T2"),
    ]:
        MovementFactory.create(
            **ledger, office=office, on=on, kind=kind, quantity=pairs, document=document
        )
    recount_all()
    found = outcome_of(row, today=date(2026, 4, 22))
    assert (found.since, found.until, found.is_whole) == (TODAY, date(2026, 4, 21), True)
    assert (found.arrived, found.left, found.stock) == (3, 3, 1)
    assert (found.before.sales(), found.before.supply) == (6, 12)
    assert (found.after.sales(), found.after.supply) == (7, 9)
    assert outcome_of(row, today=date(2026, 4, 21)).is_whole is False


def test_a_given_class_takes_the_place_of_the_one_that_was_seen(world):
    style, by = world["style"], world["goods"]
    first = give_class(
        style=style, office=None, style_class=StyleClass.FAST, reason="r", by=by, now=NOW
    )
    for late in (None, first.pk + 1):
        with pytest.raises(ClassNotSet) as refusal:
            give_class(style=style, office=None, style_class=StyleClass.SLOW, reason="r", by=by,
                       seen=late, now=NOW)  # fmt: skip
        assert refusal.value.codes == ("given_meanwhile",)
    with pytest.raises(ClassNotSet) as refusal:
        give_class(style=style, office=None, style_class=StyleClass.FAST, reason="r", by=by,
                   seen=first.pk, now=NOW)  # fmt: skip
    assert refusal.value.codes == ("same_class",)
    second = give_class(
        style=style, office=None, style_class=StyleClass.SLOW, reason="r", by=by, seen=first.pk,
        now=NOW,
    )  # fmt: skip
    assert list(ClassOverride.objects.filter(lifted_at=None)) == [second]
    lift_class(override=second, by=by, now=NOW)
    with pytest.raises(ClassNotSet) as refusal:
        lift_class(override=second, by=by, now=NOW)
    assert refusal.value.codes == ("lifted_already",)


@pytest.mark.parametrize(
    ("style_class", "reason", "code"),
    [(StyleClass.WATCHED, "r", "watched"), (StyleClass.FAST, " ", "reason_missing")],
)
def test_a_class_is_one_of_four_and_has_its_reason(world, style_class, reason, code):
    with pytest.raises(ClassNotSet) as refusal:
        give_class(
            style=world["style"], office=None, style_class=style_class, reason=reason,
            by=world["goods"], now=NOW,
        )  # fmt: skip
    assert refusal.value.codes == (code,)
