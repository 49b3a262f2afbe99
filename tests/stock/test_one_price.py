"""A proposal and a price set by hand go by the same price and the same floor (MER-09, MER-10)."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.states import Role
from stock.models import FigureSet, OfficePrice
from stock.queries.prices import floors_of, prices_on
from stock.queries.pricing import priced
from stock.rules.terms import DEFAULTS
from stock.services.prices import NewPrice, PriceNotSet, set_price
from stock.services.proposals import Draft, NotProposed, decide, propose
from stock.states import Kind, ProposalKind, StyleClass
from tests.factories.staff import PersonFactory
from tests.factories.stock import (
    FigureFactory,
    MovementFactory,
    StyleFactory,
)
from tests.stock.proposed import NOW, TODAY, world_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A style of ¥499 in two offices that was bought for ¥180: its floor is ¥254."""
    made = world_of()
    MovementFactory.create(
        style=made["style"], office=made["here"], kind=Kind.PURCHASE, unit_cost=Decimal(180)
    )
    return made


def marked_down(world, price, **said):
    draft = Draft(
        kind=ProposalKind.MARK_DOWN, style=world["style"], as_of=TODAY, office=world["here"],
        new_price=Decimal(price), from_on=TODAY, **said,
    )  # fmt: skip
    return propose(draft=draft, by=world["goods"], key=uuid4(), now=NOW)


def test_a_markdown_keeps_to_a_floor_that_is_reckoned_from_the_cost(world):
    with pytest.raises(NotProposed) as refusal:
        marked_down(world, 253)
    assert refusal.value.codes == ("under_floor",)
    assert marked_down(world, 253, asks_under_floor=True, reason="last pairs").is_under_floor


def test_a_markdown_goes_below_the_counter_price_of_its_office(world):
    OfficePrice.objects.create(
        style=world["style"], office=world["here"], from_on=date(2026, 3, 1), counter_price=300
    )
    there = priced(world["style"], world["here"], on=TODAY)
    assert (there.highest, there.was_marked_down) == (300, False)
    keys = [world["here"].pk, world["there"].pk]
    found = prices_on([world["style"]], offices=keys, on=TODAY)
    assert found == {(world["style"].pk, world["here"].pk): 300}
    with pytest.raises(NotProposed) as refusal:
        marked_down(world, 320)
    assert refusal.value.codes == ("not_lower",)


def test_the_floors_of_many_are_those_of_each(world):
    given = StyleFactory.create(floor_price=Decimal(100))
    unknown = StyleFactory.create()
    found = floors_of([world["style"], given, unknown], DEFAULTS, on=TODAY)
    assert {pk: floor.value for pk, floor in found.items()} == {
        world["style"].pk: Decimal("253.97"),
        given.pk: Decimal(100),
        unknown.pk: None,
    }


def test_a_number_counts_in_the_offices_that_it_was_approved_for(world):
    row = marked_down(world, 240, asks_under_floor=True, reason="last pairs")
    decide(proposal=row, is_approved=True, by=world["ops"], now=NOW)
    price = NewPrice(from_on=TODAY, current=Decimal(240), approval=str(row.pk))
    with pytest.raises(PriceNotSet) as refusal:
        set_price(
            style=world["style"], offices=[world["there"]], price=price, may_lower=False,
            reason="", by=world["goods"], key=uuid4(), now=NOW,
        )  # fmt: skip
    assert refusal.value.codes == ("number_elsewhere",)


def set_by_hand(world, **price):
    set_price(
        style=world["style"], offices=[world["here"]], price=NewPrice(from_on=TODAY, **price),
        may_lower=True, reason="", by=world["ops"], key=uuid4(), now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("is_by_hand", [True, False])
def test_the_style_is_held_while_its_price_changes_and_figures_are_made_anew(world, is_by_hand):
    row = None if is_by_hand else marked_down(world, 399)
    assert not FigureSet.objects.exists()
    with CaptureQueriesContext(connection) as asked:
        if row is None:
            set_by_hand(world, current=Decimal(399))
        else:
            decide(proposal=row, is_approved=True, by=world["ops"], now=NOW)
    held = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"]]
    assert any('FROM "stock_style"' in sql for sql in held)
    assert FigureSet.objects.get().is_standing


def test_a_price_of_the_same_day_keeps_what_is_not_said_anew(world):
    set_by_hand(world, counter=Decimal(450))
    set_by_hand(world, current=Decimal(440))
    set_by_hand(world, counter=Decimal(460))
    (row,) = OfficePrice.objects.all()
    assert (row.counter_price, row.current_price) == (460, 440)


def test_the_lower_of_both_prices_keeps_to_the_floor_unless_figures_tell_of_a_markdown(world):
    both = {"counter": Decimal(500), "current": Decimal(200)}
    figure = FigureFactory.create(
        style=world["style"], office=world["here"], style_class=StyleClass.DEAD
    )
    with pytest.raises(PriceNotSet) as refusal:
        set_by_hand(world, **both)
    assert refusal.value.codes == ("under_floor",)
    type(figure).objects.update(is_promoted=True)
    set_by_hand(world, **both)
    assert OfficePrice.objects.get().current_price == 200


def test_the_page_of_a_style_says_the_price_that_holds(world, as_):
    for on, said in ((1, {"current_price": 399}), (20, {"counter_price": 520})):
        OfficePrice.objects.create(
            style=world["style"], office=world["here"], from_on=date(2026, 3, on), **said
        )
    said = as_(world["goods"]).get(f"/stock/styles/{world['style'].pk}/").context["prices"]
    assert [(row["price"], row["since"]) for row in said] == [("¥399", "2026-03-01")]
    seller = PersonFactory.create(role=Role.SALES_STORE, store=world["there"])
    said = as_(seller).get(f"/stock/styles/{world['style'].pk}/").context["prices"]
    assert said == []


def test_the_first_price_of_an_office_is_no_way_round_a_markdown(world):
    told = {"style": world["style"], "offices": [world["here"]], "may_lower": False, "reason": "",
            "by": world["goods"], "now": NOW}  # fmt: skip
    for counter in (None, Decimal(450)):
        price = NewPrice(from_on=TODAY, counter=counter, current=Decimal(300))
        with pytest.raises(PriceNotSet) as refusal:
            set_price(**told, price=price, key=uuid4())
        assert refusal.value.codes == ("lower_by_proposal",)
    set_price(**told, price=NewPrice(from_on=TODAY, counter=Decimal(450)), key=uuid4())
    assert priced(world["style"], world["here"], on=TODAY).highest == 450


def test_a_store_reads_the_floor_and_not_what_other_offices_paid(world, as_):
    page = f"/stock/styles/{world['style'].pk}/prices/"
    seller = PersonFactory.create(role=Role.SALES_STORE)
    for person, is_told in ((world["goods"], True), (seller, False)):
        floor = as_(person).get(page).context["floor"]
        assert (floor["check"], "180" in floor["how"]) == ("¥254", is_told)
