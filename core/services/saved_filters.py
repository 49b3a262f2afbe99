"""Narrowings of a list that a person keeps by name."""

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.models import SavedFilter
from core.phones import mask_in_text
from core.refusals import Refused

# What of an address belongs to one visit, not to the narrowing.
PASSING = ("after", "before", "part", "page_size", "cols")
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
    name = " ".join(name.split())
    query = narrowing_of(asked)
    if not name:
        raise FilterNotSaved.because("name_missing")
    if len(name) > LONGEST_NAME:
        raise FilterNotSaved.because("name_too_long", longest=LONGEST_NAME)
    if not query:
        raise FilterNotSaved.because("nothing_to_save")
    if len(query) > LONGEST_QUERY:
        raise FilterNotSaved.because("too_long")
    said = " ".join([name, *(value for values in asked.lists() for value in values[1])])
    if mask_in_text(said) != said:
        raise FilterNotSaved.because("holds_a_number")
    mine = SavedFilter.objects.filter(person=by, list_name=list_name)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise FilterNotSaved.because("too_many", most=MOST)

    saved, _is_new = SavedFilter.objects.update_or_create(
        person=by, list_name=list_name, name=name, defaults={"query": query}
    )
    return saved
