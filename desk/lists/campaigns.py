"""The list of campaigns: what came of each, side by side (KPI-15)."""

from collections.abc import Mapping
from datetime import datetime

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.days import day_text
from core.listing import ListPage, ListTable, SortKey, on_card, one_of, words
from core.phones import mask_in_text
from followups.models import Campaign
from followups.queries.campaigns import Figures
from followups.states import CampaignKind, CampaignState

# On a phone these stand in one line, with the amount.
NUM = {"th": {"class": "num"}, "td": {"class": "num"}}


def of_target(value: object, target: object) -> str:
    """40 / 50: what there is, and what was aimed at."""
    return f"{value} / {target}" if target is not None else str(value)


class CampaignTable(ListTable):
    """One campaign a row. Wants `figures`, by campaign, filled before it is drawn."""

    figures: Mapping[int, Figures]
    always = ("name",)
    at_first = (
        "name", "starts", "state", "invited", "coming", "came", "bought", "amount", "store",
    )  # fmt: skip

    name = tables.Column(verbose_name=pgettext_lazy("campaign", "Name"), attrs=on_card("name"))
    starts = tables.Column(
        accessor="starts_at", verbose_name=gettext_lazy("Day"), attrs=on_card("under")
    )
    state = tables.Column(verbose_name=gettext_lazy("State"), attrs=on_card("end"))
    invited = tables.Column(accessor="pk", verbose_name=gettext_lazy("Invited"), attrs=NUM)
    coming = tables.Column(
        accessor="pk",
        verbose_name=pgettext_lazy("guests", "Coming"),
        attrs=NUM,
    )
    came = tables.Column(accessor="pk", verbose_name=pgettext_lazy("guests", "Came"), attrs=NUM)
    bought = tables.Column(
        accessor="pk",
        verbose_name=pgettext_lazy("guests", "Bought"),
        attrs=NUM,
    )
    amount = tables.Column(
        accessor="pk", verbose_name=gettext_lazy("Amount"), attrs=on_card("line", "num")
    )
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    store = tables.Column(
        accessor="store__name", verbose_name=gettext_lazy("Store"), empty_values=()
    )
    place = tables.Column(verbose_name=gettext_lazy("Place"))

    def render_name(self, record: Campaign) -> SafeString:
        url = reverse("desk:campaign", args=[record.pk])
        return format_html('<a class="fig" href="{}">{}</a>', url, mask_in_text(record.name))

    def render_starts(self, record: Campaign) -> str:
        day = timezone.localdate(record.starts_at)
        return day_text(day, today=timezone.localdate())

    def render_store(self, record: Campaign) -> str:
        return record.store.name if record.store else _("several")

    def render_place(self, record: Campaign) -> str:
        return mask_in_text(record.place) or "–"

    def _linked(self, record: Campaign, show: str, text: str) -> SafeString:
        url = reverse("desk:campaign_guests", args=[record.pk])
        return format_html('<a class="fig" href="{}?show={}">{}</a>', url, show, text)

    def render_invited(self, record: Campaign) -> SafeString:
        told = self.figures[record.pk].invited
        return self._linked(record, "invited", of_target(told, record.target_invited))

    def render_coming(self, record: Campaign) -> SafeString:
        return self._linked(record, "coming", str(self.figures[record.pk].coming))

    def render_came(self, record: Campaign) -> SafeString:
        told = self.figures[record.pk].came
        return self._linked(record, "came", of_target(told, record.target_attended))

    def render_bought(self, record: Campaign) -> SafeString:
        return self._linked(record, "bought", str(self.figures[record.pk].bought))

    def render_amount(self, record: Campaign) -> SafeString:
        """The amount; on a phone behind the other figures, in the order of the funnel."""
        told = self.figures[record.pk]
        funnel = " → ".join(map(str, (told.invited, told.coming, told.came, told.bought)))
        return format_html(
            '<span class="phone-only">{} · </span>¥{}', funnel, f"{told.amount:,.2f}"
        )


class CampaignFilters(django_filters.FilterSet):
    """What the list is narrowed by."""

    q = words(
        pgettext_lazy("campaign", "Name"), longest=80, field_name="name", lookup_expr="icontains"
    )
    state = one_of(gettext_lazy("State"), CampaignState.choices)
    kind = one_of(gettext_lazy("Kind"), CampaignKind.choices)

    def filter_queryset(self, campaigns: QuerySet) -> QuerySet:
        """A number typed into a name is looked for nowhere."""
        asked = self.form.cleaned_data.get("q") or ""
        found = super().filter_queryset(campaigns)
        return found.none() if sum(char.isdigit() for char in asked) > 4 else found


CAMPAIGNS = ListPage(
    name="campaigns",
    table=CampaignTable,
    filters=CampaignFilters,
    sorts=(SortKey(name="starts", field="starts_at", kind=datetime, descends_first=True),),
)
