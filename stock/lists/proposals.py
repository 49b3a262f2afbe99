"""The list of proposals: by state and kind, what is proposed for which style and where."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.listing import (
    ListFilters,
    ListPage,
    ListTable,
    SortKey,
    by_link,
    offer,
    on_card,
    one_of,
    words,
)
from core.phones import mask_in_text
from staff.scope import Reach
from stock.models import Brand, Proposal
from stock.queries.proposals import ReadProposal
from stock.queries.visible import visible_offices
from stock.showing.proposals import what_text, where_text
from stock.states import ProposalKind, ProposalState
from stock.wording.counts import pairs_words

NUM = {"th": {"class": "num"}, "td": {"class": "num"}}


def _column(label: object, *, attrs: object = None, accessor: str = "pk") -> tables.Column:
    return tables.Column(accessor=accessor, verbose_name=label, attrs=attrs or {})


class ProposalTable(ListTable):
    """One proposal a row."""

    always = ("style", "kind")
    at_first = ("style", "kind", "where", "what", "pairs", "supply", "state", "proposed", "by")
    computed = ("supply", "state")

    style = _column(gettext_lazy("Style no."), attrs=on_card("name"))
    kind = _column(pgettext_lazy("of a proposal", "What"), attrs=on_card("lead"))
    where = _column(gettext_lazy("Where"), attrs=on_card("line"))
    what = _column(gettext_lazy("Proposed"), attrs=on_card("under"))
    pairs = _column(gettext_lazy("Pairs"), accessor="quantity", attrs=NUM)
    supply = _column(gettext_lazy("Days of supply"), attrs=NUM)
    reason = _column(pgettext_lazy("a request", "Reason"))
    state = _column(pgettext_lazy("of a proposal", "State"), attrs=on_card("end"))
    proposed = _column(gettext_lazy("Proposed on"), accessor="proposed_at", attrs=on_card("more"))
    by = _column(gettext_lazy("By"), accessor="proposed_by__name")
    decided = _column(gettext_lazy("Decided by"), accessor="decided_by__name")
    figures = _column(gettext_lazy("Figures as of"), accessor="as_of")
    handed = _column(gettext_lazy("Handed over"), accessor="exported_at")

    @cached_property
    def _pages(self) -> str:
        return reverse("stock:proposal", args=[0])

    def value_style(self, record: Proposal) -> str:
        return f"{record.style.brand.name} {record.style.number}"

    def render_style(self, record: Proposal) -> SafeString:
        url = self._pages.replace("/0/", f"/{record.pk}/")
        return format_html('<a class="fig" href="{}">{}</a>', url, self.value_style(record))

    def render_kind(self, record: Proposal) -> str:
        return str(ProposalKind(record.kind).label)

    def render_where(self, record: Proposal) -> str:
        return where_text(record)

    def value_what(self, record: Proposal) -> str:
        return what_text(record)

    def render_what(self, record: Proposal) -> SafeString | str:
        """On a card, where the column of pairs is not, with the pairs before it."""
        if not record.quantity:
            return what_text(record)
        pairs = pairs_words(record.quantity)
        return format_html('<span class="phone-only">{} · </span>{}', pairs, what_text(record))

    def render_pairs(self, record: Proposal) -> str:
        return str(record.quantity) if record.quantity else "–"

    def value_pairs(self, record: Proposal) -> int | None:
        return record.quantity or None

    def render_supply(self, record: ReadProposal) -> str:
        days = record.facts.get("days_of_supply") if record.is_told else None
        return "–" if days is None else days.split(".")[0]

    def render_reason(self, record: Proposal) -> str:
        return mask_in_text(record.reason) or "–"

    def render_state(self, record: Proposal) -> str:
        label = str(ProposalState(record.state).label)
        return f"{label} · {_('handed over')}" if record.exported_at else label

    def render_proposed(self, record: Proposal) -> str:
        return timezone.localdate(record.proposed_at).isoformat()

    def render_figures(self, record: Proposal) -> str:
        return record.as_of.isoformat()

    def render_handed(self, record: Proposal) -> str:
        return timezone.localdate(record.exported_at).isoformat() if record.exported_at else "–"


class ProposalFilters(ListFilters):
    """By style, state, kind, office and brand. Wants `reach`."""

    q = words(gettext_lazy("Style no."), method="find")
    state = by_link(pgettext_lazy("of a proposal", "State"), ProposalState.choices)
    kind = one_of(pgettext_lazy("of a proposal", "What"), ProposalKind.choices)
    office = one_of(gettext_lazy("Office"), method="at_office")
    brand = one_of(gettext_lazy("Brand"), field_name="style__brand")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = visible_offices(reach).values_list("pk", "name")
        brands = Brand.objects.order_by("name", "pk").values_list("pk", "name")
        offered = {"office": offices, "brand": brands}
        offer(self, {name: [(str(pk), label) for pk, label in rows]
                     for name, rows in offered.items()})  # fmt: skip

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(style__number__icontains=value)

    def at_office(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(office=int(value)) | Q(from_office=int(value)))


PROPOSALS = ListPage(
    name="goods_proposals",
    table=ProposalTable,
    filters=ProposalFilters,
    sorts=(
        SortKey(name="proposed", field="proposed_at", kind=datetime, descends_first=True),
        SortKey(name="pairs", field="quantity", kind=int, descends_first=True),
        SortKey(name="figures", field="as_of", kind=date, descends_first=True),
    ),
)
