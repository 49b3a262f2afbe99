"""The list of filings (报备查询): what I hold by time left, and what became of the rest."""

import re
from datetime import datetime
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.listing import ListFilters, ListPage, ListTable, SortKey, by_link, on_card, one_of, words
from core.time_left import TimeLeft
from customers.queries import visible
from filings.models import Filing
from filings.queries import shown
from filings.queries.shown import ShownFiling, is_passed_on
from filings.showing import light as words_of
from filings.states import Invalid, ReviewState
from filings.states.lights import Light
from staff.scope import Reach, visible_people, visible_stores

HELD, DRAFTS, REFUSED, OVER = "held", "drafts", "refused", "over"
TABS = (HELD, DRAFTS, REFUSED, OVER)
SOON, LATE, REVIEW, PROOF, ASKED = "soon", "late", "review", "proof", "asked"
NUMBER = re.compile(r"^(?:BB-)?(?:\d{4}-)?0*(\d{1,18})$", re.IGNORECASE)


class FilingTable(ListTable):
    """One filing a row. Wants `reader` and `now`."""

    reader: Reach
    now: datetime
    always = ("customer",)
    at_first = ("customer", "due", "number", "filed", "light", "until", "limit", "review",
                "channel", "holder")  # fmt: skip

    customer = tables.Column(
        accessor="customer__name", verbose_name=gettext_lazy("Customer"), attrs=on_card("name")
    )
    due = tables.Column(accessor="pk", verbose_name=gettext_lazy("Time left"), attrs=on_card("end"))
    number = tables.Column(
        accessor="pk", verbose_name=gettext_lazy("Filing no."), attrs=on_card("line")
    )
    filed = tables.Column(
        accessor="filed_at", verbose_name=gettext_lazy("Filed at"), attrs=on_card("under")
    )
    light = tables.Column(
        accessor="pk", verbose_name=gettext_lazy("How it stands"), attrs=on_card("more")
    )
    until = tables.Column(accessor="pk", verbose_name=gettext_lazy("Protected until"))
    limit = tables.Column(accessor="pk", verbose_name=gettext_lazy("Measure by"))
    review = tables.Column(accessor="pk", verbose_name=pgettext_lazy("of a filing", "Review"))
    channel = tables.Column(verbose_name=gettext_lazy("Channel"))
    holder = tables.Column(accessor="holder__name", verbose_name=gettext_lazy("Held by"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))

    @cached_property
    def _pages(self) -> str:
        return reverse("filings:detail", args=[0]).removesuffix("0/")

    def render_customer(self, record: ShownFiling) -> SafeString:
        name, phone = words_of.customer_word(record), words_of.phone_word(record)
        small = format_html(' <small class="mute">{}</small>', phone) if phone != name else ""
        return format_html('<a class="fig" href="{}{}/">{}</a>{}', self._pages, record.pk, name,
                           small)  # fmt: skip

    def render_due(self, record: ShownFiling) -> str:
        due = _left(record, now=self.now)
        return render_to_string("components/time_left.html", {"due": due})

    def render_number(self, record: ShownFiling) -> str:
        return record.number

    def render_filed(self, record: ShownFiling) -> str:
        at = record.submitted_at
        zone, today = record.store.tzinfo, record.store.today(self.now)
        return words_of.second_text(at, zone, today=today) if at else "–"

    def render_light(self, record: ShownFiling) -> SafeString:
        shown_light = words_of.shown_light(record, now=self.now)
        icon = render_to_string("components/icon.html", {"name": shown_light.icon, "small": True})
        return format_html('<span class="is-{} light-word">{}{}</span>', shown_light.tone, icon,
                           shown_light.word)  # fmt: skip

    def render_holder(self, record: ShownFiling) -> str:
        return "–" if is_passed_on(record) else record.holder.name

    def render_until(self, record: ShownFiling) -> str:
        if is_passed_on(record):
            return "–"
        is_kept = record.submitted_at and not record.invalid
        return words_of.day_word(record.protected_until if is_kept else None, record,
                                 now=self.now) or "–"  # fmt: skip

    def render_limit(self, record: ShownFiling) -> str:
        if is_passed_on(record):
            return "–"
        if record.measured_at is not None:
            return _("measured")
        return words_of.day_word(record.limit_at, record, now=self.now) or "–"

    def render_review(self, record: ShownFiling) -> str:
        return (not is_passed_on(record) and words_of.review_word(record)) or "–"


