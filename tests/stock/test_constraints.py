"""What the database itself refuses of stock, whoever writes: each constraint by its name."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from stock.models import (
    Brand,
    ClassOverride,
    CoreSizes,
    DaySum,
    Figure,
    FigureSet,
    InTransit,
    Movement,
    OfficeLaunch,
    OfficePrice,
    Proposal,
    ProposalSize,
    Request,
    Season,
    SeasonTarget,
    Series,
    SheetMapping,
    ShoeType,
    SizeStock,
    StockTerms,
    Style,
    WeekFigure,
)
from stock.states import FigureLevel, FigureSetState, Kind, ProposalKind, ProposalState
from tests.factories.staff import PersonFactory, StoreFactory
from tests.worlds import kept

TODAY = date(2026, 4, 1)
MODELS = list(apps.get_app_config("stock").get_models())
DECLARED = [constraint.name for model in MODELS for constraint in model._meta.constraints]
UNIQUE_FIELDS = [
    f"{model._meta.db_table}_{field.column}_key"
    for model in MODELS
    for field in model._meta.local_fields
    if field.unique and not field.primary_key
]
KEPT_BY_THE_DATABASE = """
    SELECT conname FROM pg_constraint
    WHERE conrelid::regclass::text LIKE 'stock\\_%' AND contype IN ('c', 'u', 'x')
        AND NOT (contype = 'c' AND conname ~ '^stock_.*_check$')
    UNION
    SELECT indexrelid::regclass::text FROM pg_index
    WHERE indrelid::regclass::text LIKE 'stock\\_%' AND indisunique AND NOT indisprimary
    UNION
    SELECT tgname FROM pg_trigger
    WHERE tgrelid::regclass::text LIKE 'stock\\_%' AND NOT tgisinternal
"""


class Tried:
    """What refused each row that was tried against a constraint, by that constraint's name."""

    def __init__(self) -> None:
        self.outcomes: defaultdict[str, list[str]] = defaultdict(list)

    def refused(self, name: str, model, /, **said) -> None:
        """Tries a row that the constraint of this name is to keep out."""
        found = "nothing"
        try:
            with transaction.atomic():
                model.objects.create(**said)
        except IntegrityError as error:
            found = error.__cause__.diag.constraint_name  # ty: ignore
        self.outcomes[name].append(found)


@pytest.fixture(scope="module")
def outcomes(django_db_setup, django_db_blocker):
    """Every row once that may be, and beside it those that a constraint keeps out."""
    with kept(tries, blocker=django_db_blocker) as found:
        yield found


def tries() -> dict[str, list[str]]:
    found = Tried()
    person, office, other = PersonFactory(), StoreFactory(), StoreFactory()
    brand, season = Brand.objects.create(name="HP", code="04"), Season.objects.create(name="春单")
    style = Style.objects.create(brand=brand, number="X1", tag_price=Decimal(499))
    here = {"style": style, "office": office}
    masters(found, brand, season)
    ledger(found, here, other)
    prices(found, here)
    figures(found, here, season, brand)
    decisions(found, here, other, person)
    mapping = {"kind": "movements", "headers": "h", "columns": {}, "chosen_by": person}
    twice(found, "one_mapping_a_source", SheetMapping, **mapping)
    twice(found, "stock_stockterms_from_on_key", StockTerms, from_on=TODAY, set_by=person)
    return dict(found.outcomes)


def twice(found: Tried, name: str, model, /, **said):
    made = model.objects.create(**said)
    found.refused(name, model, **said)
    return made


def masters(found: Tried, brand: Brand, season: Season) -> None:
    found.refused("one_brand_a_code", Brand, name="YLS", code=brand.code)
    found.refused("stock_brand_name_key", Brand, name=brand.name)
    found.refused("stock_season_name_key", Season, name=season.name)
    twice(found, "stock_coresizes_name_key", CoreSizes, name="women", sizes=["36"])
    twice(found, "one_series_a_name", Series, brand=brand, name="云感")
    twice(found, "one_shoe_type_a_name", ShoeType, season=season, name="浅口")
    twice(found, "one_target_a_week", SeasonTarget, season=season, week=1, share="0.2")
    for week, share in ((0, "0.2"), (2, 0), (2, "1.01")):
        found.refused("target_is_a_share", SeasonTarget, season=season, week=week, share=share)
    for first, last, weeks in ((0, 3, 9), (4, 3, 9), (3, 10, 9)):
        found.refused(
            "main_season_lies_in_the_season", Season, name="夏凉", weeks=weeks,
            main_from_week=first, main_until_week=last,
        )  # fmt: skip
    found.refused("one_style_a_number", Style, brand=brand, number="X1", tag_price=1)
    for field in ("tag", "floor", "counter"):
        said = {"tag_price": 1, f"{field}_price": 0}
        found.refused(f"{field}_price_is_positive", Style, brand=brand, number="X2", **said)


