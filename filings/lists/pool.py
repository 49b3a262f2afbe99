"""The list of the pool (公海): who is free, why and since when; masked until taken (PUL-03)."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.days import date_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, on_card, one_of
from core.phones import mask_in_text
from customers.models import Customer
from customers.states import Grade
from filings.queries import home_region
from filings.queries.pool import FreeCustomer, lying_in
from filings.rules import is_foreign
from filings.states.lights import WhyFree
from staff.models import Region, Store
from staff.scope import SERVING_KINDS, Reach

EVERYWHERE = "all"
SINCE = {"week": 7, "month": 30, "quarter": 90}


class PoolTable(ListTable):
    """One free customer a row, without a name. Wants `reader`, `now`, `may_take`, and in which
    region whoever takes works (`own_region`).
    """

    reader: Reach
    now: datetime
    may_take: bool
    own_region: int | None
    always = ("phone",)
    at_first = ("grade", "phone", "why", "since", "need", "region", "store", "take")

    grade = tables.Column(verbose_name=gettext_lazy("Grade"), attrs=on_card("lead"))
    phone = tables.Column(verbose_name=gettext_lazy("Phone"), attrs=on_card("name"))
    why = tables.Column(
        accessor="why_free", verbose_name=gettext_lazy("Why free"), attrs=on_card("more")
    )
    since = tables.Column(accessor="free_since", verbose_name=gettext_lazy("Free since"))
    need = tables.Column(
        verbose_name=gettext_lazy("Need"), empty_values=(None, ""), attrs=on_card("line")
    )
    expected = tables.Column(
        accessor="expected_purchase", verbose_name=gettext_lazy("Means to buy")
    )
    region = tables.Column(accessor="pk", verbose_name=gettext_lazy("Region"))
    store = tables.Column(accessor="store__name", verbose_name=gettext_lazy("Store"))
    take = tables.Column(
        accessor="pk",
        verbose_name=pgettext_lazy("from the pool", "Take"),
        attrs=on_card("end"),
    )

    @cached_property
    def _take(self) -> str:
        return reverse("desk:take_from_pool", args=[0]).removesuffix("0/take/")

    def render_grade(self, record: Customer) -> SafeString:
        corner = '<span class="grade" data-g="{0}"><span class="unseen">{1} </span>{0}</span>'
        return format_html(corner, record.grade, _("Grade"))

    def render_phone(self, record: FreeCustomer) -> str:
        return record.phone or "–"

    def render_why(self, record: FreeCustomer) -> SafeString:
        """On a phone, which has no columns, since when stands beside it."""
        since = format_html('<span class="phone-only"> · {}</span>', self.render_since(record))
        return format_html("{}{}", WhyFree(record.why_free).label, since)

    def render_since(self, record: FreeCustomer) -> str:
        today = record.store.today(self.now)
        return date_text(record.store.today(record.free_since), today=today)

    def render_need(self, value: str) -> str:
        return mask_in_text(value)

    @cached_property
    def _regions(self) -> list[Region]:
        return list(Region.objects.order_by("pk"))

    def _region_of(self, record: FreeCustomer) -> Region | None:
        return home_region(record, address=record.home_address or "", among=self._regions)

    def render_region(self, record: FreeCustomer) -> str:
        found = self._region_of(record)
        return found.name if found is not None else "–"

    def render_take(self, record: FreeCustomer) -> SafeString | str:
        """A customer of another region is not taken: it is asked for (XRG-03)."""
        if not self.may_take:
            return ""
        region = self._region_of(record)
        is_elsewhere = is_foreign(
            region=region.pk if region else None, own=self.own_region, is_approved=False
        )
        label = _("Other region") if is_elsewhere else _("Take")
        return format_html(
            '<a class="quiet take" href="{}{}/take/">{}</a>', self._take, record.pk, label
        )


class PoolFilters(ListFilters):
    """What the pool is narrowed by. Wants `own_store` (whose pool is shown first), `trade` (whose
    stores can be chosen, None for all) and `now`.
    """

    store = one_of(gettext_lazy("Store"), unless="", method="of_store")
    region = one_of(gettext_lazy("Region"), method="of_region")
    why = one_of(gettext_lazy("Why free"), WhyFree.choices, field_name="why_free")
    since = one_of(
        gettext_lazy("Free since"),
        [
            ("week", gettext_lazy("within 7 days")),
            ("month", gettext_lazy("within 30 days")),
            ("quarter", gettext_lazy("within 90 days")),
        ],
        method="free_within",
    )
    grade = one_of(gettext_lazy("Grade"), Grade.choices)

    def __init__(
        self, *args: Any, own_store: int | None, trade: str | None, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own_store, self.now = own_store, now
        places = Store.objects.filter(is_active=True, kind__in=SERVING_KINDS)
        if trade is not None:
            places = places.filter(trade=trade)
        stores = [(str(pk), name) for pk, name in
                  places.order_by("code", "pk").values_list("pk", "name")]  # fmt: skip
        first = self.filters["store"].extra
        everywhere = (EVERYWHERE, _("all stores"))
        first["choices"] = [*stores, everywhere] if own_store else stores
        first["empty_label"] = _("own store") if own_store else _("all stores")
        regions = list(Region.objects.order_by("name", "pk").values_list("pk", "name"))
        if len(regions) < 2:
            del self.filters["region"]
        else:
            self.filters["region"].extra["choices"] = [(str(pk), name) for pk, name in regions]

    def filter_queryset(self, free: QuerySet) -> QuerySet:
        """Without a store or region, the own store's: elsewhere is a choice of its own."""
        found = super().filter_queryset(free)
        said = self.form.cleaned_data
        if said.get("store") or said.get("region") or self.own_store is None:
            return found
        return found.filter(store=self.own_store)

    def of_store(self, free: QuerySet, name: str, value: str) -> QuerySet:
        return free if value == EVERYWHERE else free.filter(store=value)

    def of_region(self, free: QuerySet, name: str, value: str) -> QuerySet:
        return lying_in(free, int(value))

    def free_within(self, free: QuerySet, name: str, value: str) -> QuerySet:
        return free.filter(free_since__gte=self.now - timedelta(days=SINCE[value]))


POOL = ListPage(
    name="pool",
    table=PoolTable,
    filters=PoolFilters,
    sorts=(SortKey(name="since", field="free_since", kind=datetime, descends_first=True),),
)
