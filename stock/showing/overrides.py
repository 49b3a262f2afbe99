"""The classes of a style, place by place: the computed one, the one given, who gave it and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.phones import mask_in_text
from stock.models import ClassOverride, Figure
from stock.queries.overrides import Overrides
from stock.states import StyleClass


@dataclass(frozen=True, kw_only=True)
class PlaceClass:
    """One place: `lift_key` where a class of its own can be lifted."""

    place: str
    computed: str
    given: str = ""
    given_by: str = ""
    reason: str = ""
    lift_key: int | None = None


def _place(name: str, computed: str, given: ClassOverride | None) -> PlaceClass:
    label = str(StyleClass(computed).label) if computed else "–"
    if given is None:
        return PlaceClass(place=name, computed=label)
    return PlaceClass(
        place=name,
        computed=label,
        given=str(StyleClass(given.style_class).label),
        given_by=given.set_by.name,
        reason=mask_in_text(given.reason),
        lift_key=given.pk,
    )


def classes_by_place(figures: Iterable[Figure], given: Overrides) -> list[PlaceClass]:
    """Everywhere first, then office by office; an office without figures only where it has one."""
    rows = list(figures)
    computed = {row.office_id: row.style_class for row in rows}
    names = {row.office_id: row.office.name for row in rows if row.office}
    own = {office: row for (_style, office), row in given.rows.items()}
    names |= {key: row.office.name for key, row in own.items() if row.office}
    everywhere = _place(_("everywhere"), computed.get(None, ""), own.get(None))
    return [
        everywhere,
        *(_place(name, computed.get(key, ""), own.get(key)) for key, name in names.items()),
    ]
