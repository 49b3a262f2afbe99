"""The pyramid of grades: counted, drawn, and each number opening the customers it counts."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import Customer
from customers.queries.pyramid import Level, pyramid
from customers.states import Grade, IntentLevel
from desk.lists.customers import CUSTOMERS
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES

# The drawing is so wide, in its own units; a bar stands in the middle of it.
WIDTH, STEP, BAR = 320, 34, 26


@dataclass(frozen=True)
class Figure:
    """A number, and the list of whom it counts ("" where the list cannot be narrowed so)."""

    count: int
    url: str


@dataclass(frozen=True)
class Bar:
    """One bar of the drawing, in its own units."""

    grade: str
    label: str
    figure: Figure
    x: float
    y: int
    width: float
    text_y: int


@dataclass(frozen=True)
class Line:
    """One line of the table: a store or a keeper, and the figures by grade."""

    name: str
    is_store: bool
    figures: list[Figure]
    total: Figure
    intents: list[Figure]


@only(CUSTOMER_ROLES)
@require_safe
def grade_pyramid(request: Request) -> HttpResponse:
    """How many customers of each grade, by store and keeper, within one's reach."""
    found = pyramid(request.reach)
    links = _Links(request, stores=len(found.stores))
    has_cars = bool(found.everybody.intents)
    context = {
        "bars": _bars(found.everybody, links),
        "width": WIDTH,
        "height": STEP * len(Grade),
        "thick": BAR,
        "grades": list(Grade.values),
        "intents": list(IntentLevel.values) if has_cars else [],
        "lines": [
            line
            for store in found.stores
            for line in _lines(store, found.keepers[store.store.pk if store.store else 0], links)
        ],
        "total": _line(_("All"), found.everybody, links, is_store=True),
    }
    return TemplateResponse(request, "desk/pyramid.html", context)


class _Links:
    """Addresses of the customer list, narrowed only by what it offers this reader."""

    def __init__(self, request: Request, *, stores: int) -> None:
        self.stores = stores
        known = {"reach": request.reach, "today": timezone.localdate(), "tags": []}
        self.filters = CUSTOMERS.filters({}, queryset=Customer.objects.none(), **known).filters
        self.path = reverse("desk:customers")

    def _offers(self, name: str, value: str) -> bool:
        choices = self.filters[name].extra["choices"] if name in self.filters else []
        return any(str(choice) == value for choice, _label in choices)

    def to(self, level: Level, **more: str) -> str:
        asked: dict[str, str] = {}
        if level.store is not None and "store" in self.filters:
            asked["store"] = str(level.store.pk)
        elif level.store is not None and self.stores > 1:
            return ""  # of several stores, and the list cannot be narrowed to this one
        if level.keeper is not None or level.is_nobodys:
            asked["keeper"] = str(level.keeper.pk) if level.keeper else "none"
        asked |= more
        if not all(self._offers(name, value) for name, value in asked.items()):
            return ""
        return f"{self.path}?{urlencode(asked)}" if asked else self.path


def _bars(level: Level, links: _Links) -> list[Bar]:
    most = max(level.grades.values(), default=0) or 1
    bars = []
    for at, grade in enumerate(Grade):
        count = level.grades[grade]
        width = round(WIDTH * count / most, 1) or (2 if count else 0)
        bars.append(
            Bar(
                grade=grade.value,
                label=str(grade.label),
                figure=Figure(count, links.to(level, grade=grade.value)),
                x=round((WIDTH - width) / 2, 1),
                y=at * STEP,
                width=width,
                text_y=at * STEP + BAR // 2 + 5,
            )
        )
    return bars


def _lines(store: Level, keepers: list[Level], links: _Links) -> list[Line]:
    lines = [_line(store.store.name if store.store else "", store, links, is_store=True)]
    for keeper in keepers:
        name = keeper.keeper.name if keeper.keeper else _("nobody")
        lines.append(_line(name, keeper, links, is_store=False))
    return lines


def _line(name: str, level: Level, links: _Links, *, is_store: bool) -> Line:
    return Line(
        name=name,
        is_store=is_store,
        figures=[
            Figure(level.grades[grade], links.to(level, grade=grade)) for grade in Grade.values
        ],
        total=Figure(level.total, links.to(level)),
        intents=[
            Figure(level.intents[each], links.to(level, intent=each)) for each in IntentLevel.values
        ],
    )
