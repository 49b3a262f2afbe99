"""What a list's table shares: django-tables2 declares the columns, this module draws them.

The cells are rendered once, into plain pairs that the template joins; django-tables2's own
template asks for a column's attributes anew in each of its cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import django_tables2 as tables
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class ListTable(tables.Table):
    """A list's columns. `always` are shown whatever a person chooses, `at_first` unless chosen."""

    always: tuple[str, ...] = ()
    at_first: tuple[str, ...] = ()

    class Meta:
        orderable = False
        default = "–"

    def __init__(self, rows: Sequence[Model], *, shown: Sequence[str], **known: object) -> None:
        for name, value in known.items():
            setattr(self, name, value)
        super().__init__(rows, sequence=tuple(shown), exclude=self.hidden_from(shown))

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

    def drawn_rows(self) -> list["DrawnRow"]:
        """Each row as its cells, ready to be joined."""
        shown = [(column.name, _attributes(column.attrs["td"])) for column in self.columns]
        return [
            DrawnRow([DrawnCell(attrs, row.get_cell(name)) for name, attrs in shown])
            for row in self.rows
        ]

    def values(self) -> list[list[Any]]:
        """Each row as plain values, for a sheet."""
        names = [column.name for column in self.columns]
        return [[row.get_cell_value(name) for name in names] for row in self.rows]


class DrawnCell(NamedTuple):
    """The attributes of a `td`, and what stands in it."""

    attrs: SafeString
    content: object


@dataclass(frozen=True)
class DrawnRow:
    """One row of a list."""

    cells: list[DrawnCell]


def _attributes(attrs: dict[str, str]) -> SafeString:
    """The attributes as they stand in a tag; django-tables2's own class names are left out."""
    kept = ((key, value) for key, value in attrs.items() if key != "class" or value)
    return mark_safe("".join(format_html(' {}="{}"', key, value) for key, value in kept))
