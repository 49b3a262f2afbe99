"""What the customer list shows: its columns and how each is drawn."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.listing import ListTable, on_card
from core.phones import mask_in_text
from core.time_left import TimeLeft, span, until_day
from customers.models import Customer
from customers.states import Grade, Title
from filings.rules.lights import SOON
from staff.scope import Reach

WEEK = timedelta(days=7)
NOBODY = "none"


@lru_cache(maxsize=1024)
def _badge(due: TimeLeft | None) -> SafeString:
    """The same few words stand in all rows: each is drawn once."""
    return render_to_string("components/time_left.html", {"due": due})


@lru_cache(maxsize=1024)
def _two_ways(on_desk: str, on_phone: str) -> SafeString:
    return format_html(
        '<span class="desk-only">{}</span><span class="phone-only">{}</span>', on_desk, on_phone
    )


class CustomerTable(ListTable):
    """One customer a row. Wants `reader` (who reads: masked roles) and `today`."""

    reader: Reach
    today: date
    always: tuple[str, ...] = ("grade", "name")
    at_first: tuple[str, ...] = (
        "grade",
        "name",
        "phone",
        "need",
        "keeper",
        "store",
        "next",
        "filing",
        "last",
        "source",
    )

    grade = tables.Column(verbose_name=gettext_lazy("Grade"), attrs=on_card("lead"))
    name = tables.Column(verbose_name=gettext_lazy("Name"), attrs=on_card("name"))
    phone = tables.Column(verbose_name=gettext_lazy("Phone"))
    need = tables.Column(
        verbose_name=gettext_lazy("Need"), empty_values=(None, ""), attrs=on_card("line")
    )
    keeper = tables.Column(accessor="owner__name", verbose_name=gettext_lazy("Keeper"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    next = tables.Column(
        accessor="next_contact_on",
        verbose_name=gettext_lazy("Next contact"),
        empty_values=(),
        attrs=on_card("end"),
    )
    last = tables.Column(
        accessor="last_contact_at",
        verbose_name=gettext_lazy("Since contact"),
        empty_values=(),
        attrs={"th": {"class": "num"}, **on_card("under", "num")},
    )
    source = tables.Column(verbose_name=gettext_lazy("Source"))
    address = tables.Column(verbose_name=gettext_lazy("Address"), empty_values=(None, ""))
    expected = tables.Column(
        accessor="expected_purchase", verbose_name=gettext_lazy("Means to buy")
    )
    budget = tables.Column(verbose_name=gettext_lazy("Budget"))
    registered = tables.Column(accessor="registered_at", verbose_name=gettext_lazy("Registered on"))
    total = tables.Column(
        accessor="bought_total",
        verbose_name=gettext_lazy("Bought, total"),
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    bought = tables.Column(
        accessor="last_bought_on", verbose_name=gettext_lazy("Last bought"), empty_values=(None,)
    )
    orders = tables.Column(
        accessor="order_count",
        verbose_name=gettext_lazy("Orders"),
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    company = tables.Column(verbose_name=gettext_lazy("Company"), empty_values=(None, ""))
    designer = tables.Column(accessor="designer__name", verbose_name=gettext_lazy("Designer"))
    filing = tables.Column(
        accessor="filed_until", verbose_name=gettext_lazy("Filing"), empty_values=(None,)
    )
    tags = tables.Column(
        accessor="tag_names", verbose_name=gettext_lazy("Tags"), empty_values=(None,)
    )

    @cached_property
    def _cards(self) -> str:
        """Where the cards lie: reversing the address anew in each row costs more than the row."""
        return reverse("desk:customer", args=[0]).removesuffix("0/")

    @cached_property
    def _titles(self) -> dict[str, SafeString]:
        small = ' <small class="mute">{}</small>'
        return {"": SafeString(), **{each: format_html(small, each.label) for each in Title}}

    @cached_property
    def _grades(self) -> dict[str, SafeString]:
        corner = '<span class="grade" data-g="{0}"><span class="unseen">{1} </span>{0}</span>'
        return {each: format_html(corner, each.value, _("Grade")) for each in Grade}

    def render_grade(self, record: Customer) -> SafeString:
        return self._grades[record.grade]

    def value_grade(self, record: Customer) -> str:
        return record.grade

    def render_name(self, record: Customer) -> SafeString:
        return format_html(
            '<a class="fig" href="{}{}/">{}</a>{}',
            self._cards,
            record.pk,
            mask_in_text(record.name),
            self._titles[record.title],
        )

    def value_name(self, record: Customer) -> str:
        return f"{mask_in_text(record.name)} {record.shown_title}".strip()

    def render_need(self, value: str) -> str:
        return mask_in_text(value)

    value_need = render_address = value_address = render_budget = value_budget = render_need
    render_company = value_company = render_designer = value_designer = render_need

    def render_total(self, value: Decimal) -> str:
        return f"¥{value:,.2f}" if value else "–"

    def value_total(self, record: Customer) -> Decimal | None:
        return record.bought_total or None

    def render_bought(self, value: date) -> str:
        return value.isoformat()

    def value_bought(self, record: Customer) -> date | None:
        return record.last_bought_on

    def render_orders(self, value: int) -> str:
        return str(value or "–")

    def value_orders(self, value: int) -> int | None:
        return value or None

    def render_tags(self, value: list[str]) -> str:
        return _(", ").join(value) or "–"

    value_tags = render_tags

    def render_next(self, record: Customer) -> SafeString:
        day = record.next_contact_on
        return _badge(until_day(day, today=self.today) if day else TimeLeft(_("none"), "plain"))

    def value_next(self, record: Customer) -> date | None:
        return record.next_contact_on

    def render_filing(self, value: datetime) -> SafeString:
        """Until when a filing within reach protects; amber within its last three days."""
        left = value - timezone.now()
        return _badge(TimeLeft(span(left), "soon" if left <= SOON else "good"))

    def value_filing(self, record: Customer) -> date | None:
        until = getattr(record, "filed_until", None)
        return timezone.localdate(until) if until else None

    def render_last(self, record: Customer) -> SafeString:
        """A bare figure under its heading; on a phone, where headings are missing, a sentence."""
        days = self.value_last(record)
        if days is None:
            return _two_ways(_("never"), _("never reached"))
        if days == 0:
            return _two_ways(_("today"), _("reached today"))
        count = {"count": days}
        return _two_ways(
            ngettext("%(count)s day", "%(count)s days", days) % count,
            ngettext("%(count)s day ago", "%(count)s days ago", days) % count,
        )

    def value_last(self, record: Customer) -> int | None:
        if record.last_contact_at is None:
            return None
        return (self.today - timezone.localdate(record.last_contact_at)).days

    def render_registered(self, record: Customer) -> str:
        return self.value_registered(record).isoformat()

    def value_registered(self, record: Customer) -> date:
        return timezone.localdate(record.registered_at)
