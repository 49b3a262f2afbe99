"""The lists of people and stores: rows on the desk, cards on a phone."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

PHONE_ONLY = {"td": {"data-card": "line", "class": "phone-only"}, "th": {"class": "phone-only"}}


def on_card(place: str) -> dict[str, dict[str, str]]:
    """The attributes of a column that stands at `place` of a phone's card."""
    return {"td": {"data-card": place}}


class PeopleTable(tables.Table):
    name = tables.TemplateColumn(
        template_name="staff/cells/person.html",
        verbose_name=_("Name"),
        attrs=on_card("name"),
    )
    username = tables.Column(verbose_name=_("User name"))
    role = tables.Column(accessor="get_role_display", verbose_name=_("Role"), order_by="role")
    store = tables.Column(verbose_name=_("Store"), order_by="store__code", default="")
    line = tables.TemplateColumn(
        template_name="staff/cells/person_line.html",
        verbose_name="",
        orderable=False,
        attrs=PHONE_ONLY,
    )
    last_login = tables.DateTimeColumn(
        format="Y-m-d H:i", verbose_name=_("Last signed in"), default="", attrs=on_card("under")
    )
    state = tables.TemplateColumn(
        template_name="staff/cells/person_state.html",
        verbose_name=_("State"),
        orderable=False,
        empty_values=(),
        attrs=on_card("end"),
    )

    class Meta:
        template_name = "tables/table.html"
        order_by_field = "sort"
        per_page = 50


class StoreTable(tables.Table):
    code = tables.Column(verbose_name=_("Code"))
    name = tables.TemplateColumn(
        template_name="staff/cells/store.html", verbose_name=_("Store name"), attrs=on_card("name")
    )
    region = tables.Column(verbose_name=_("Region"), order_by="region__name")
    kind = tables.Column(accessor="get_kind_display", verbose_name=_("Kind"), order_by="kind")
    trade = tables.Column(accessor="get_trade_display", verbose_name=_("Trade"), order_by="trade")
    closes_at = tables.TimeColumn(format="H:i", verbose_name=_("Closes at"))
    line = tables.TemplateColumn(
        template_name="staff/cells/store_line.html",
        verbose_name="",
        orderable=False,
        attrs=PHONE_ONLY,
    )
    people_count = tables.Column(
        verbose_name=_("People"),
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
    )
    state = tables.TemplateColumn(
        template_name="staff/cells/store_state.html",
        verbose_name=_("State"),
        orderable=False,
        empty_values=(),
        attrs=on_card("end"),
    )

    class Meta:
        template_name = "tables/table.html"
        order_by_field = "sort"
        per_page = 50
