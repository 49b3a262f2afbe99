"""The guests of a campaign: each figure of its page opens its people here."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.days import moment_text
from core.listing import ListFilters, ListPage, ListTable, SortKey, by_link, on_card, words
from core.phones import mask_in_text
from customers.queries import IsAmong, matching, visible
from followups.models import Invitation
from followups.queries.campaigns import GUEST, SHOWN
from followups.states import Answer, Withheld
from staff.scope import Reach

BOUGHT = "bought"
# A dash fills a cell of a table; on a phone, without the heading, it says nothing.
NOTHING = mark_safe('<span class="desk-only">–</span>')


class GuestTable(ListTable):
    """One guest a row. Wants `now`, and whether it `is_care`, which nobody answers or comes to."""

    now: datetime
    is_care: bool
    always = ("grade", "name")
    at_first = ("grade", "name", "phone", "answer", "sent", "came", "deal", "keeper", "withheld")

    grade = tables.Column(
        accessor="customer__grade", verbose_name=gettext_lazy("Grade"), attrs=on_card("lead")
    )
    name = tables.Column(
        accessor="customer__name", verbose_name=gettext_lazy("Name"), attrs=on_card("name")
    )
    phone = tables.Column(verbose_name=gettext_lazy("Phone"))
    answer = tables.Column(
        verbose_name=pgettext_lazy("guest", "Answer"), empty_values=(), attrs=on_card("end")
    )
    sent = tables.Column(
        accessor="sent_at", verbose_name=pgettext_lazy("invitation", "Sent"), empty_values=()
    )
    came = tables.Column(
        accessor="attended_at",
        verbose_name=pgettext_lazy("guests", "Came"),
        empty_values=(),
        attrs=on_card("under"),
    )
    deal = tables.Column(
        accessor="has_bought", verbose_name=pgettext_lazy("guests", "Bought"), empty_values=()
    )
    keeper = tables.Column(accessor="assignee__name", verbose_name=gettext_lazy("Asked by"))
    withheld = tables.Column(
        verbose_name=gettext_lazy("Kept off"), empty_values=(), attrs=on_card("line")
    )
    invited = tables.Column(accessor="invited_at", verbose_name=gettext_lazy("Invited"))

    def render_grade(self, record: Invitation) -> SafeString:
        return format_html(
            '<span class="grade" data-g="{0}"><span class="unseen">{1} </span>{0}</span>',
            record.customer.grade,
            _("Grade"),
        )

    def render_name(self, record: Invitation) -> SafeString:
        return format_html(
            '<a class="fig" href="{}">{}</a> <small class="mute">{}</small>',
            reverse("desk:invitation", args=[record.pk]),
            record.customer.shown_name,
            record.customer.shown_title,
        )

    def render_answer(self, record: Invitation) -> SafeString | str:
        """What they say; of care, on a phone, whether it has gone out."""
        if record.withheld:
            return NOTHING
        if self.is_care:
            is_sent = record.sent_at is not None
            yet = pgettext("invitation", "Not sent yet")
            word = pgettext("invitation", "Sent") if is_sent else yet
            return format_html('<span class="phone-only">{}</span>{}', word, NOTHING)
        return str(Answer(record.answer).label)

    def _moment(self, at: datetime | None) -> str:
        return moment_text(at, now=self.now) if at else "–"

    def render_sent(self, record: Invitation) -> str:
        return self._moment(record.sent_at)

    def render_came(self, record: Invitation) -> SafeString:
        if record.attended_at is None:
            return NOTHING
        word = pgettext("guests", "Came")
        at = self._moment(record.attended_at)
        return format_html('<span class="phone-only">{} </span>{}', word, at)

    def render_invited(self, record: Invitation) -> str:
        return self._moment(record.invited_at)

    def render_deal(self, record: Any) -> str:
        return _("yes") if record.has_bought else "–"

    def render_withheld(self, record: Invitation) -> SafeString:
        if not record.withheld:
            return NOTHING
        why = Withheld(record.withheld).label
        return format_html(
            '<span class="phone-only">{}</span><span class="desk-only">{}</span>',
            _("Kept off: %(why)s") % {"why": why}, why,
        )  # fmt: skip

    def render_keeper(self, value: str) -> str:
        return mask_in_text(value)


class GuestFilters(ListFilters):
    """What the guests are narrowed by. Wants `reach`."""

    q = words(gettext_lazy("Name, phone, address"), method="find")
    show = by_link(
        gettext_lazy("Show"), [(name, name) for name in (*SHOWN, BOUGHT)], method="shown"
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach

    def find(self, guests: QuerySet, name: str, value: str) -> QuerySet:
        found = matching(visible(self.reach), value)
        return guests.filter(IsAmong("customer", found.values("pk")))

    def shown(self, guests: QuerySet, name: str, value: str) -> QuerySet:
        if value == BOUGHT:
            return guests.filter(GUEST, has_bought=True)
        return guests.filter(SHOWN[value])


GUESTS = ListPage(
    name="guests",
    table=GuestTable,
    filters=GuestFilters,
    sorts=(SortKey(name="invited", field="invited_at", kind=datetime),),
)
