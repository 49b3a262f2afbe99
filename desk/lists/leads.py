"""The list of leads: what waits first, red when its time has passed."""

from datetime import datetime
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import moment_text
from core.keyring import keyring
from core.listing import ListFilters, ListPage, ListTable, SortKey, by_link, on_card, one_of, words
from core.phones import PhoneRefused, mask_in_text, normalise
from core.time_left import TimeLeft, span, until
from customers.models import Lead, LeadSource
from customers.queries.dispatching import opening_of
from customers.queries.leads import ListedLead
from customers.rules.leads import MINUTE, lapses_at
from customers.states import OPEN_LEADS, LeadState
from staff.scope import Reach, visible_stores

OPEN, ALL = "open", "all"


def shown_name(lead: Lead) -> str:
    """The name as screens say it; many a platform sends none."""
    return mask_in_text(lead.name) or _("no name")


def answer_by(lead: Lead, *, minutes: int) -> datetime:
    """Until when a lead is to be answered: so many minutes, of opening time if it has a store."""
    if lead.store is None:
        return lead.received_at + minutes * MINUTE
    opening = opening_of(lead.store)
    return lapses_at(offered_at=lead.received_at, minutes=minutes, opening=opening)


def standing_of(lead: Lead, *, lapses: datetime | None, now: datetime, minutes: int) -> TimeLeft:
    """What time says of a lead: how long it waits, how long an offer still runs, when it ended."""
    is_late = answer_by(lead, minutes=minutes) < now
    if lead.state == LeadState.WAITING:
        text = _("waits %(time)s") % {"time": span(now - lead.received_at)}
        return TimeLeft(text, "late" if is_late else "soon")
    if lead.state == LeadState.OFFERED and lapses is not None:
        left = until(max(lapses, now), now=now)
        return TimeLeft(left.text, "late" if is_late else left.tone)
    return TimeLeft(moment_text(lead.closed_at, now=now) if lead.closed_at else "–", "plain")


class LeadTable(ListTable):
    """One lead a row. Wants `reader`, `now` and `minutes`, the time to the first response."""

    reader: Reach
    now: datetime
    minutes: int
    always = ("name",)
    at_first = ("name", "due", "need", "state", "who", "phone", "origin", "store", "received")

    name = tables.Column(verbose_name=gettext_lazy("Name"), attrs=on_card("name"))
    due = tables.Column(accessor="state", verbose_name=gettext_lazy("Time"), attrs=on_card("end"))
    need = tables.Column(
        verbose_name=gettext_lazy("Need"), empty_values=(None, ""), attrs=on_card("line")
    )
    state = tables.Column(verbose_name=gettext_lazy("State"), attrs=on_card("under"))
    who = tables.Column(
        accessor="offered_to", verbose_name=gettext_lazy("Held by"), empty_values=()
    )
    phone = tables.Column(accessor="masked", verbose_name=gettext_lazy("Phone"))
    origin = tables.Column(accessor="origin__name", verbose_name=gettext_lazy("From"))
    campaign = tables.Column(verbose_name=gettext_lazy("Campaign"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    received = tables.Column(accessor="received_at", verbose_name=gettext_lazy("Received"))

    @cached_property
    def _pages(self) -> str:
        return reverse("desk:lead", args=[0]).removesuffix("0/")

    def render_name(self, record: Lead) -> SafeString:
        name = shown_name(record)
        return format_html('<a class="fig" href="{}{}/">{}</a>', self._pages, record.pk, name)

    def render_need(self, value: str) -> str:
        return mask_in_text(value)

    def render_campaign(self, value: str) -> str:
        return mask_in_text(value)

    def render_due(self, record: ListedLead) -> str:
        due = standing_of(record, lapses=record.lapses_at, now=self.now, minutes=self.minutes)
        return render_to_string("components/time_left.html", {"due": due})

    def render_state(self, record: Lead) -> str:
        return word_of(record)

    def render_who(self, record: ListedLead) -> str:
        return with_whom(record)

    def render_received(self, record: Lead) -> str:
        return moment_text(record.received_at, now=self.now)


def word_of(lead: Lead) -> str:
    """The state in a word; a repeated inquiry says so."""
    if lead.duplicate_of_id and lead.state == LeadState.INVALID:
        return _("Repeats an open lead")
    return str(LeadState(lead.state).label)


def with_whom(lead: ListedLead) -> str:
    """Who has to do something, or did: nobody's lead is the managers' of all."""
    if lead.state == LeadState.OFFERED:
        return lead.offered_to or "–"
    if lead.state == LeadState.WAITING:
        return _(", ").join(lead.leaders) if lead.leaders else _("marketing and operations")
    return lead.closed_by.name if lead.closed_by else "–"


class LeadFilters(ListFilters):
    """What the list is narrowed by. Wants `reach`."""

    q = words(
        gettext_lazy("Name, number, id"),
        hint=gettext_lazy("Name, whole number, id of the platform"),
        longest=80,
        method="find",
    )
    state = by_link(
        gettext_lazy("State"), [(OPEN, OPEN), (ALL, ALL), *LeadState.choices], method="in_state"
    )
    origin = one_of(gettext_lazy("From"))
    store = one_of(gettext_lazy("Store"))

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = LeadSource.objects.order_by("name", "pk").values_list("pk", "name")
        stores = visible_stores(reach).order_by("code", "pk").values_list("pk", "name")
        for name, rows in (("origin", sources), ("store", stores)):
            choices = [(str(pk), label) for pk, label in rows] if reach.leads_stores else []
            if len(choices) < 2:
                del self.filters[name]
            else:
                self.filters[name].extra["choices"] = choices

    def filter_queryset(self, leads: QuerySet) -> QuerySet:
        """Without a state, what is open: nobody looks for work among what is done."""
        found = super().filter_queryset(leads)
        said = self.form.cleaned_data
        return found if said.get("state") or said.get("q") else found.filter(state__in=OPEN_LEADS)

    def in_state(self, leads: QuerySet, name: str, value: str) -> QuerySet:
        if value == ALL:
            return leads
        return leads.filter(state__in=OPEN_LEADS if value == OPEN else [value])

    def find(self, leads: QuerySet, name: str, value: str) -> QuerySet:
        """A whole number finds its leads; a part of one finds nobody, not by a name either into
        which somebody typed it.
        """
        try:
            return leads.filter(key=keyring().index(normalise(value).e164))
        except PhoneRefused:
            by_id = leads.filter(platform_id=value)
            has_digit = any(char.isdigit() for char in value)
            return by_id if has_digit else by_id | leads.filter(name__icontains=value)


LEADS = ListPage(
    name="leads",
    table=LeadTable,
    filters=LeadFilters,
    sorts=(
        SortKey(name="state", field="rank", kind=int),
        SortKey(name="received", field="received_at", kind=datetime, descends_first=True),
    ),
)