def _left(record: ShownFiling, *, now: datetime) -> TimeLeft:
    """The next duty of what is held; of all else how it stands, in a word.

    What was refused says so once it can be filed again.
    """
    if record.is_free and record.invalid == Invalid.LATER_FILER:
        return TimeLeft(_("can be filed again"), "good")
    admitted = record.submitted_at and not record.invalid
    is_held = admitted and not record.ended and not record.withdrawn
    if (
        is_passed_on(record)
        or not is_held
        or (record.protected_until and record.protected_until <= now)
    ):
        return TimeLeft(_state_word(record, now=now), "plain")
    return words_of.time_left(record, now=now)


def _state_word(record: ShownFiling, *, now: datetime) -> str:
    """A word for what owes nothing: on a phone the row has no other at this place."""
    if is_passed_on(record):
        return _("handed over")
    light = words_of.light_on(record, now=now)
    return pgettext("filing", "Draft") if light == Light.DRAFT else str(light.label)


class FilingFilters(ListFilters):
    """What the list is narrowed by. Wants `reach` and `now`."""

    q = words(
        gettext_lazy("Number of the filing, name"),
        hint=gettext_lazy("BB-2603-000187, or the customer's name"),
        longest=60,
        method="find",
    )
    scope = by_link(gettext_lazy("Which"), [(tab, tab) for tab in TABS], method="on_tab")
    state = one_of(
        gettext_lazy("State"),
        [
            (SOON, pgettext_lazy("filing", "Lapses within 3 days")),
            (LATE, gettext_lazy("Update missed")),
            (ASKED, gettext_lazy("Extension asked for")),
            (REVIEW, gettext_lazy("Waits for review")),
            (PROOF, gettext_lazy("Proof demanded")),
        ],
        method="in_state",
    )
    person = one_of(gettext_lazy("Held by"), field_name="holder")
    store = one_of(gettext_lazy("Store"))

    def __init__(self, *args: Any, reach: Reach, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach, self.now = reach, now
        people: list[tuple[str, str]] = []
        stores: list[tuple[str, str]] = []
        if reach.leads_stores:
            found = visible_people(reach).filter(filings__isnull=False).distinct()
            rows = found.order_by("name", "pk").values_list("pk", "name")
            people = [(str(pk), name) for pk, name in rows]
            places = visible_stores(reach).order_by("code", "pk").values_list("pk", "name")
            stores = [(str(pk), name) for pk, name in places]
        for name, choices in (("person", people), ("store", stores)):
            if len(choices) < 2:
                del self.filters[name]
            else:
                self.filters[name].extra["choices"] = choices

    def filter_queryset(self, filings: QuerySet) -> QuerySet:
        """Without a tab, what is held."""
        found = super().filter_queryset(filings)
        return found if self.form.cleaned_data.get("scope") else self.on_tab(found, "scope", HELD)

    def on_tab(self, filings: QuerySet, name: str, value: str) -> QuerySet:
        kept = {
            HELD: shown.holding(self.now) & ~shown.PASSED_ON,
            DRAFTS: shown.DRAFTED,
            REFUSED: shown.REFUSED,
            OVER: shown.over(self.now) | shown.holding(self.now) & shown.PASSED_ON,
        }
        return filings.filter(kept[value])

    def in_state(self, filings: QuerySet, name: str, value: str) -> QuerySet:
        kept = {
            SOON: Q(shown.lapsing(self.now), has_deal=False),
            LATE: Q(update_due_at__lte=self.now, has_deal=False),
            ASKED: Q(is_asked=True),
            REVIEW: Q(review_state=ReviewState.PENDING),
            PROOF: Q(review_state=ReviewState.PROOF),
        }
        return filings.filter(kept[value])

    def find(self, filings: QuerySet, name: str, value: str) -> QuerySet:
        """A filing by its number, customers by name as far as the reader may see their cards."""
        if number := NUMBER.match(value.strip()):
            return filings.filter(pk=int(number[1]))
        return filings.filter(customer__name__icontains=value, customer__in=visible(self.reach))

    class Meta:
        model = Filing
        fields: tuple[str, ...] = ()


_FILED = SortKey(name="filed", field="filed_at", kind=datetime, descends_first=True)
_DUE = SortKey(name="due", field="due_at", kind=datetime, nullable=True)

# What is held opens with what has least time left; all else with the newest.
HELD_LIST = ListPage(name="filings", table=FilingTable, filters=FilingFilters, sorts=(_DUE, _FILED))
OTHER_LIST = ListPage(name="filings", table=FilingTable, filters=FilingFilters, sorts=(_FILED,))
