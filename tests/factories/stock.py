"""The smallest valid brands, seasons, styles, movements and rows of figures."""

from datetime import date
from decimal import Decimal

import factory

from staff.models import Store
from stock.models import Brand, Figure, FigureSet, Movement, Season, SizeStock, Style
from stock.states import FigureLevel, FigureSetState, Kind
from tests.factories.staff import StoreFactory


class BrandFactory(factory.django.DjangoModelFactory[Brand]):
    class Meta:
        model = Brand

    name = factory.Sequence(lambda n: f"Brand {n}")


class SeasonFactory(factory.django.DjangoModelFactory[Season]):
    class Meta:
        model = Season

    name = factory.Sequence(lambda n: f"Season {n}")


class StyleFactory(factory.django.DjangoModelFactory[Style]):
    class Meta:
        model = Style

    brand = factory.SubFactory(BrandFactory)
    number = factory.Sequence(lambda n: f"N{n:05}")
    tag_price = Decimal(499)


class MovementFactory(factory.django.DjangoModelFactory[Movement]):
    class Meta:
        model = Movement

    office = factory.SubFactory(StoreFactory)
    style = factory.SubFactory(StyleFactory)
    on = date(2026, 3, 1)
    kind = Kind.PURCHASE
    quantity = 10
    document = factory.Sequence(lambda n: f"D{n}")


class SizeStockFactory(factory.django.DjangoModelFactory[SizeStock]):
    class Meta:
        model = SizeStock

    office = factory.SubFactory(StoreFactory)
    style = factory.SubFactory(StyleFactory)
    size = "37"
    quantity = 1


class FigureSetFactory(factory.django.DjangoModelFactory[FigureSet]):
    """A ready set that pages open with."""

    class Meta:
        model = FigureSet

    as_of = date(2026, 4, 1)
    is_standing = True
    state = FigureSetState.READY


class FigureFactory(factory.django.DjangoModelFactory[Figure]):
    """A style in an office; `level` and `office=None` make a region's or the company's row."""

    class Meta:
        model = Figure

    set = factory.SubFactory(FigureSetFactory)
    level = FigureLevel.OFFICE
    style = factory.SubFactory(StyleFactory)
    office = factory.SubFactory(StoreFactory)
    region = factory.LazyAttribute(lambda row: row.office.region if row.office else None)
    buckets = factory.LazyFunction(lambda: [0, 0, 0, 0, 0])


def offices(*codes: str) -> list[Store]:
    """Stores of these codes, in one region."""
    first = StoreFactory.create(code=codes[0], name=codes[0])
    rest = [StoreFactory.create(code=code, name=code, region=first.region) for code in codes[1:]]
    return [first, *rest]
