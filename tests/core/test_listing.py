"""List pages: keyset against plain sorting, cursors against tampering."""

import base64
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.listing import ListFilters, day, offer, one_of
from core.listing.keyset import (
    BadPlace,
    Order,
    Place,
    SortKey,
    page_after,
    page_before,
)
from customers.models import Customer
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

NEXT = SortKey(name="next", field="next_contact_on", kind=date, nullable=True)
LAST = SortKey(name="last", field="last_contact_at", kind=datetime, nullable=True, nulls_first=True)
GRADE = SortKey(name="grade", field="grade", kind=str)
REGISTERED = SortKey(name="registered", field="registered_at", kind=datetime)
ORDERS = [Order(key, down) for key in (NEXT, LAST, GRADE, REGISTERED) for down in (False, True)]
SIZE = 4


class Narrowing(ListFilters):
    """A list's filters, declared once."""

    which = one_of("Which", method="of_which")
    since = day("Since", method="of_which")

    def of_which(self, rows, name, value):
        return self


def test_each_request_has_filters_of_its_own():
    """Choices, fields and the list that a filter asks are no other request's."""
    first, second = (Narrowing(data=None, queryset=Customer.objects.none()) for _each in "12")
    offer(first, {"which": [("1", "one"), ("2", "two")]})
    first.form.fields["since"].widget.attrs["min"] = "2026-01-01"
    assert [key for key, _label in first.form.fields["which"].choices] == ["", "1", "2"]
    assert [key for key, _label in second.form.fields["which"].choices] == [""]
    assert "min" not in second.form.fields["since"].widget.attrs
    assert [each.filters["which"].filter(None, "1") for each in (first, second)] == [first, second]


@pytest.fixture
def customers(db):
    """Twenty-three rows with ties and gaps in each column."""
    owner = PersonFactory()
    for n in range(23):
        row = CustomerFactory(owner=owner, grade=["A", "B1", "C2"][n % 3])
        Customer.objects.filter(pk=row.pk).update(
            next_contact_on=None if n % 4 == 0 else date(2026, 3, 1 + n % 5),
            last_contact_at=None if n % 5 == 0 else datetime(2026, 3, 1 + n % 3, tzinfo=UTC),
            registered_at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=n // 2),
        )
    return Customer.objects.all()


def sorted_plainly(rows, order):
    """The same order, worked out by Python: NULLs lowest or highest, the key last."""
    null = (0 if order.key.nulls_first else 2, "")

    def key(row):
        value = getattr(row, order.key.field)
        return (null if value is None else (1, str(value)), row.pk)

    return [row.pk for row in sorted(rows, key=key, reverse=order.is_descending)]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.text)
def test_walking_all_pages_forward_and_back_is_the_whole_list_once(customers, order):
    expected = sorted_plainly(customers, order)
    seen, place = [], None
    while True:
        page = page_after(customers, order, place, SIZE)
        seen += [row.pk for row in page.rows]
        assert page.has_previous is (place is not None)
        if not page.has_next:
            break
        place = Place.read(Place.of(page.rows[-1], order).token(), order)
    assert seen == expected

    back, place = [], None
    while True:
        page = page_before(customers, order, place, SIZE)
        back = [row.pk for row in page.rows] + back
        if not page.has_previous:
            break
        place = Place.of(page.rows[0], order)
    assert back == expected


def test_a_page_is_one_query_and_two_where_the_rows_without_a_value_begin(customers):
    order = Order(NEXT, is_descending=False)
    with CaptureQueriesContext(connection) as ran:
        first = page_after(customers, order, None, SIZE)
        page_after(customers, order, Place.of(first.rows[-1], order), SIZE)
    assert len(ran) == 2
    last_dated = customers.exclude(next_contact_on=None).order_by("-next_contact_on", "-pk")[0]
    with CaptureQueriesContext(connection) as ran:
        page = page_after(customers, order, Place.of(last_dated, order), SIZE)
    assert len(ran) == 2
    assert {row.next_contact_on for row in page.rows} == {None}


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.text)
def test_a_place_comes_back_from_the_address(customers, order):
    for row in customers:
        place = Place.of(row, order)
        assert Place.read(place.token(), order) == place


def packed(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "x", "é", "W10", "A" * 500, packed(), packed("2026-03-01"), packed(1, 2), packed("", 1),
        packed("2026-03-01", -1), packed("2026-03-01", 2**63), packed("2026-03-01", True),
        packed("2026-03-01", "1"), packed({"a": 1}, 1), packed(["2026-03-01"], 1),
        packed("2026-02-30", 1), packed("infinity", 1), "[" * 100,
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(token):
    with pytest.raises(BadPlace):
        Place.read(token, Order(NEXT, is_descending=False))


def test_a_place_without_its_value_is_refused_where_there_is_always_one():
    with pytest.raises(BadPlace):
        Place.read(packed(None, 1), Order(GRADE, is_descending=False))
    for text in ("\x00", "\ud800"):
        with pytest.raises(BadPlace):
            Place.read(packed(text, 1), Order(GRADE, is_descending=False))
    with pytest.raises(BadPlace):
        Place.read(packed("2026-03-01T10:00:00", 1), Order(REGISTERED, is_descending=False))


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_refused(text):
    try:
        place = Place.read(text, Order(LAST, is_descending=True))
    except BadPlace:
        return
    assert place.pk >= 0


def test_the_columns_and_the_sheet_of_a_list_come_anew_with_its_filters():
    """They carry the filters in their addresses; what is swapped with the rows is `list-head`."""
    lists = [path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html")]
    lists = [text for text in lists if "/filters.html" in text or "long_filters.html" in text]
    columned = [text for text in lists if "components/columns.html" in text]
    assert len(columned) > 10
    for text in columned:
        head = text.partition('id="list-head"')[2].partition("</header>")[0]
        assert "components/columns.html" in head
        assert 'renewed="' not in text or "#list-head" in text
