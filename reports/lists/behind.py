"""The tables of reports: rows on the desk, cards on a phone."""

from collections.abc import Callable
from datetime import datetime

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.time_left import TimeLeft
from followups.queries import Standing
from followups.timeleft import time_left


def on_card(place: str, css: str = "") -> dict[str, dict[str, str]]:
    """A cell that stands at `place` of the card which a row is on a phone."""
    return {"td": {"data-card": place, "class": css}, "th": {"class": css}}


class BehindTable(tables.Table):
    """One person a row; each figure opens the rows it counts. Wants `now` and `rows_url`."""

    name = tables.Column(
        accessor="person__name", verbose_name=_("Name"), attrs=on_card("name"), orderable=False
    )
    store = tables.Column(
        accessor="person__store", verbose_name=_("Store"), default="", attrs=on_card("line")
    )
    overdue = tables.Column(verbose_name=_("Overdue"), attrs=on_card("end", "num"))
    due = tables.Column(verbose_name=_("On the list"), attrs=on_card("under", "num"))
    oldest = tables.Column(
        accessor="oldest_due_at", verbose_name=_("Oldest"), attrs=on_card("more"), default=""
    )

    class Meta:
        template_name = "tables/table.html"
        orderable = False

    def __init__(self, rows, *, now: datetime, rows_url: Callable[..., str], **options) -> None:
        self.now, self.rows_url = now, rows_url
        super().__init__(rows, **options)

    def _rows_of(self, record: Standing, **asked: str) -> str:
        return self.rows_url(person=str(record.person.pk), **asked)

    def render_name(self, record: Standing) -> SafeString:
        return format_html(
            '<a class="fig" href="{}">{}</a>', self._rows_of(record), record.person.name
        )

    def render_due(self, record: Standing, value: int) -> SafeString | int:
        if not value:
            return value
        return format_html('<a class="fig" href="{}">{}</a>', self._rows_of(record), value)

    def render_overdue(self, record: Standing, value: int) -> SafeString | int:
        if not value:
            return value
        url = self._rows_of(record, show="overdue")
        return format_html('<a class="fig is-late" href="{}"><b>{}</b></a>', url, value)

    def render_oldest(self, record: Standing, value: datetime) -> str:
        left: TimeLeft = time_left(
            due_at=value,
            is_timed=False,
            has_hour_limit=False,
            now=self.now,
            zone=record.person.store.tzinfo
            if record.person.store
            else timezone.get_default_timezone(),
        )
        return render_to_string("components/time_left.html", {"due": left})
