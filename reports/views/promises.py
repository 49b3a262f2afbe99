"""The page of promised deliveries: the rows of `report promises`, and what is late."""

from collections.abc import Sequence
from itertools import islice

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.days import date_text
from orders.states import DelayCause
from reports.figures import promises as report
from reports.figures.groupings import in_order
from reports.views.grouped import (
    COUNT,
    GROUPS,
    MOST_LISTED,
    NUMBER,
    RATIO,
    Asked,
    Cell,
    Figures,
    Head,
    Listed,
    Row,
    asked_of,
    group_name,
    page,
    stat,
    take_out,
)
from staff.access import only
from staff.requests import Request
from staff.scope import ORDER_EXPORTING_ROLES

VIEW = "reports:promises"


@only(ORDER_EXPORTING_ROLES)
@require_safe
def promises(request: Request) -> HttpResponse:
    """How many deliveries came on the promised day, how late the others were, and why."""
    asked = asked_of(request, by=report.BY)
    return page(request, asked, _figures(asked), view=VIEW)


@only(ORDER_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def promises_sheet(request: Request) -> HttpResponse:
    """The same rows as a file."""
    asked = asked_of(request, by=report.BY)
    return take_out(request, asked, _figures(asked), view=VIEW)


def _heads(asked: Asked) -> list[Head]:
    return [
        Head(text=str(GROUPS[asked.by]), card="name"),
        Head(text=pgettext("promises", "Due"), kind=COUNT, card="line",
             label=pgettext("promises", "due")),
        Head(text=pgettext("promises", "Kept"), kind=COUNT),
        Head(text=pgettext("promises", "Late"), kind=COUNT, card="under",
             label=pgettext("promises", "late")),
        Head(text=_("Not delivered yet"), kind=COUNT),
        Head(text=_("Days late"), kind=COUNT),
        Head(text=_("Days late on average"), kind=NUMBER),
        Head(text=pgettext("promises", "Rate"), kind=RATIO, card="end"),
    ]  # fmt: skip


def _row(heads: list[Head], name: str, told: report.Figures) -> Row:
    values = (name, told.due, told.kept, told.late, told.undelivered, told.late_days,
              told.mean_late_days, told.rate)  # fmt: skip
    return [
        Cell(head=head, value=value, tone="late" if head is heads[3] and told.late else "")
        for head, value in zip(heads, values, strict=True)
    ]


def _figures(asked: Asked) -> Figures:
    orders = report.promised_between(asked.orders, begins=asked.begins, ends=asked.ends)
    listed = report.promises_of(orders, by=[asked.by], today=asked.today)
    found = report.figures_by(listed, by=[asked.by])
    summed = report.figures_by(listed, by=[]).get((), report.Figures())
    heads = _heads(asked)
    largest = {key: told.late for key, told in found.items()}
    total = _row(heads, _("Sum"), summed)
    ahead = ngettext(
        "%(count)s more is promised for a day that is not over.",
        "%(count)s more are promised for days that are not over.",
        summed.ahead,
    ) % {"count": summed.ahead}
    return Figures(
        title=pgettext("report", "Promises"),
        lead=asked.days,
        heads=heads,
        stats=_stats(total),
        rows=[
            _row(heads, group_name(asked.by, key[0], today=asked.today), found[key])
            for key in in_order(list(found), [asked.by], largest=largest)
        ],
        total=total,
        hints=[ahead] if summed.ahead else [],
        empty_title=_("Nothing was promised for these days"),
        empty_text=_("A delivery counts once a day is promised for it. Choose other days."),
        listed_title=_("Late deliveries"),
        listed=_late(listed, asked),
        listed_count=summed.late,
    )


def _stats(total: Row) -> list[dict[str, object]]:
    _name, due, kept, late, undelivered, _days, mean, rate = total
    return [
        stat(rate.head.text, rate, formula=_("kept / due")),
        stat(due.head.text, due, formula=_(
            "deliveries promised for these days whose day is over, or that were made before it")),
        stat(kept.head.text, kept, formula=_(
            "all of the order delivered on the promised day or before; moving the planned day does"
            " not move the promised one")),
        stat(late.head.text, late, tone=late.tone, formula=_("due and not kept")),
        stat(undelivered.head.text, undelivered, formula=_("of the late ones")),
        stat(mean.head.text, mean, formula=_(
            "calendar days past the promised one, of the late ones; until today where it is not"
            " delivered")),
    ]  # fmt: skip


def _late(listed: Sequence[report.Promise], asked: Asked) -> list[Listed]:
    """The promises that were not kept, the latest first: as many as the page draws."""
    found = []
    for each in islice((each for each in listed if each.late), MOST_LISTED):
        row, today = each.row, asked.today
        delivered = row["handed_on"]
        told = [
            _("promised for %(day)s") % {"day": date_text(row["promised_on"], today=today)},
            _("delivered on %(day)s") % {"day": date_text(delivered, today=today)}
            if delivered
            else _("not delivered yet"),
            row["person_name"],
        ]
        if row["cause"]:
            told.append(str(DelayCause(row["cause"]).label))
        late = ngettext("%(count)s day late", "%(count)s days late", each.late or 0)
        found.append(
            Listed(
                name=row["number"],
                url=reverse("orders:order", args=[row["pk"]]),
                text=" · ".join(told),
                end=late % {"count": each.late},
                tone="" if delivered else "late",
            )
        )
    return found
