"""What a list's table shares: django-tables2 declares the columns, this module draws them.

django-tables2 inspects a method's signature, a field's choices and a column's attributes anew for
each cell, which costs more than all else on a page of twenty-five rows. Here each column is made
into one function of a row, once a page; a sheet still takes the long way.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import django_tables2 as tables
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django_tables2.columns import BoundColumn
from django_tables2.utils import Accessor

from core.listing.declared import Declared

Draw = Callable[[Model], Any]
# What a cell without a value shows.
NOTHING = "–"


def on_card(place: str, css: str = "") -> dict[str, dict[str, str]]:
    """A cell that stands at `place` of the card which a row is on a phone."""
    return {"td": {"data-card": place, "class": css}, "th": {"class": css}}


class ListTable(tables.Table):
    """A list's columns. `always` are shown whatever a person chooses, `at_first` unless chosen.

    In a sheet those `computed` are locked, and `kinds` say how cells look (`OutColumn.kind`).
    A column is drawn by `render_<name>(record)` or `render_<name>(value)`, else as its value.
    """

    always: tuple[str, ...] = ()
    at_first: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    kinds: Mapping[str, str] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.base_columns = Declared(cls.base_columns)

    def __init__(self, rows: Sequence[Model], *, shown: Sequence[str], **known: object) -> None:
        for name, value in known.items():
            setattr(self, name, value)
        hidden = self.hidden_from(shown)
        super().__init__(
            rows, sequence=tuple(shown), exclude=hidden, orderable=False, default=NOTHING
        )

    @classmethod
    def hidden_from(cls, shown: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in cls.base_columns if name not in shown)

    @classmethod
    def chosen(cls, names: Sequence[str]) -> tuple[str, ...]:
        """The columns to show, in the list's own order; unknown names count for nothing."""
        wanted = {*cls.always, *(names or cls.at_first or cls.base_columns)}
        return tuple(name for name in cls.base_columns if name in wanted)

    def headers(self) -> list[tuple[str, str]]:
        """Name and label of each column that is shown."""
        return [(column.name, column.header) for column in self.columns]

    def drawn_rows(self) -> list[SafeString]:
        """The cells of each row, as they stand in its `tr`."""
        columns = [(_opening_tag(column), self._draw(column)) for column in self.columns]
        return [
            mark_safe(
                "".join(f"{tag}{conditional_escape(draw(row))}</td>" for tag, draw in columns)
            )
            for row in self.data
        ]

    def values(self) -> list[list[Any]]:
        """Each row as plain values, for a sheet."""
        names = [column.name for column in self.columns]
        return [[row.get_cell_value(name) for name in names] for row in self.rows]

    def _draw(self, column: BoundColumn) -> Draw:
        """How this column makes a cell of a row."""
        value_of = self._value(column)
        render = getattr(self, f"render_{column.name}", None) or column.column.render
        takes = inspect.signature(render).parameters
        if set(takes) == {"record"}:
            return lambda row: render(record=row)
        if type(column.column) is tables.Column and not hasattr(self, f"render_{column.name}"):
            return lambda row: _or(value_of(row), column.default)
        if set(takes) != {"value"}:
            raise TypeError(f"render_{column.name} takes a record or a value")
        return lambda row: (
            column.default if (value := value_of(row)) in (None, "") else render(value=value)
        )

    def _value(self, column: BoundColumn) -> Draw:
        """What stands in the row: the label of a choice, the value of anything else."""
        get = _reader(Accessor(column.accessor))
        first = next(iter(self.data), None)
        choices = _choices(type(first), column.accessor) if isinstance(first, Model) else {}
        return (lambda row: choices.get(get(row), get(row))) if choices else get


def _or(value: object, default: object) -> object:
    return default if value is None or value == "" else value


def _reader(accessor: Accessor) -> Draw:
    """Follows the accessor; None where a link on the way leads nowhere."""
    get = attrgetter(".".join(accessor.bits))

    def read(row: Model) -> object:
        try:
            return get(row)
        except AttributeError:
            return None

    return read


def _choices(model: type[Model], accessor: str) -> dict[object, str]:
    """The words of a field with choices, in the reader's language."""
    try:
        field = model._meta.get_field(accessor)
    except FieldDoesNotExist:
        return {}
    offered: Iterable = field.choices or () if isinstance(field, Field) else ()
    return {value: str(label) for value, label in offered}


def _opening_tag(column: BoundColumn) -> str:
    """The `td` with its attributes; django-tables2's own empty class is left out."""
    attrs = column.attrs["td"].items()
    kept = (format_html(' {}="{}"', key, value) for key, value in attrs if value)
    return f'<td role="cell"{"".join(kept)}>'
