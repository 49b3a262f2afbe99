"""Today: the day's work in its order."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.days import day_text
from customers.models import Parameters
from customers.queries import parameters
from followups import queries
from followups.chore_rows import House, house_of
from followups.queries import DayCounts, TaskOfDay
from followups.queries.chores import chores_of_day
from followups.queries.counters import asked_of, counts_of
from followups.rows import groups_of
from followups.rules import Kind
from followups.views.counters import counter_chips
from followups.views.lists import ALL, MINE, OVERDUE, STORE, DayList, open_day, scopes_of
from staff.access import only
from staff.models import Region
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, SERVING_ROLES

PAGE_SIZE = 50
# Of what there is to do in the house so much stands on the day; the rest on its own page.
MOST_CHORES = 20


@only(CUSTOMER_ROLES)
@require_safe
def today(request: Request) -> HttpResponse:
    """The day of one person, a store, a region or all, fifty rows a page with true totals."""
    day = open_day(request)
    figures = parameters(day.today)
    counts = queries.counts_by_kind(day.tasks, now=day.now, today=day.today)
    number = _page(request)
    found = list(
        queries.part_of_worklist(
            day.tasks,
            slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE),
            now=day.now,
            today=day.today,
            only_overdue=day.only_overdue,
        )
    )
    house = _house(request, day) if number == 1 else None
    total = counts.overdue if day.only_overdue else counts.today
    context = {
        "day_text": day_text(day.today),
        "place": _place(request, day),
        "scopes": _scopes(request, day),
        "counts": _counts(day, counts, house),
        "house": house,
        "house_back": day.address(),
        "groups": groups_of(
            found,
            counts=counts.overdue_by_kind if day.only_overdue else counts.by_kind,
            reach=request.reach,
            now=day.now,
            kept=day.kept,
            up_id=_up_first(found) if number == 1 else None,
            figures=figures,
        ),
        "more_url": day.address(page=str(number + 1)) if total > number * PAGE_SIZE else "",
        "less_url": day.address(page=str(number - 1) if number > 2 else "") if number > 1 else "",
        "is_filtered": day.only_overdue,
        "counters": _counters(request, day, figures),
        "counters_url": reverse("followups:reached") if request.reach.leads_stores else "",
        "shows_keeper": _shows_keeper(request, day),
        "leads_waiting": None,
        "lapsing": None,
    }
    template = "followups/today.html#rows" if request.htmx else "followups/today.html"
    return TemplateResponse(request, template, context)


def _house(request: Request, day: DayList) -> House | None:
    """What there is to do in the house beside the customers; it stands on the first page."""
    rows = chores_of_day(day.chores, today=day.today, only_overdue=day.only_overdue)
    found = list(rows[:MOST_CHORES])
    return house_of(found, by=request.user, reach=request.reach, now=day.now)


def _counters(request: Request, day: DayList, figures: Parameters) -> list[dict[str, object]]:
    """What the person whose list this is has done of what a day and a week ask for."""
    person = day.person or (request.user if day.scope == MINE else None)
    if person is None or person.role not in SERVING_ROLES:
        return []
    zone = timezone.get_default_timezone()
    (counts,) = counts_of([person], today=day.today, zone=zone)
    return counter_chips(counts, asked_of(figures))


def _up_first(found: Sequence[TaskOfDay]) -> int | None:
    """Whose turn it is: the first who may be called now."""
    return found[0].pk if found and found[0].kind != Kind.WAITING else None


def _page(request: Request) -> int:
    """The page that the address names; what is no page is the first."""
    asked = request.GET.get("page", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        return 1
    return max(int(asked), 1)


def _shows_keeper(request: Request, day: DayList) -> bool:
    """Whose task it is stands in the row where a list holds more than one person's."""
    return day.person is None and (day.scope != MINE or bool(request.reach.assists))


def _place(request: Request, day: DayList) -> str:
    """Whose list it is, beside the day."""
    if day.person is not None:
        return day.person.name
    if day.is_nobodys:
        return _("no keeper")
    if day.store is not None:
        return day.store.name
    if day.region is not None:
        return day.region.name
    return request.user.store.name if request.user.store else ""


def _scopes(request: Request, day: DayList) -> list[dict[str, object]]:
    words = {MINE: pgettext("scope", "Me"), STORE: pgettext("scope", "Store"), ALL: _("All")}
    plain = day.person is None and not day.is_nobodys
    scopes = [
        {
            "label": words[scope],
            "url": day.address(scope=scope, person="", region="", page=""),
            "is_current": plain and day.region is None and scope == day.scope,
        }
        for scope in scopes_of(request.reach)
    ]
    if request.reach.sees_all:
        scopes += [
            {
                "label": region.name,
                "url": day.address(scope="", person="", region=str(region.pk), page=""),
                "is_current": day.region == region,
            }
            for region in Region.objects.order_by("name", "pk")
        ]
    return scopes


def _counts(day: DayList, counts: DayCounts, house: House | None) -> list[dict[str, object]]:
    in_house = {
        "label": _("in the house"),
        "count": house.total if house else 0,
        "url": "#house",
        "is_current": False,
        "tone": "late" if house and house.late else "plain",
        "icon": "alert-triangle-filled" if house and house.late else "",
    }
    return [
        {
            "label": _("today"),
            "count": counts.today - counts.by_kind.get(Kind.LATER, 0),
            "url": day.address(show="", page=""),
            "is_current": not day.only_overdue,
            "tone": "plain",
            "icon": "",
        },
        {
            "label": _("overdue"),
            "count": counts.overdue,
            "url": day.address(show=OVERDUE, page=""),
            "is_current": day.only_overdue,
            "tone": "late" if counts.overdue else "plain",
            "icon": "alert-triangle-filled" if counts.overdue else "",
        },
        *([in_house] if house else []),
    ]
