"""The kept sums read into arrays: the same by the ORM, few at a time, and by a binary copy."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from staff.models import Store
from stock.figures import frames
from stock.figures.ageing import lying_in_turn
from stock.figures.arrays import COLUMNS, MONEY, joined
from stock.models import DaySum, Movement
from stock.rules import fifo
from stock.services.recounting import recount_all
from stock.states import Kind
from tests.factories.staff import RegionFactory, StoreFactory
from tests.factories.stock import StyleFactory
from tests.stock.bulk import LIMITS, said, told
from tests.stock.ledgers import LAST, REGIONS, ledger

pytestmark = pytest.mark.django_db
TOLD = ("on", "kind", "quantity", "document", "line", "size", "reference")
AS_OF = LAST - timedelta(days=1)


@pytest.fixture
def kept():
    """Drawn ledgers of several styles in the database, counted."""
    regions = {name: RegionFactory() for name in dict.fromkeys(REGIONS.values())}
    offices = {code: StoreFactory(code=code, region=regions[REGIONS[code]]) for code in "cba"}
    rows = []
    for number, style in enumerate(StyleFactory.create_batch(12)):
        for row in ledger(number, 40):
            values = {name: getattr(row, name) for name in TOLD}
            values["document"] = f"{number}-{row.document}"
            values["reference"] = row.reference and f"{number}-{row.reference}"
            price = Decimal("0.55") if row.kind == Kind.SALE else None
            rows.append(
                Movement(style=style, office=offices[row.office], unit_price=price, **values)
            )
    Movement.objects.bulk_create(rows, ignore_conflicts=True)
    recount_all()


def expected():
    """By style what the rules say of its movements."""
    styles = defaultdict(list)
    for row in Movement.objects.select_related("office"):
        values = {name: getattr(row, name) for name in TOLD}
        styles[row.style_id].append(fifo.Movement(office=row.office.code, **values))
    return {
        style: said(fifo.stock_of_style(rows, as_of=AS_OF, regions=REGIONS), as_of=AS_OF)
        for style, rows in styles.items()
    }


def ages_told(lots):
    ages = joined(ages for _rows, ages in lying_in_turn(lots, as_of=AS_OF, limits=LIMITS))
    offices = dict(Store.objects.values_list("pk", "code"))
    regions = {
        region: REGIONS[code] for region, code in Store.objects.values_list("region", "code")
        if code in REGIONS
    }  # fmt: skip
    return told(ages, offices=offices, regions=regions)


def test_kept_sums_have_the_ages_of_their_movements(kept, monkeypatch):
    places = frames.places()
    assert ages_told([frames.read(places=places)]) == expected()
    assert ages_told(frames.chunks(places=places, size=100)) == expected()
    monkeypatch.setattr(frames, "FEW", 0)
    assert ages_told(frames.chunks(places=places, size=100)) == expected()


def test_a_copy_reads_what_the_orm_reads(kept, monkeypatch):
    places = frames.places()
    few = frames.read(places=places, money=True).table
    monkeypatch.setattr(frames, "FEW", 0)
    many = frames.read(places=places, money=True).table
    texts = {"document", "reference", "size"}
    for name in {*COLUMNS, *MONEY} - texts - {"turn"}:
        assert few[name].tolist() == many[name].tolist(), name
    for name in texts:
        pairs = {*zip(few[name].tolist(), many[name].tolist(), strict=True)}
        assert len(pairs) == len(set(few[name].tolist())) == len(set(many[name].tolist()))
        assert (0, 0) in pairs
    assert many["amount"].sum() == 55 * many["priced"].sum() > 0
    assert many["turn"].max() > 0


def test_odd_numbers_are_copied_as_they_are(kept, monkeypatch):
    """What is packed two in one comes apart again, however far from the usual."""
    known, far = DaySum.objects.first(), 2**31 - 1
    odd = [
        (date(1999, 12, 31), Kind.OPENING, 0, -1),
        (date(1, 1, 1), Kind.OPENING, far, -far),
        (date(9999, 12, 31), Kind.LOSS, far, far),
    ]
    DaySum.objects.bulk_create(
        DaySum(style=known.style, office=known.office, on=on, kind=kind, position=position,
               quantity=quantity)
        for on, kind, position, quantity in odd
    )  # fmt: skip
    monkeypatch.setattr(frames, "FEW", 0)
    rows = frames.read([known.style_id], places=frames.places()).table
    named = ("on", "kind", "position", "quantity")
    told = {*zip(*(rows[name].tolist() for name in named), strict=True)}
    assert {(on.toordinal(), *others) for on, *others in odd} <= told
    assert set(rows["style"].tolist()) == {known.style_id}
    assert known.office_id in rows["office"].tolist()


def test_few_styles_are_read_up_to_a_day(kept):
    places = frames.places()
    whole = frames.read(places=places).table
    style = int(whole["style"][-1])
    rows = frames.read([style], places=places, until=AS_OF).table
    assert set(rows["style"].tolist()) == {style}
    assert (
        len(rows["style"]) == ((whole["style"] == style) & (whole["on"] <= AS_OF.toordinal())).sum()
    )
    assert len(frames.read([style + 1], places=places)) == 0


def test_many_rows_that_all_came_later_are_none(kept, monkeypatch):
    monkeypatch.setattr(frames, "FEW", 0)
    rows = frames.read(places=frames.places(), until=date(2000, 1, 1), money=True)
    assert len(rows) == 0
    assert all(len(rows.table[name]) == 0 for name in (*COLUMNS, *MONEY))
    assert ages_told([rows]) == {}
