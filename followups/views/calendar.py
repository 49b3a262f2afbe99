"""The calendar of appointments: a day by person, car and crew, or a week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.days import date_text, day_text, weekday
from customers.queries import appointments as queries
from followups import diary
from followups.queries.agreed import agreed_hours
from staff.access import only
from staff.models import Person, Store
from staff.requests import Request
from staff.scope import (
    CUSTOMER_ROLES,
    SERVING_ROLES,
    own_or_first,
    visible_people,
    visible_stores,
)
from staff.states import UNIT_MANAGER_ROLES, Level, Role

WEEK = timedelta(days=7)
RESOURCE_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER})


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the address asks for: a day or its week, of one store or of one's own."""

    day: date
    is_week: bool
    store: Store | None
    stores: list[Store]
    person: Person | None
    people: list[Person]
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def is_of_many(self) -> bool:
        return self.person is None and len(self.people) > 1

    @property
    def week(self) -> list[date]:
        monday = self.day - timedelta(days=self.day.weekday())
        return [monday + timedelta(days=count) for count in range(7)]

    def address(self, **changes: str) -> str:
        """This sheet's address with some of what it asks for changed."""
        asked = {
            "day": self.day.isoformat() if self.day != self.today else "",
            "view": "week" if self.is_week else "",
            "store": str(self.store.pk) if self.store and len(self.stores) > 1 else "",
            "person": str(self.person.pk) if self.person else "",
            **changes,
        }
        said = urlencode({name: value for name, value in asked.items() if value})
        return reverse("followups:calendar") + (f"?{said}" if said else "")


@only(CUSTOMER_ROLES)
@require_safe
def calendar(request: Request) -> HttpResponse:
    """Who meets whom, when and with which car; by thumb a list by hour (FUP-26, M62)."""
    sheet = _open_sheet(request)
    rows = _rows(request, sheet)
    days = sheet.week if sheet.is_week else [sheet.day]
    shown = rows if sheet.is_week else diary.of_day(rows, sheet.day, sheet.zone)
    context = {
        "title": _title(sheet),
        "place": sheet.store.name if sheet.store else request.user.name,
        "is_week": sheet.is_week,
        "views": _views(sheet),
        "today_url": sheet.address(day="") if sheet.day != sheet.today else "",
        "before_url": _step(sheet, -1),
        "after_url": _step(sheet, 1),
        "strip": _strip(sheet, rows),
        "columns": _columns(request, sheet, shown, days),
        "hours": diary.hours(),
        "now_row": diary.now_row(now=sheet.now, day=sheet.day, zone=sheet.zone),
        "agenda": diary.agenda(
            days, shown, today=sheet.today, zone=sheet.zone, with_whom=sheet.is_of_many
        ),
        "stores": _choices(sheet.stores, sheet.store),
        "people": _choices(sheet.people, sheet.person),
        "kept": {"day": sheet.day.isoformat(), "view": "week" if sheet.is_week else ""},
        "resources_url": (
            reverse("followups:resources") if request.reach.has_role(RESOURCE_ROLES) else ""
        ),
    }
    return TemplateResponse(request, "followups/calendar.html", context)


