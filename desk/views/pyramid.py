"""The pyramid of grades: counted, drawn, and each number opening the customers it counts."""

from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.models import Customer
from customers.queries.pyramid import Level, Pyramid, pyramid
from customers.states import Grade, IntentLevel
from desk.lists.customers import CUSTOMERS
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES
from staff.states import STORE_BOUND_ROLES

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
    """One line of the table: a store or a keeper, and the figures by grade. `url` opens a store."""

    name: str
    is_store: bool
    figures: list[Figure]
    total: Figure
    intents: list[Figure]
    url: str = ""
    anchor: str = ""
    is_open: bool = False


@only(CUSTOMER_ROLES)
@require_safe
def grade_pyramid(request: Request) -> HttpResponse:
    """How many customers of each grade by store, and by keeper in the store that is opened."""
    asked = request.GET.get("store", "")
    opened = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    found = pyramid(request.reach, opened=opened)
    if asked and (found.opened is None or found.opened.pk != opened):
        raise Http404
    links = _Links(request, found)
    has_cars = bool(found.everybody.intents)
    context = {
        "bars": _bars(found.everybody, links),
        "width": WIDTH,
        "height": STEP * len(Grade),
        "thick": BAR,
        "grades": list(Grade.values),
        "intents": list(IntentLevel.values) if has_cars else [],
        "lines": [line for store in found.stores for line in _lines(store, found, links)],
        "total": _line(_("All"), found.everybody, links),
    }
    return TemplateResponse(request, "desk/pyramid.html", context)


class _Links:
    """Addresses of the customer list, narrowed only by what it offers this reader."""

    def __init__(self, request: Request, found: Pyramid) -> None:
        self.stores = len(found.stores)
        asked = {"store": str(found.opened.pk)} if found.opened else {}
        known = {"reach": request.reach, "today": timezone.localdate(), "tags": []}
        filters = CUSTOMERS.filters(asked, queryset=Customer.objects.none(), **known).filters
        self.offered = {
            name: {str(choice) for choice, _label in filters[name].extra["choices"]}
            for name in ("store", "keeper", "grade", "intent")
            if name in filters
        }
        if request.reach.sees_all and found.opened:
            # The list takes any keeper from the address, also one of another store.
            people = [level.keeper for level in found.keepers if level.keeper]
            keeping = {str(each.pk) for each in people if each.role in STORE_BOUND_ROLES}
            self.offered["keeper"] |= keeping
        self.path = reverse("desk:customers")

    def _offers(self, name: str, value: str) -> bool:
        return value in self.offered.get(name, ())

    def to(self, level: Level, **more: str) -> str:
        asked: dict[str, str] = {}
        if level.store is not None and "store" in self.offered:
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


def _lines(store: Level, found: Pyramid, links: _Links) -> list[Line]:
    """A store, and below the one that is opened its keepers."""
    name, pk = (store.store.name, store.store.pk) if store.store else ("", 0)
    is_open = found.opened is not None and found.opened.pk == pk
    line = _line(name, store, links)
    if links.stores > 1:
        asked = "" if is_open else f"store={pk}"
        line = replace(line, url=f"?{asked}#store-{pk}", anchor=f"store-{pk}", is_open=is_open)
    lines = [line]
    for keeper in found.keepers if is_open else []:
        who = keeper.keeper.name if keeper.keeper else _("nobody")
        lines.append(_line(who, keeper, links, is_store=False))
    return lines


def _line(name: str, level: Level, links: _Links, *, is_store: bool = True) -> Line:
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
