"""The order ledger (订单管理台帐): its page, its sums, and its file (ORD-09 to ORD-13)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import cast

from django.core.exceptions import BadRequest
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.amounts import money_text
from core.listing import OpenList
from core.listing.export import (
    FileKind,
    Mark,
    job_params,
)
from core.models import Job
from core.services import jobs
from core.services.saved_filters import Kept, kept_of, narrowing_of
from core.views import exported_file
from orders.lists.ledger import LEDGER
from orders.lists.ledger_sheets import ledger_file, months_of, open_ledger
from orders.queries.ledger import (
    COUNTED,
    UNWRITTEN,
    LedgerLine,
    LedgerOrder,
    lines_of,
    sums_of_days,
    totals,
)
from orders.queries.rights import may_read
from orders.showing.ledger import DayShown, chips, counts_of, days_of, left_out_text, orders_text
from orders.views.fetching import refuse_unless
from staff.access import only, signed_in
from staff.requests import Request
from staff.scope import ORDER_EXPORTING_ROLES, ORDERING_ROLES, RELEASING_ROLES, Reach
from staff.views.exporting import as_file, export_page

# More rows than this take longer than a person should wait for a page.
MOST_AT_ONCE = 300
EXPORT_LEDGER = "orders.tasks.export_ledger"
SUMS = "sums"
EVERY_DAY = ("seller", "store", "since", "until", "pay")


def opened(request: Request) -> OpenList:
    """The ledger as the address asks for it."""
    remembered = request.COOKIES.get(LEDGER.cookie(request), "").split(".")
    return open_ledger(
        asked=request.GET,
        reader=request.user,
        reach=request.reach,
        now=timezone.now(),
        remembered=tuple(remembered),
    )


@signed_in
@require_safe
def ledger(request: Request) -> HttpResponse:
    """The orders within reach by day, with each day's sum and its month to date."""
    refuse_unless(may_read(request.reach))
    found = opened(request)
    if found.asked.get("part") == SUMS and request.headers.get("HX-Request"):
        return TemplateResponse(request, "orders/ledger_sums.html", _sums(found))
    kept = kept_of(request.user, list_name=LEDGER.name)
    may_export = request.reach.has_role(ORDER_EXPORTING_ROLES)
    context = {
        "scopes": _scopes(request, found),
        **_fields(found),
        "days": _days(found),
        "columns": len(found.headings),
        "shows_lines": _shows_lines(found),
        "lines_url": _address(found, lines=None if _shows_lines(found) else "yes"),
        "own_url": _own_url(request.reach),
        "export_url": reverse("orders:export") + found.first_url if may_export else "",
        "sums_url": found.address(part=SUMS, after=None, before=None),
        "chips": chips(found.asked.get("colour", ""), address=_to(found)),
        "sums": None,
        "kept_filters": _kept_filters(kept, found),
        "keep_url": reverse("desk:keep_filter", args=[LEDGER.name]),
        "narrowing": narrowing_of(found.asked),
        "column_sets": _column_sets(kept, found),
        "keep_columns_url": reverse("desk:keep_columns", args=[LEDGER.name]),
    }
    if found.asked.get("part") == SUMS:
        context |= _sums(found)
    return LEDGER.answer(request, found, "orders/ledger.html", context)


def _to(found: OpenList) -> Callable[..., str]:
    """Addresses of the first page of this list with something changed."""

    def address(**asked: str | None) -> str:
        return found.address(after=None, before=None, **asked)

    return address


def _address(found: OpenList, **asked: str | None) -> str:
    return _to(found)(**asked)


def _own_url(reach: Reach) -> str:
    """Where one's own open orders are looked through, or whose look is open."""
    if reach.has_role(ORDERING_ROLES):
        return reverse("orders:own")
    return reverse("orders:own_people") if reach.has_role(RELEASING_ROLES) else ""


def _shows_lines(found: OpenList) -> bool:
    return found.asked.get("lines") == "yes"


def _scopes(request: Request, found: OpenList) -> list[dict[str, object]]:
    scopes = found.filters.scopes
    current = request.GET.get("scope") or (scopes or [("", "")])[0][0]
    return [
        {"label": label, "url": _address(found, scope=value), "is_current": value == current}
        for value, label in scopes
    ]