def _number(request: Request, name: str) -> int | None:
    asked = request.GET.get(name, "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        return None
    return int(asked)


def _chosen(rows: list, pk: int | None):
    return next((row for row in rows if row.pk == pk), None)


def _open_sheet(request: Request) -> Sheet:
    """The sheet that the address names; what it cannot mean is today, one's own store, everybody.

    Somebody who sees only their own has a sheet without a store.
    """
    reach, now = request.reach, timezone.now()
    own_only = reach.level == Level.OWN
    stores = [] if own_only else list(visible_stores(reach).order_by("name", "pk"))
    store = _chosen(stores, _number(request, "store"))
    if store is None and stores:
        store = own_or_first(stores, request.user.store_id) or stores[0]
    people = visible_people(reach).filter(is_active=True, role__in=SERVING_ROLES)
    if store is not None:
        people = people.filter(store=store)
    found = list(people.order_by("name", "pk"))
    place = store or request.user.store
    zone = place.tzinfo if place else timezone.get_default_timezone()
    return Sheet(
        day=_day(request.GET.get("day", "")) or now.astimezone(zone).date(),
        is_week=request.GET.get("view") == "week",
        store=store,
        stores=stores,
        person=_chosen(found, _number(request, "person")) if len(found) > 1 else None,
        people=found,
        now=now,
        zone=zone,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _bounds(sheet: Sheet) -> tuple[datetime, datetime]:
    """The week around the day: its strip counts what each day holds."""
    begins = datetime.combine(sheet.week[0], time(), sheet.zone)
    return begins, datetime.combine(sheet.week[0] + WEEK, time(), sheet.zone)


def _rows(request: Request, sheet: Sheet) -> list[diary.Entry]:
    """Appointments, and what was agreed on with an hour, by hour."""
    begins, ends = _bounds(sheet)
    rows = queries.of_sheet(request.reach, store=sheet.store, person=sheet.person)
    agreed = agreed_hours(
        request.reach, begins=begins, ends=ends, store=sheet.store, person=sheet.person
    )
    found: list[diary.Entry] = list(queries.of_days(rows, begins=begins, ends=ends))
    found += [diary.agreed_of(row) for row in agreed]
    return sorted(found, key=lambda row: (row.starts_at, row.ends_at, row.pk))


def _columns(
    request: Request, sheet: Sheet, shown: list[diary.Entry], days: list[date]
) -> list[diary.Column]:
    if sheet.is_week:
        urls = [sheet.address(day=day.isoformat(), view="") for day in days]
        return diary.day_columns(
            days,
            shown,
            today=sheet.today,
            zone=sheet.zone,
            urls=urls,
            with_whom=sheet.is_of_many,
        )
    people = [sheet.person] if sheet.person else sheet.people
    columns = diary.person_columns(people, shown, day=sheet.day, zone=sheet.zone)
    store = sheet.store.pk if sheet.store else request.user.store_id
    resources = list(queries.resources_of(store))
    begins = datetime.combine(sheet.day, time(), sheet.zone)
    taken = list(queries.of_resources(resources, begins=begins, ends=begins + timedelta(days=1)))
    known = queries.visible(request.reach).filter(pk__in=[row.pk for row in taken])
    return columns + diary.resource_columns(
        resources,
        taken,
        day=sheet.day,
        zone=sheet.zone,
        known=frozenset(known.values_list("pk", flat=True)),
    )


def _title(sheet: Sheet) -> str:
    if not sheet.is_week:
        return day_text(sheet.day, today=sheet.today)
    first, last = sheet.week[0], sheet.week[-1]
    return f"{date_text(first, today=sheet.today)} – {date_text(last, today=sheet.today)}"


def _views(sheet: Sheet) -> list[dict[str, object]]:
    return [
        {
            "label": pgettext("calendar", "Day"),
            "url": sheet.address(view=""),
            "is_current": not sheet.is_week,
        },
        {
            "label": pgettext("calendar", "Week"),
            "url": sheet.address(view="week"),
            "is_current": sheet.is_week,
        },
    ]


def _step(sheet: Sheet, count: int) -> str:
    step = WEEK if sheet.is_week else timedelta(days=1)
    return sheet.address(day=(sheet.day + count * step).isoformat())


def _strip(sheet: Sheet, rows: list[diary.Entry]) -> list[dict[str, object]]:
    """The week as seven days to tap, each with how much it holds."""
    return [
        {
            "weekday": weekday(day),
            "day": day.day,
            "count": len(diary.of_day(rows, day, sheet.zone)),
            "url": sheet.address(day=day.isoformat(), view=""),
            "is_current": day == sheet.day and not sheet.is_week,
            "is_today": day == sheet.today,
        }
        for day in sheet.week
    ]


def _choices(rows: list, chosen: object) -> list[dict[str, object]]:
    if len(rows) < 2:
        return []
    return [{"value": str(row.pk), "label": row.name, "is_current": row == chosen} for row in rows]
