"""The pages of reports."""

from datetime import date, datetime
from functools import partial

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.days import day_text
from customers.queries import open_suspicions
from followups import queries as followups
from followups.models import Obligation, Task
from followups.naming import name_of
from followups.queries import DayCounts, TaskOfDay
from followups.queries.escalations import unseen, with_rows
from followups.rows import left_of, why
from reports.forms.narrowing import BehindFilter
from reports.lists.behind import BehindTable
from staff.access import only
from staff.models import Person, Store
from staff.requests import Request
from staff.scope import REASSIGNING_ROLES, Reach, visible_people, visible_stores
from staff.states import STORE_BOUND_ROLES

LONGEST_LIST = 6
PEOPLE_A_PAGE = 50


@only(REASSIGNING_ROLES)
@require_safe
def behind(request: Request) -> HttpResponse:
    """Who and what is behind within one's reach; each figure opens the rows it counts."""
    reach, now = request.reach, timezone.localtime()
    today = now.date()
    stores = visible_stores(reach).order_by("code", "pk")
    form = BehindFilter(request.GET, stores=stores)
    said = form.cleaned_data if form.is_valid() else {}
    tasks = _tasks(reach, said.get("store"))
    standing = followups.standing_of_people(
        tasks, _people(reach, said.get("store")), now=now, today=today
    )
    sought = said.get("q", "").strip().lower()
    rows = [row for row in standing if sought in row.person.name.lower()]
    page = Paginator(rows, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    counts = followups.counts_by_kind(tasks, now=now, today=today)
    nobodys = tasks.filter(followups.of_nobody())
    kept = {"store": str(said["store"].pk)} if said.get("store") else {}
    narrowed = {**kept, "q": sought} if sought else kept
    context = {
        "day_text": day_text(today),
        "place": request.user.store.name if request.user.store else "",
        "scopes": [],
        "stats": _stats(counts, kept),
        "filter_form": form,
        "kept": [],
        "table": BehindTable(list(page), now=now, rows_url=partial(_list_url, **kept)),
        "total": len(rows),
        "page": page,
        "path_for": f"?{urlencode({**narrowed, 'page': ''})}",
        "table_title": _("People"),
        "export_url": "",
        "lists": [
            _oldest(tasks, counts, kept, now=now, today=today),
            _unkept(nobodys, kept, now=now, today=today),
            *_reported(reach),
            *_doubts(reach),
        ],
    }
    template = "reports/behind.html#rows" if request.htmx else "reports/behind.html"
    return TemplateResponse(request, template, context)


def _tasks(reach: Reach, store: Store | None) -> QuerySet[Task]:
    tasks = followups.visible(reach)
    return tasks.filter(customer__store=store) if store else tasks


def _people(reach: Reach, store: Store | None) -> QuerySet[Person]:
    """Whoever is expected to serve customers here, with work today or without."""
    people = visible_people(reach).filter(is_active=True, role__in=STORE_BOUND_ROLES)
    if store is not None:
        people = people.filter(store=store)
    shown = ("name", "store__name", "store__zone")
    return people.select_related("store").only(*shown).order_by("name", "pk")


def _list_url(**asked: str) -> str:
    address = reverse("followups:today")
    return f"{address}?{urlencode(asked)}" if asked else address


def _stats(counts: DayCounts, kept: dict[str, str]) -> list[dict[str, object]]:
    return [
        {
            "value": counts.overdue,
            "label": _("overdue"),
            "unit": "",
            "url": _list_url(show="overdue", **kept),
            "tone": "late" if counts.overdue else "good",
            "formula": _("open tasks whose limit has passed"),
        },
        {
            "value": counts.today,
            "label": _("on today's lists"),
            "unit": "",
            "url": _list_url(**kept),
            "tone": "",
            "formula": _("open tasks that are shown today, overdue or not"),
        },
    ]


def _row(task: TaskOfDay, *, now: datetime) -> dict[str, str]:
    is_kept = task.assignee is not None and task.assignee.is_active
    who = task.assignee.name if task.assignee else _("no keeper")
    return {
        "name": task.customer.shown_name,
        "text": f"{why(task, now=now)} · {who}",
        "url": reverse("desk:customer", args=[task.customer_id]),
        "act": left_of(task, now=now).text if is_kept else _("Give a keeper"),
        "act_url": reverse("desk:customer" if is_kept else "desk:assign", args=[task.customer_id]),
    }


def _oldest(
    tasks: QuerySet[Task], counts: DayCounts, kept: dict[str, str], *, now: datetime, today: date
) -> dict[str, object]:
    """The longest overdue, by name."""
    rows = followups.part_of_worklist(
        tasks,
        slice(LONGEST_LIST),
        now=now,
        today=today,
        only_overdue=True,
        order=("due_at", "pk"),
    )
    return {
        "title": _("Longest overdue"),
        "tone": "late" if counts.overdue else "plain",
        "count": counts.overdue,
        "url": _list_url(show="overdue", **kept),
        "rows": [_row(task, now=now) for task in rows],
    }


def _reported(reach: Reach) -> list[dict[str, object]]:
    """What was reported up and nobody has seen yet, the newest first; nothing where all is seen."""
    waiting = unseen(reach)
    count = waiting.count()
    if not count:
        return []
    address = reverse("followups:reported")
    rows = [
        {
            "name": row.obligation.customer.shown_name,
            "text": f"{name_of(row.obligation)} · {_assignee(row.obligation)}",
            "url": reverse("desk:customer", args=[row.obligation.customer_id]),
            "act": _("Look"),
            "act_url": address,
        }
        for row in with_rows(waiting)[:LONGEST_LIST]
    ]
    return [
        {
            "title": pgettext("overdue work", "Reported up"),
            "tone": "late",
            "count": count,
            "url": address,
            "rows": rows,
        }
    ]


def _assignee(work: Obligation) -> str:
    return work.assignee.name if work.assignee else _("no keeper")


def _doubts(reach: Reach) -> list[dict[str, object]]:
    """How many cards may be one customer's; nothing where none may."""
    count = open_suspicions(reach).order_by().count()
    if not count:
        return []
    return [
        {
            "title": _("Maybe the same customer"),
            "tone": "soon",
            "count": count,
            "url": reverse("desk:suspicions"),
            "rows": [],
        }
    ]


def _unkept(
    nobodys: QuerySet[Task], kept: dict[str, str], *, now: datetime, today: date
) -> dict[str, object]:
    """What nobody does: the customer has no keeper who works here."""
    part = slice(LONGEST_LIST + 1)
    found = list(followups.part_of_worklist(nobodys, part, now=now, today=today))
    count = len(found)
    if count > LONGEST_LIST:
        count = followups.worklist(nobodys, now=now, today=today).order_by().count()
    return {
        "title": _("Without a keeper"),
        "tone": "soon" if count else "plain",
        "count": count,
        "url": _list_url(person="none", **kept),
        "rows": [_row(task, now=now) for task in found[:LONGEST_LIST]],
    }
