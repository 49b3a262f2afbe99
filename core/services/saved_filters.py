"""Narrowings of a list, and sets of its columns, that a person keeps by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.models import SavedFilter
from core.phones import mask_in_text
from core.refusals import Refused

# What of an address belongs to one visit, not to the narrowing.
PASSING = ("after", "before", "part", "page_size", "cols")
# Sets of columns are kept beside the narrowings, under a list name of their own.
COLUMNS = ".columns"
MOST = 20
LONGEST_NAME = 40
LONGEST_QUERY = 1000


class FilterNotSaved(Refused):
    """A filter was not saved."""

    messages = {
        "name_missing": _("Name the filter."),
        "name_too_long": _("A filter's name has at most %(longest)s characters."),
        "nothing_to_save": _("Narrow the list first, then save what you chose."),
        "holds_a_number": _("A search for a phone number is not kept. Take it out, then save."),
        "too_long": _("This is too much to keep. Shorten the search."),
        "too_many": _("You keep %(most)s filters already. Remove one first."),
    }


class ColumnsNotSaved(FilterNotSaved):
    """A set of columns was not saved."""

    messages = {
        **FilterNotSaved.messages,
        "name_missing": _("Name the set of columns."),
        "nothing_to_save": _("Choose columns first, then keep them."),
        "too_many": _("You keep %(most)s sets of columns already. Remove one first."),
    }


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a person keeps of one list, each by name."""

    narrowings: list[SavedFilter]
    column_sets: list[SavedFilter]


def kept_of(person, *, list_name: str) -> Kept:
    """The narrowings and the sets of columns that `person` keeps of a list: one query."""
    names = (list_name, list_name + COLUMNS)
    rows = list(SavedFilter.objects.filter(person=person, list_name__in=names).order_by("name"))
    return Kept(
        narrowings=[row for row in rows if row.list_name == list_name],
        column_sets=[row for row in rows if row.list_name != list_name],
    )


def narrowing_of(asked: QueryDict) -> str:
    """What of an address narrows and sorts the list, in the order of the address."""
    kept = asked.copy()
    for name in PASSING:
        kept.pop(name, None)
    for name in [name for name, value in kept.items() if not value]:
        kept.pop(name)
    return kept.urlencode()


@transaction.atomic
def save_filter(*, by, list_name: str, name: str, asked: QueryDict) -> SavedFilter:
    """Keep this narrowing under a name; a name that is kept already is written over.

    Raises FilterNotSaved.
    """
    query = narrowing_of(asked)
    said = " ".join([name, *(value for values in asked.lists() for value in values[1])])
    if mask_in_text(said) != said:
        raise FilterNotSaved.because("holds_a_number")
    return _saved(by, list_name, name, query, refusal=FilterNotSaved)


@transaction.atomic
def save_columns(*, by, list_name: str, name: str, columns: Sequence[str]) -> SavedFilter:
    """Keep these columns of a list as a set under a name, in the list's order.

    Raises ColumnsNotSaved.
    """
    if mask_in_text(name) != name:
        raise ColumnsNotSaved.because("holds_a_number")
    query = urlencode([("cols", column) for column in columns])
    return _saved(by, list_name + COLUMNS, name, query, refusal=ColumnsNotSaved)


def _saved(
    by, list_name: str, name: str, query: str, *, refusal: type[FilterNotSaved]
) -> SavedFilter:
    """The row, where name and query can be kept; else the refusal."""
    name = " ".join(name.split())
    if not name:
        raise refusal.because("name_missing")
    if len(name) > LONGEST_NAME:
        raise refusal.because("name_too_long", longest=LONGEST_NAME)
    if not query:
        raise refusal.because("nothing_to_save")
    if len(query) > LONGEST_QUERY:
        raise refusal.because("too_long")
    mine = SavedFilter.objects.filter(person=by, list_name=list_name)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise refusal.because("too_many", most=MOST)

    saved, _is_new = SavedFilter.objects.update_or_create(
        person=by, list_name=list_name, name=name, defaults={"query": query}
    )
    return saved
