"""The columns behind an exported list, and the same list as it would be exported now."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils import translation
from django.utils.translation import get_language

from core.spreadsheets.tables import Cell
from core.spreadsheets.write import OutCell
from customers.models import Customer
from desk.lists.customers.table import CustomerTable
from desk.returning import marks
from desk.returning.fields import BY_KEY, CHECK, ID, LISTED, MORE, Field
from staff.scope import Reach


class Behind:
    """Each row's number and check; for editing, the card's other fields before them."""

    def __init__(self, *, reader: Reach, today: date, is_whole: bool) -> None:
        self.reader, self.today, self.is_whole = reader, today, is_whole

    def _unshown(self, shown: Sequence[str]) -> list[str]:
        """Columns of the list that may be edited and are not shown."""
        return [key for key in LISTED if key not in shown] if self.is_whole else []

    @property
    def _more(self) -> Sequence[Field]:
        return MORE if self.is_whole else ()

    def headers(self, shown: Sequence[str]) -> list[str]:
        unshown = [BY_KEY[key].heading for key in self._unshown(shown)]
        return [*unshown, *(field.heading for field in self._more), str(ID), str(CHECK)]

    def cells(
        self, rows: Sequence[Model], shown: Sequence[str], values: Sequence[Sequence[OutCell]]
    ) -> Iterator[list[OutCell]]:
        language = get_language() or "zh-hans"
        unshown = self._unshown(shown)
        others = _listed(rows, unshown, self.reader, self.today)
        for customer, told, other in zip(rows, values, others, strict=True):
            listed = dict(zip(shown, told, strict=True)) | other
            texts = texts_of(customer, self.reader, listed, self._more)
            check = marks.write(customer.pk, texts, language=language)
            more = [texts[field.code] for field in self._more]
            yield [*(other[key] for key in unshown), *more, customer.pk, check]


def _listed(
    rows: Sequence[Model], names: Sequence[str], reader: Reach, today: date
) -> list[dict[str, Cell]]:
    """What the list writes of each row in these columns, by their names."""
    if not names:
        return [{} for _row in rows]
    table = CustomerTable(list(rows), shown=names, reader=reader, today=today)
    shown = [name for name, _label in table.headers()]
    return [dict(zip(shown, told, strict=True)) for told in table.values()]


def texts_of(
    customer: Any, reader: Reach, listed: Mapping[str, Any], more: Sequence[Field]
) -> dict[str, Cell]:
    """What each field's cell says, by the codes of the fields."""
    texts = {BY_KEY[key].code: listed[key] for key in LISTED if key in listed}
    shown = {field.code: field.show(customer, reader) for field in more if field.show}
    return texts | shown


def as_exported(
    customers: Sequence[Customer], *, reader: Reach, today: date, language: str
) -> dict[int, dict[str, Cell]]:
    """What an export would say now of each field of these customers, by number and code."""
    with translation.override(language):
        listed = _listed(customers, LISTED, reader, today)
        return {
            customer.pk: texts_of(customer, reader, told, MORE)
            for customer, told in zip(customers, listed, strict=True)
        }
