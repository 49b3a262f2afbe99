"""Pages by keyset: the next page begins behind the last row seen, so that page 1000 costs what
page 1 costs. The address holds the sort values and the key of one row, never an offset.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

LARGEST_KEY = 2**63 - 1
LONGEST_TOKEN = 200
LARGEST_AMOUNT = Decimal(10) ** 12

Value = str | int | date | datetime | Decimal | None


class BadPlace(ValueError):
    """A cursor that we have not written."""


@dataclass(frozen=True, kw_only=True)
class SortKey:
    """One thing a list may be sorted by: the allow-list that stands between address and SQL.

    `nulls_first` says where rows without a value stand when ascending; descending is the mirror
    image, so that one index serves both. A key that has no NULLs says so, and saves a query.
    """

    name: str
    field: str
    kind: type[str] | type[int] | type[date] | type[datetime] | type[Decimal]
    nullable: bool = False
    nulls_first: bool = False
    descends_first: bool = False


@dataclass(frozen=True)
class Order:
    """A sort key with a direction."""

    key: SortKey
    is_descending: bool

    @property
    def text(self) -> str:
        """As it stands in the address: `next` or `-next`."""
        return f"-{self.key.name}" if self.is_descending else self.key.name

    def reversed(self) -> "Order":
        return Order(self.key, not self.is_descending)

    @property
    def nulls_come_first(self) -> bool:
        return self.key.nulls_first != self.is_descending

    def order_by(self) -> tuple[OrderBy, OrderBy]:
        """Explicit, with the NULLs in their place, ending in the key."""
        # PostgreSQL's own habit is left unsaid: NULLs are larger than everything.
        against_habit = True if self.key.nullable and self.key.nulls_first else None
        column = F(self.key.field)
        if self.is_descending:
            return (column.desc(nulls_last=against_habit), F("pk").desc())
        return (column.asc(nulls_first=against_habit), F("pk").asc())


@dataclass(frozen=True)
class Place:
    """Where a row stands in an order."""

    value: Value
    pk: int

    @classmethod
    def of(cls, row: Model, order: Order) -> "Place":
        return cls(getattr(row, order.key.field), row.pk)

    def token(self) -> str:
        """For the address; holds what the list shows anyway, and is read back as strictly."""
        value: object = self.value
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, Decimal):
            value = str(value)
        packed = json.dumps([value, self.pk], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, token: str, order: Order) -> "Place":
        """The place that `token` names. Raises BadPlace."""
        try:
            if len(token) > LONGEST_TOKEN:
                raise ValueError("too long")
            padded = token + "=" * (-len(token) % 4)
            value, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            return cls(_value_of(value, order.key), _key_of(pk))
        except (ValueError, TypeError, RecursionError, binascii.Error) as error:
            raise BadPlace(str(error)) from error


@dataclass(frozen=True)
class Page:
    """The rows of one page, and whether there are more on either side."""

    rows: Sequence[Model]
    has_next: bool
    has_previous: bool


def _key_of(pk: object) -> int:
    if type(pk) is not int or not 0 <= pk <= LARGEST_KEY:
        raise BadPlace("no key")
    return pk


def _datetime_of(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise BadPlace("no zone")
    return value


def _decimal_of(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise BadPlace("no amount") from error
    if not value.is_finite() or abs(value) >= LARGEST_AMOUNT:
        raise BadPlace("no amount")
    return value


def _text_of(text: str) -> str:
    text.encode()  # lone surrogates raise UnicodeEncodeError, a ValueError
    if "\x00" in text:
        raise BadPlace("NUL")
    return text


READERS: Mapping[type, tuple[type, Callable[..., Value]]] = {
    str: (str, _text_of),
    int: (int, _key_of),
    date: (str, date.fromisoformat),
    datetime: (str, _datetime_of),
    Decimal: (str, _decimal_of),
}


def _value_of(value: object, key: SortKey) -> Value:
    if value is None:
        if not key.nullable:
            raise BadPlace("no value")
        return None
    written_as, read = READERS[key.kind]
    if type(value) is not written_as:
        raise BadPlace("another kind of value")
    return read(value)


def legs(order: Order, place: Place | None) -> list[Q]:
    """The stretches behind `place`, in order: each a plain range of one index.

    Beyond the rows with a value lie those without one (or before them); one condition for both
    would make PostgreSQL walk the index from its beginning.
    """
    if place is None:
        return [Q()]
    field = order.key.field
    compare = TupleLessThan if order.is_descending else TupleGreaterThan
    if place.value is None:
        behind = Q(**{f"{field}__isnull": True}) & Q(
            **{"pk__lt" if order.is_descending else "pk__gt": place.pk}
        )
        beyond = Q(**{f"{field}__isnull": False}) if order.nulls_come_first else None
    else:
        behind = Q(compare(Tuple(F(field), F("pk")), (place.value, place.pk)))
        beyond = None if order.nulls_come_first else Q(**{f"{field}__isnull": True})
    return [behind] if beyond is None or not order.key.nullable else [behind, beyond]


def _rows_behind(queryset: QuerySet, order: Order, place: Place | None, most: int) -> list[Model]:
    rows: list[Model] = []
    for leg in legs(order, place):
        if len(rows) < most:
            rows += queryset.filter(leg).order_by(*order.order_by())[: most - len(rows)]
    return rows


def page_after(queryset: QuerySet, order: Order, place: Place | None, size: int) -> Page:
    """The page behind `place`; the first one where there is none."""
    rows = _rows_behind(queryset, order, place, size + 1)
    return Page(rows[:size], has_next=len(rows) > size, has_previous=place is not None)


def page_before(queryset: QuerySet, order: Order, place: Place | None, size: int) -> Page:
    """The page before `place`; the last one where there is none."""
    rows = _rows_behind(queryset, order.reversed(), place, size + 1)
    return Page(rows[:size][::-1], has_next=place is not None, has_previous=len(rows) > size)
