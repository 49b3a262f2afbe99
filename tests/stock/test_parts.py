"""The parts of figures, reckoned for many places at once, against the rules one place at a time."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from staff.models import Region, Store
from stock.figures.bulk.parts import reckon, rows_of
from stock.figures.question import Question
from stock.figures.summing import parts_of
from stock.models import (
    Brand,
    CoreSizes,
    InTransit,
    Movement,
    OfficeLaunch,
    OfficePrice,
    Request,
    Style,
)
from stock.rules.terms import DEFAULTS
from stock.services.recounting import recount_all
from stock.states import FigureLevel, Kind
from tests.examples import examples
from tests.factories.staff import RegionFactory, StoreFactory
from tests.stock.ledgers import REGIONS, START, ledger
from tests.stock.plainly import CORE_RUNS, Asked, Goods, Priced, reckoned

pytestmark = pytest.mark.django_db


def drawn_goods(seed: int, number: str) -> Goods:
    """A style with a random ledger, stretched over weeks, and things said of it or not."""
    rng = Random(seed)
    stretch = rng.choice((1, 1, 5, 11))
    rows = {}
    for row in ledger(seed, rng.randint(1, 30)):
        moved = replace(row, on=START + stretch * (row.on - START), document=number + row.document)
        moved = replace(moved, reference=number + row.reference if row.reference else "")
        key = (moved.office, moved.document, moved.line)
        rows[key if moved.line else (*key, moved.size, moved.kind, moved.on)] = moved
    goods = Goods(number, Decimal(rng.choice((400, 500))), launched=rng.choice((None, START)))
    for row in rows.values():
        is_sale = row.kind in (Kind.SALE, Kind.SALE_RETURN)
        paid = Decimal(rng.choice(("500", "399.5", "250"))) if is_sale else None
        has_cost = row.kind in (Kind.PURCHASE, Kind.OPENING)
        cost = Decimal(rng.choice((180, 199))) if has_cost else None
        goods.rows.append(
            Priced(row, *((each if rng.random() < 0.8 else None) for each in (paid, cost)))
        )

    def some_day():
        return START + timedelta(days=rng.randint(-5, 30))

    goods.launches = {office: some_day() for office in "abc" if rng.random() < 0.3}
    goods.ends = rng.choice((None, some_day() + timedelta(days=20)))
    goods.due = {office: rng.randint(1, 9) for office in "abc" if rng.random() < 0.3}
    for office in "abc":
        if rng.random() < 0.3:
            goods.prices[office] = [(some_day(), Decimal(price)) for price in (500, 300)]
        if rng.random() < 0.4:
            goods.requests.append((office, some_day(), rng.randint(0, 5), rng.randint(1, 8)))
    return goods


def written(goods: list[Goods]):
    """The same in the tables; answers with the offices by code."""
    regions = {name: RegionFactory(name=name) for name in set(REGIONS.values())}
    offices = {
        code: StoreFactory(code=code, region=regions[name]) for code, name in REGIONS.items()
    }
    brand = Brand.objects.create(name="Hofe")
    for position, sizes in enumerate(CORE_RUNS):
        CoreSizes.objects.create(name=str(position), position=position, sizes=list(sizes))
    for each in goods:
        style = Style.objects.create(
            brand=brand, number=each.number, tag_price=each.tag,
            launched_on=each.launched, season_ends_on=each.ends,
        )  # fmt: skip
        told = ("on", "kind", "quantity", "document", "line", "size", "reference")
        rows = sorted(each.rows, key=lambda priced: hash(priced.row))
        Movement.objects.bulk_create(
            Movement(
                style=style, office=offices[priced.row.office],
                unit_price=priced.paid, unit_cost=priced.cost,
                **{name: getattr(priced.row, name) for name in told},
            )
            for priced in rows
        )  # fmt: skip
        for code, on in each.launches.items():
            OfficeLaunch.objects.create(style=style, office=offices[code], launched_on=on)
        for code, path in each.prices.items():
            for on, price in dict(path).items():
                OfficePrice.objects.create(
                    style=style, office=offices[code], from_on=on, current_price=price
                )
        for code, quantity in each.due.items():
            InTransit.objects.create(style=style, office=offices[code], quantity=quantity)
        for code, on, requested, shipped in each.requests:
            Request.objects.create(
                style=style,
                office=offices[code],
                on=on,
                requested=requested,
                shipped=shipped,
                served=min(requested, shipped),
            )
    recount_all()
    return offices, regions


def told(question):
    """By (style, level, place) the rows that are reckoned at once."""
    numbers = dict(Style.objects.values_list("pk", "number"))
    codes = dict(Store.objects.values_list("pk", "code"))
    names = dict(Region.objects.values_list("pk", "name"))
    found = {}
    for row in rows_of(reckon(question)):
        level = FigureLevel(row["level"]).name.lower()
        place = {"office": codes.get(row["office_id"]), "region": names.get(row["region_id"])}
        found[numbers[row["style_id"]], level, place.get(level, "")] = row
    return found


@examples(20)
@given(data=st.data())
def test_many_places_at_once_are_what_the_rules_say_of_each(data):
    seeds = data.draw(st.lists(st.integers(0, 2**32), min_size=1, max_size=4))
    goods = [drawn_goods(seed, f"S{at}") for at, seed in enumerate(seeds)]
    as_of = START + timedelta(days=data.draw(st.integers(0, 80)))
    from_on = data.draw(st.one_of(st.none(), st.just(START + timedelta(days=3))))
    gifts, cover = data.draw(st.booleans()), data.draw(st.integers(1, 30))
    asked = Asked(as_of, from_on if from_on and from_on <= as_of else None, gifts, cover)
    with transaction.atomic():
        written(goods)
        question = Question(
            as_of=as_of, terms=DEFAULTS, from_on=asked.from_on, counts_gifts=gifts, cover=cover
        )
        found, expected = told(question), reckoned(goods, asked, REGIONS)
        transaction.set_rollback(True)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        parts = parts_of(found[key])
        assert parts.turnover.closing == parts.closing
        assert sum(parts.buckets) == parts.aged_pairs
        own = {name: found[key][name] for name in row}
        own["flags"] = set(own["flags"])
        if row["volume"] is not None:
            row["volume"] = float(row["volume"])
            own["volume"] = pytest.approx(own["volume"])
        assert own == row, key
