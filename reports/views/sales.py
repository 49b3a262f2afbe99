"""The page of sales: the rows of `report sales`, by consultant, store, product or week."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reports.figures import sales as report
from reports.figures.groupings import PRODUCT, Group, in_order
from reports.views.grouped import (
    COUNT,
    GROUPS,
    MONEY,
    Asked,
    Cell,
    Figures,
    Head,
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

VIEW = "reports:sales"


@only(ORDER_EXPORTING_ROLES)
@require_safe
def sales(request: Request) -> HttpResponse:
    """What was ordered on some days, by who sold it, where, what, or week by week."""
    asked = asked_of(request, by=report.BY)
    return page(request, asked, _figures(asked), view=VIEW)


@only(ORDER_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sales_sheet(request: Request) -> HttpResponse:
    """The same rows as a file."""
    asked = asked_of(request, by=report.BY)
    return take_out(request, asked, _figures(asked), view=VIEW)


def _heads(asked: Asked) -> list[Head]:
    return [
        Head(text=str(GROUPS[asked.by]), card="name"),
        Head(text=_("Orders"), kind=COUNT, card="line", label=_("orders")),
        Head(text=_("Pieces"), kind=COUNT),
        Head(text=_("Amount"), kind=MONEY, card="end"),
        Head(text=_("An order on average"), kind=MONEY, card="under", label=_("an order")),
    ]


def _row(heads: list[Head], name: str, told: report.Figures, url: str = "") -> Row:
    values = (name, told.count, told.pieces, told.known, told.average)
    return [
        Cell(head=head, value=value, url=url if head.card in ("name", "line") else "")
        for head, value in zip(heads, values, strict=True)
    ]


def _url(asked: Asked, group: Group | None = None) -> str:
    return asked.ledger(group, since="since", until="until")


def _figures(asked: Asked) -> Figures:
    orders = report.ordered_between(asked.orders, begins=asked.begins, ends=asked.ends)
    found = report.sales_of(orders, by=[asked.by])
    heads = _heads(asked)
    largest = {key: told.amount for key, told in found.by.items()}
    total = _row(heads, _("Sum"), found.total)
    rows = []
    for key in in_order(list(found.by), [asked.by], largest=largest):
        (group,) = key
        # The ledger is not narrowed by product.
        url = "" if asked.by == PRODUCT else _url(asked, group)
        name = group_name(asked.by, group, today=asked.today)
        rows.append(_row(heads, name, found.by[key], url))
    return Figures(
        title=pgettext("report", "Sales"),
        lead=asked.days,
        heads=heads,
        stats=[
            stat(_("Amount"), total[3], url=_url(asked), formula=_(
                "amounts of the orders placed on these days; cancelled ones and what came back"
                " left out")),
            stat(_("Orders"), total[1], url=_url(asked),
                 formula=_("orders placed on these days, cancelled ones left out")),
            stat(_("Pieces"), total[2], formula=_("pieces of their lines that stay")),
            stat(_("An order on average"), total[4],
                 formula=_("amount / orders that are written down")),
        ],
        rows=rows,
        total=total,
        hints=[_("An order of two products counts in both of them, and once in the sum.")]
        if asked.by == PRODUCT else [],
        empty_title=_("Nothing was ordered on these days"),
        empty_text=_("Choose other days."),
    )  # fmt: skip
