"""Whom a list offers to be narrowed to, to readers of all stores."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from staff.models import Person


def chosen_number(asked: Mapping[str, str], name: str) -> int | None:
    """The row that an address names; None where it names none."""
    text = asked.get(name) or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def within_choice(people: QuerySet[Person], asked: Mapping[str, str]) -> QuerySet[Person]:
    """Of a company's people those of the chosen `store`, and whoever is the chosen `keeper`.

    A thousand names are no choice, and two thirds of the page: without a store nobody is offered.
    """
    store, keeper = chosen_number(asked, "store"), chosen_number(asked, "keeper")
    offered = Q(pk__in=[keeper] if keeper else [])
    return people.filter(offered | Q(store=store) if store else offered)
