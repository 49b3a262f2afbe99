"""What a person has named to narrow the list by, and what the company has: one query for both."""

from dataclasses import dataclass

from django.db.models import CharField, Value

from core.models import SavedFilter
from customers.models import Tag
from staff.models import Person

KEPT, TAG = "kept", "tag"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A narrowing that a person keeps by name."""

    pk: int
    name: str
    query: str


@dataclass(frozen=True, kw_only=True)
class Names:
    """Kept narrowings of this list, and the tags as choices, each by name."""

    kept: list[Kept]
    tags: list[tuple[str, str]]


def _row(kind: str) -> Value:
    return Value(kind, output_field=CharField())


def names_for(person: Person, *, list_name: str) -> Names:
    """What `person` keeps of the list, and every tag."""
    own = SavedFilter.objects.filter(person=person, list_name=list_name)
    kept = own.annotate(kind=_row(KEPT)).values_list("kind", "pk", "name", "query")
    tags = Tag.objects.annotate(kind=_row(TAG), query=_row("")).values_list(
        "kind", "pk", "name", "query"
    )
    rows = list(kept.union(tags, all=True).order_by("name", "pk"))
    return Names(
        kept=[
            Kept(pk=pk, name=name, query=query) for kind, pk, name, query in rows if kind == KEPT
        ],
        tags=[(str(pk), name) for kind, pk, name, _query in rows if kind == TAG],
    )
