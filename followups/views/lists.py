"""Whose day is shown, in which order: read from the address and kept in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from followups import queries
from followups.models import Chore, Task
from followups.queries.chores import NOBODYS, chores_of_mine, visible_chores
from followups.states import State
from staff.models import Person, Region, Store
from staff.requests import Request
from staff.scope import Reach, visible_people, visible_stores
from staff.states import SALES_ROLES, Level

MINE, STORE, ALL = "me", "store", "all"
OVERDUE = "overdue"
NOBODY = "none"
CHOICES = ("scope", "person", "region", "store", "show")


@dataclass(frozen=True, kw_only=True)
class DayList:
    """One list of the day as its address asks for it; `kept` carries the choice along."""

    reach: Reach
    scope: str
    person: Person | None
    region: Region | None
    store: Store | None
    is_nobodys: bool
    only_overdue: bool
    now: datetime
    today: date
    kept: dict[str, str]

    @cached_property
    def tasks(self) -> QuerySet[Task]:
        """The tasks of this list; put together where one asks for them, as few forms do."""
        tasks = queries.visible(self.reach)
        if self.person is not None:
            tasks = tasks.filter(assignee=self.person)
        elif self.is_nobodys:
            tasks = tasks.filter(queries.of_nobody())
        elif self.scope == MINE:
            tasks = tasks.filter(queries.of_mine(self.reach))
        if self.store is not None:
            tasks = tasks.filter(customer__store=self.store)
        if self.region is not None:
            tasks = tasks.filter(customer__store__region=self.region)
        return tasks

    @cached_property
    def chores(self) -> QuerySet[Chore]:
        """What there is to do in the house, of the same people and places."""
        chores = visible_chores(self.reach, today=self.today)
        if self.person is not None:
            chores = chores.filter(person=self.person)
        elif self.is_nobodys:
            chores = chores.filter(NOBODYS)
        elif self.scope == MINE:
            chores = chores.filter(chores_of_mine(self.reach, today=self.today))
        if self.store is not None:
            chores = chores.filter(store=self.store)
        if self.region is not None:
            chores = chores.filter(store__region=self.region)
        return chores

    def address(self, **changes: str) -> str:
        """The list with these choices changed; an empty value takes one out."""
        asked = {name: value for name, value in {**self.kept, **changes}.items() if value}
        address = reverse("followups:today")
        return f"{address}?{urlencode(asked)}" if asked else address


def _number(text: str) -> int | None:
    """A row's number as it stands in an address; None where it cannot be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _chosen(request: Request, name: str, among: Callable[[], QuerySet]):
    """The row an address names, None where it names none; one out of reach is a 404."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    found = among().filter(pk=_number(asked)).first()
    if found is None:
        raise Http404
    return found


def _people(reach: Reach) -> QuerySet[Person]:
    """Whose list may be opened: people within reach, and whoever has a task there."""
    with_tasks = queries.visible(reach).filter(state=State.OPEN).values("assignee")
    return Person.objects.filter(Q(pk__in=visible_people(reach)) | Q(pk__in=with_tasks))


def scopes_of(reach: Reach) -> list[str]:
    """Whose tasks this person may choose to see, the narrowest first."""
    if reach.level == Level.ALL:
        return [MINE, ALL] if reach.may_serve else [ALL]
    return [MINE, STORE] if reach.level == Level.STORE else [MINE]


def _at_first(reach: Reach) -> str:
    """Whoever sells opens the own list, whoever leads the store's or everybody's."""
    return MINE if reach.role in SALES_ROLES else scopes_of(reach)[-1]


def open_day(request: Request) -> DayList:
    """The list that the address asks for; people and regions out of reach are a 404."""
    reach, now = request.reach, timezone.now()
    is_nobodys = request.GET.get("person") == NOBODY
    person = None if is_nobodys else _chosen(request, "person", lambda: _people(reach))
    region = _chosen(request, "region", Region.objects.all) if reach.sees_all else None
    store = _chosen(request, "store", lambda: visible_stores(reach))
    scope = request.GET.get("scope", "")
    scope = scope if scope in scopes_of(reach) else _at_first(reach)
    return DayList(
        reach=reach,
        scope=scope,
        person=person,
        region=region,
        store=store,
        is_nobodys=is_nobodys,
        only_overdue=request.GET.get("show") == OVERDUE,
        now=now,
        today=timezone.localdate(now),
        kept={name: request.GET[name] for name in CHOICES if request.GET.get(name)},
    )
