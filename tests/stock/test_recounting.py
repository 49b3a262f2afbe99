"""The kept sums of the ledger: whatever comes in whatever order, they are what `condensed` says."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from stock.models import Brand, DaySum, Movement, SizeStock, Style
from stock.rules.threads import TRANSFERS, condensed
from stock.services import recounting
from stock.services.recounting import recount_all
from stock.states import OUTFLOWS
from tests.examples import examples
from tests.factories.staff import RegionFactory, StoreFactory
from tests.stock.ledgers import DOCUMENTS, ledger

pytestmark = pytest.mark.django_db

ledgers = st.builds(ledger, st.integers(0, 2**32), st.integers(3, 36))


@pytest.fixture
def place():
    """One style, and the offices of the drawn ledgers by their letter."""
    style = Style.objects.create(
        brand=Brand.objects.create(name="Hofe"), number="X1", tag_price=Decimal(500)
    )
    region = RegionFactory()
    return style, {letter: StoreFactory(code=letter, region=region) for letter in "abc"}


def recounted(days, *, referred=()):
    """Days (style, office, day) and documents (style, document) counted anew, as an import does."""
    days, referred = list(days), list(referred)
    styles, offices = array(row[0] for row in days), array(row[1] for row in days)
    on, documents = array(str(row[2]) for row in days), array(row[1] for row in referred)
    recounting.recount(
        f"SELECT * FROM unnest({styles}::bigint[], {offices}::bigint[], {on}::date[]) "
        'AS day (style_id, office_id, "on")',
        referred=f"SELECT * FROM unnest({array(row[0] for row in referred)}::bigint[], "
        f"{documents}::text[]) AS one (style_id, document)",
    )


def array(values):
    return f"ARRAY{list(values)}"


def key_of(row):
    if row.line:
        return (row.office, row.document, row.line)
    return (row.office, row.document, row.size, row.kind, row.on)


def in_the_table(row, style, offices):
    told = {"size", "document", "line", "reference", "kind", "on", "quantity"}
    return Movement(
        style=style, office=offices[row.office], **{name: getattr(row, name) for name in told}
    )


def expected_sums(rows):
    places = defaultdict(int)
    for row in condensed(rows):
        position = places[row.on, row.office]
        places[row.on, row.office] += 1
        size = row.size if row.kind in TRANSFERS else ""
        yield (row.on, row.office, position, row.kind, row.document, row.reference, size,
               row.quantity)  # fmt: skip


def kept_sums():
    return list(
        DaySum.objects.order_by("on", "office__code", "position").values_list(
            "on", "office__code", "position", "kind", "document", "reference", "size", "quantity"
        )
    )


def assert_kept(rows):
    assert kept_sums() == list(expected_sums(rows))
    stock = defaultdict(int)
    for row in rows:
        stock[row.office, row.size] += -row.quantity if row.kind in OUTFLOWS else row.quantity
    kept = SizeStock.objects.values_list("office__code", "size", "quantity")
    assert {(office, size): quantity for office, size, quantity in kept} == stock


def day(row, style, offices):
    return (style.pk, offices[row.office].pk, row.on)


@examples(40)
@given(data=st.data())
def test_sums_are_those_of_the_rules_whatever_order_rows_come_in(data, place):
    style, offices = place
    rows = list({key_of(row): row for row in data.draw(ledgers)}.values())
    order = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(order)))
    with transaction.atomic():
        for part in (order[:cut], order[cut:], order[:cut]):
            known = {key_of(row) for row in order[:cut]} if Movement.objects.exists() else set()
            Movement.objects.bulk_create(
                [in_the_table(row, style, offices) for row in part if key_of(row) not in known]
            )
            recounted({day(row, style, offices) for row in part})
        assert_kept(rows)
        transaction.set_rollback(True)


@examples(40)
@given(data=st.data())
def test_a_corrected_row_is_counted_anew_with_the_days_of_its_documents(data, place):
    style, offices = place
    rows = list({key_of(row): row for row in data.draw(ledgers)}.values())
    at = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(st.sampled_from(("", *DOCUMENTS)))
    with transaction.atomic():
        Movement.objects.bulk_create([in_the_table(row, style, offices) for row in rows])
        recount_all()
        before = rows[at]
        rows[at] = replace(before, reference=other, quantity=before.quantity * 2)
        found = Movement.objects.filter(
            office=offices[before.office], document=before.document, line=before.line,
            size=before.size, kind=before.kind, on=before.on,
        )  # fmt: skip
        found.update(reference=other, quantity=before.quantity * 2)
        recounted([day(before, style, offices)], referred=[(style.pk, before.reference)])
        assert_kept(rows)
        transaction.set_rollback(True)


def test_money_is_summed_where_it_is_told(place):
    style, offices = place
    sale = Movement(
        style=style, office=offices["a"], on="2026-03-02", kind=4, quantity=2, document="d1",
        size="36", unit_price=Decimal("99.50"),
    )  # fmt: skip
    unpriced = Movement(
        style=style, office=offices["a"], on="2026-03-02", kind=4, quantity=1, document="d2"
    )
    bought = Movement(
        style=style, office=offices["a"], on="2026-03-02", kind=2, quantity=9, document="d3",
        unit_cost=Decimal("40.25"),
    )  # fmt: skip
    Movement.objects.bulk_create([sale, unpriced, bought])
    recounted([(style.pk, offices["a"].pk, "2026-03-02")])
    found = DaySum.objects.order_by("position").values_list(
        "position", "kind", "quantity", "priced", "amount", "costed", "cost"
    )
    assert list(found) == [
        (0, 2, 9, 0, Decimal("0.00"), 9, Decimal("362.25")),
        (1, 4, 3, 2, Decimal("199.00"), 0, Decimal("0.00")),
    ]


def test_another_style_is_not_touched(place, monkeypatch):
    style, offices = place
    other = Style.objects.create(brand=style.brand, number="X2", tag_price=Decimal(500))
    for one in (style, other):
        Movement.objects.create(
            style=one, office=offices["a"], on="2026-03-02", kind=2, quantity=9, document="d3"
        )
    recounted([(style.pk, offices["a"].pk, "2026-03-02")])
    assert DaySum.objects.get().style == style
    assert SizeStock.objects.get().style == style
    recount_all()
    assert DaySum.objects.count() == 2
    monkeypatch.setattr(recounting, "DAYS_AT_ONCE", 1)
    Movement.objects.update(quantity=8)
    recounted([(one.pk, offices["a"].pk, "2026-03-02") for one in (style, other)])
    assert set(DaySum.objects.values_list("quantity", flat=True)) == {8}