def _fields(found: OpenList) -> dict[str, object]:
    """The filters of every day, and those that are folded away until they are wanted."""
    shown = [field for field in found.filter_form if not field.is_hidden and field.name != "q"]
    more = [field for field in shown if field.name not in EVERY_DAY]
    return {
        "filters_first": [field for field in shown if field.name in EVERY_DAY],
        "filters_more": more,
        "more_chosen": sum(bool(found.asked.get(field.name)) for field in more),
    }


def _days(found: OpenList) -> list[DayShown]:
    """The rows of this page under the heads of their days."""
    rows = cast(Sequence[LedgerOrder], found.page.rows)
    lines: dict[int, list[LedgerLine]] = defaultdict(list)
    if _shows_lines(found):
        for line in lines_of([row.pk for row in rows]):
            lines[line.order_id].append(line)
    is_by_day = found.order.key.name == "day"
    sums = sums_of_days(months_of(found), (row.ordered_on for row in rows)) if is_by_day else {}
    return days_of(
        rows,
        found.table.drawn_rows(),
        sums=sums,
        lines=lines,
        address=_to(found),
        today=found.filters.today,
    )


def _sums(found: OpenList) -> dict[str, object]:
    """The true sums of the narrowed list, and how many there are of each colour: a part of the
    page that comes after its rows.
    """
    sums = found.found.order_by().aggregate(
        unwritten=Count("pk", filter=UNWRITTEN),
        cancelled=Count("pk", filter=~COUNTED),
        **totals(),
    )
    base = found.filters.any_colour
    counts = counts_of(found.found if base is None else base, today=found.filters.today)
    return {
        "sums": {
            "orders": orders_text(sums["sum_orders"]),
            "amount": money_text(sums["sum_amount"]),
            "paid": money_text(sums["sum_paid"]),
            "balance": money_text(sums["sum_balance"]),
            "note": left_out_text(sums["unwritten"], cancelled=sums["cancelled"]),
        },
        "sums_url": "",
        "chips": chips(found.asked.get("colour", ""), address=_to(found), counts=counts),
    }


def _kept_filters(kept: Kept, found: OpenList) -> list[dict[str, object]]:
    """The narrowings this person keeps, the present one marked."""
    present = narrowing_of(found.asked)
    return [
        {
            "pk": each.pk,
            "name": each.name,
            "url": f"?{each.query}",
            "is_current": each.query == present,
        }
        for each in kept.narrowings
    ]


def _column_sets(kept: Kept, found: OpenList) -> list[dict[str, object]]:
    """The sets of columns this person keeps; each shows this very list in its columns."""
    sets = []
    for each in kept.column_sets:
        columns = QueryDict(each.query).getlist("cols")
        asked = found.asked.copy()
        asked.pop("part", None)
        asked.setlist("cols", columns)
        is_current = LEDGER.table.chosen(columns) == tuple(found.shown)
        sets.append({"pk": each.pk, "name": each.name, "url": f"?{asked.urlencode()}",
                     "is_current": is_current})  # fmt: skip
    return sets


@only(ORDER_EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def export(request: Request) -> HttpResponse:
    """Exactly the ledger of the address as a file: the same rows, the same columns."""
    found = opened(request)
    if not found.filters.is_valid():
        raise BadRequest

    def answer(kind: FileKind, mark: Mark) -> HttpResponse:
        if found.total > MOST_AT_ONCE:
            return redirect("core:job", pk=_queue(request, found, kind, mark).pk)
        return as_file(found, ledger_file(found, kind=kind, mark=mark), kind, mark)

    back_url = reverse("orders:ledger") + found.first_url
    return export_page(request, found, back_url=back_url, answer=answer)


def _queue(request: Request, found: OpenList, kind: FileKind, mark: Mark) -> Job:
    page = {
        "title": gettext_noop("Export of the order ledger"),
        "result": "orders:exported",
        "result_label": gettext_noop("Download"),
        "back": "orders:ledger",
    }
    params = job_params(found, kind=kind, mark=mark, page=page)
    return jobs.ask(kind=EXPORT_LEDGER, by=request.user, params=params)


@only(ORDER_EXPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def exported(request: Request, pk: int) -> HttpResponse:
    """One's own exported file: fetched once, within a day, while one may still export."""
    return exported_file(request, pk, kind=EXPORT_LEDGER, back_url=reverse("orders:ledger"))