def ledger(found: Tried, here: dict, other) -> None:
    row = {**here, "on": TODAY, "kind": Kind.PURCHASE, "quantity": 1, "document": "d1"}
    twice(found, "one_movement_without_line", Movement, **row)
    twice(found, "one_movement_a_line", Movement, **row, line="1")
    for changed in ({"office": other}, {"size": "37"}, {"kind": Kind.GAIN}, {"document": "d2"}):
        Movement.objects.create(**row | changed)
    for kind, quantity in ((Kind.PURCHASE, 0), (Kind.SALE, -1), (Kind.OPENING, 0)):
        said = row | {"kind": kind, "quantity": quantity, "document": "d3"}
        found.refused("only_opening_stock_is_negative", Movement, **said)
    Movement.objects.create(**row | {"kind": Kind.OPENING, "quantity": -1})
    found.refused("movement_has_a_document", Movement, **row | {"document": ""})
    twice(found, "one_sum_a_place", DaySum, **here, on=TODAY, kind=Kind.SALE, quantity=1)
    twice(found, "one_stock_a_size", SizeStock, **here, quantity=1)
    twice(found, "one_in_transit_a_due_day", InTransit, **here, quantity=1)
    found.refused("in_transit_is_some", InTransit, **here, size="36", quantity=0)
    twice(found, "one_request_an_office_and_day", Request, **here, on=TODAY, requested=1)
    found.refused("request_is_some", Request, **here, on=date(2026, 4, 2), requested=0)


def prices(found: Tried, here: dict) -> None:
    twice(found, "one_price_an_office_and_day", OfficePrice, **here, from_on=TODAY, current_price=9)
    twice(found, "one_launch_an_office", OfficeLaunch, **here, launched_on=TODAY)
    later = {**here, "from_on": date(2026, 4, 2)}
    for said in ({"current_price": 0}, {"counter_price": 0, "current_price": 9}):
        found.refused("office_prices_are_positive", OfficePrice, **later, **said)
    found.refused("office_price_says_one", OfficePrice, **later)


def figures(found: Tried, here: dict, season: Season, brand: Brand) -> None:
    standing = {"as_of": TODAY, "is_standing": True, "state": FigureSetState.READY}
    of = twice(found, "one_standing_set", FigureSet, **standing)
    style, office, region = here["style"], here["office"], here["office"].region
    places = {
        FigureLevel.OFFICE: {"office": office, "region": region},
        FigureLevel.REGION: {"region": region},
        FigureLevel.COMPANY: {},
    }
    for level, place in places.items():
        twice(found, "one_figure_a_place", Figure, set=of, style=style, level=level, **place)
    for level, place in (
        (FigureLevel.OFFICE, {"region": region}),
        (FigureLevel.OFFICE, {"office": office}),
        (FigureLevel.REGION, {"office": office, "region": region}),
        (FigureLevel.REGION, {}),
        (FigureLevel.COMPANY, {"region": region}),
        (FigureLevel.COMPANY, {"office": office}),
    ):
        found.refused("figure_has_its_place", Figure, set=of, style=style, level=level, **place)
    week = {"set": of, "office": office, "brand": brand, "monday": TODAY}
    for each in (season, None):
        twice(found, "one_figure_a_week", WeekFigure, **week, season=each)


def decisions(found: Tried, here: dict, other, person) -> None:
    style, office = here["style"], here["office"]
    given = {"style": style, "style_class": "slow", "reason": "r", "set_by": person}
    for place in (office, None):
        twice(found, "one_override_a_style_and_office", ClassOverride, **given, office=place)
    for said in ({"lifted_by": person}, {"lifted_at": timezone.now()}):
        found.refused("override_lifted_by_somebody", ClassOverride, **given, office=other, **said)
    base = {"style": style, "as_of": TODAY, "proposed_by": person}
    order = {**base, "kind": ProposalKind.REORDER, "quantity": 1}
    move = {**order, "kind": ProposalKind.TRANSFER, "from_office": office, "office": other}
    price = {**base, "kind": ProposalKind.MARK_DOWN, "new_price": 9, "from_on": TODAY}
    for said in (order, order | {"office": office}, move, price):
        row = twice(found, "one_open_proposal_a_place", Proposal, **said)
    for said in (
        order | {"quantity": 0}, order | {"from_office": other}, move | {"quantity": 0},
        move | {"from_office": None}, move | {"office": None}, move | {"from_office": other},
        price | {"new_price": 0}, price | {"from_on": None}, price | {"from_office": office},
        base | {"kind": "burn", "quantity": 1},
    ):  # fmt: skip
        found.refused("proposal_says_what", Proposal, **said)
    decided = {"decided_by": person, "decided_at": timezone.now()}
    is_over = {"state": ProposalState.APPROVED}
    for said in (decided, is_over, *({**is_over, name: decided[name]} for name in decided)):
        found.refused("proposal_decided_by_somebody", Proposal, **order, **said)
    twice(found, "one_quantity_a_size", ProposalSize, proposal=row, size="37", quantity=1)
    found.refused("size_of_a_proposal_is_some", ProposalSize, proposal=row, size="38", quantity=0)


@pytest.mark.parametrize("name", sorted({*DECLARED, *UNIQUE_FIELDS}))
def test_each_constraint_keeps_out_what_it_is_for(outcomes, name):
    assert set(outcomes.get(name, ["never tried"])) == {name}


@pytest.mark.django_db
def test_the_database_has_no_constraint_or_trigger_beside_those_tried():
    """Those that Django itself writes for a number field (`…_check`) are not tried here."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT_BY_THE_DATABASE)
        names = {name for (name,) in cursor.fetchall()}
    assert names == {*DECLARED, *UNIQUE_FIELDS}
