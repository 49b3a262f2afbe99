"""The list of campaigns: what came of each, side by side (KPI-15)."""

from collections.abc import Mapping
from datetime import datetime

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.days import day_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, on_card, one_of, words
from core.phones import mask_in_text
from followups.models import Campaign
from followups.queries.campaigns import Figures, sees_everybody
from followups.states import CampaignKind, CampaignState
from staff.scope import Reach

# On a phone these stand in one line of words, beside the amount.
NUM = {"th": {"class": "num"}, "td": {"class": "num"}}


def of_target(value: object, target: object) -> str:
    """40 / 50: what there is, and what was aimed at."""
    return f"{value} / {target}" if target is not None else str(value)


class CampaignTable(ListTable):
    """One campaign a row. Wants `figures`, by campaign, filled before it is drawn; `reach`."""

    figures: Mapping[int, Figures]
    reach: Reach
    always = ("name",)
    at_first = (
        "name", "starts", "state", "invited", "coming", "came", "bought", "amount", "store",
    )  # fmt: skip

    name = tables.Column(verbose_name=pgettext_lazy("campaign", "Name"), attrs=on_card("name"))
    starts = tables.Column(
        accessor="starts_at", verbose_name=gettext_lazy("Day"), attrs=on_card("line")
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
        accessor="pk", verbose_name=gettext_lazy("Amount"), attrs=on_card("more", "num")
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

    def _aim(self, record: Campaign, target: int | None) -> int | None:
        """What is aimed at, beside all of the guests alone."""
        return target if sees_everybody(self.reach, record) else None

    def render_invited(self, record: Campaign) -> SafeString:
        told = self.figures[record.pk].invited
        aim = self._aim(record, record.target_invited)
        return self._linked(record, "invited", of_target(told, aim))

    def render_coming(self, record: Campaign) -> SafeString | str:
        if record.kind == CampaignKind.CARE:
            return "–"
        return self._linked(record, "coming", str(self.figures[record.pk].coming))

    def render_came(self, record: Campaign) -> SafeString | str:
        if record.kind == CampaignKind.CARE:
            return "–"
        told = self.figures[record.pk].came
        return self._linked(
            record, "came", of_target(told, self._aim(record, record.target_attended))
        )

    def render_bought(self, record: Campaign) -> SafeString:
        return self._linked(record, "bought", str(self.figures[record.pk].bought))

    def render_amount(self, record: Campaign) -> SafeString:
        """The amount; on a phone what came of it in words, in the order of the funnel."""
        told = self.figures[record.pk]
        amount = f"¥{told.amount:,.2f}"
        funnel = _funnel_words(told, is_care=record.kind == CampaignKind.CARE)
        paid = f" · {amount}" if told.amount else ""
        return format_html(
            '<span class="phone-only">{}{}</span><span class="desk-only">{}</span>',
            funnel, paid, amount,
        )  # fmt: skip


def _funnel_words(told: Figures, *, is_care: bool) -> str:
    said = {
        "invited": told.invited, "sent": told.sent, "coming": told.coming, "came": told.came,
        "bought": told.bought,
    }  # fmt: skip
    if is_care:
        return _("%(invited)s invited · %(sent)s written to · %(bought)s bought") % said
    return _("%(invited)s invited · %(coming)s coming · %(came)s came · %(bought)s bought") % said


class CampaignFilters(ListFilters):
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
