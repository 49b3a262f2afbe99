"""Lines: the parts of a form that grow, and acts on the lines of an order."""

from collections.abc import Iterable
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from core.amounts import money_text
from core.refusals import Refused
from core.searching import sought
from core.services.sent import arrived
from core.services.standing import act_as_seen
from orders.forms.lines import (
    MOST_LINES,
    PREFIX,
    LineForm,
    LineForms,
    as_shown,
    said_of,
    typed_of,
    with_numbers,
)
from orders.forms.sales import KeptOriginalForm, OriginalForm, WrittenForm
from orders.models import Order, OrderLine
from orders.queries.rights import may_write
from orders.services.holding import hold_order
from orders.services.lines import LinesNotPlaced, correct_line, is_being_written, place_lines_once
from orders.showing.stock import StockTold
from orders.views.fetching import order_to_change, refuse_unless
from staff.access import signed_in
from staff.models import Store
from staff.requests import Request
from staff.scope import Reach
from stock.models import Style
from stock.queries.prices import lowest_on
from stock.queries.styles import styles_like

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _index(text: str) -> int:
    if not text.isdecimal() or int(text) >= MOST_LINES:
        raise Http404
    return int(text)


@signed_in
@require_safe
def new_line(request: Request, index: str) -> HttpResponse:
    """One more line of a form, and the button for the next."""
    refuse_unless(may_write(request.reach))
    at = _index(index)
    has_supply = "quote" not in request.GET
    line = LineForm(prefix=f"{PREFIX}{at}", has_supply=has_supply, initial={"qty": 1})
    context = {"line": line, "next_index": at + 1, "has_supply": has_supply}
    return TemplateResponse(request, "orders/line_fields.html#one_more", context)


@signed_in
@require_POST
@never_cache
def styles(request: Request, index: str) -> HttpResponse:
    """What the style master offers for what is typed."""
    refuse_unless(may_write(request.reach))
    at = _index(index)
    typed = sought(request.POST.get(f"{PREFIX}{at}-product", ""))
    found = styles_like(typed)
    floors = lowest_on(found, timezone.localdate())
    offered = [
        {
            "name": f"{style.brand.name} {style.number}",
            "told": said_of(style, floors[style.pk]),
            "url": reverse("orders:pick_style", args=[at, style.pk]),
        }
        for style in found
    ]
    context = {"offered": offered, "prefix": f"{PREFIX}{at}"}
    return TemplateResponse(request, "orders/line_fields.html#offered", context)


@signed_in
@require_POST
@never_cache
def pick_style(request: Request, index: str, pk: int) -> HttpResponse:
    """The line again, with this style of the master."""
    refuse_unless(may_write(request.reach))
    at = _index(index)
    style = get_object_or_404(Style.objects.select_related("brand"), pk=pk)
    typed = {name: request.POST.get(name) for name in request.POST}
    initial = typed_of(typed, at) | {"product": f"{style.brand.name} {style.number}"}
    has_supply = f"{PREFIX}{at}-supply" in typed
    line = LineForm(prefix=f"{PREFIX}{at}", has_supply=has_supply, initial=initial)
    tell_stock([line], reach=request.reach, store=request.user.store)
    answer = TemplateResponse(request, "orders/line_fields.html#line", {"line": line})
    return trigger_client_event(answer, "picked", after="settle")


def tell_stock(lines: Iterable[LineForm], *, reach: Reach, store: Store | None) -> None:
    """Let each line of a form say what lies of its style; one query for all of them."""
    named = [(line, line.named) for line in lines]
    known = [style.pk for _line, style in named if style]
    told = StockTold.of(known, store=store, reach=reach, today=timezone.localdate())
    for line, style in named:
        if style is not None:
            line.stock = told.text(style.pk, spec=str(line["spec"].value() or ""))


@signed_in
@require_POST
@never_cache
def reckon(request: Request) -> HttpResponse:
    """What the lines of a form come to, as far as they can be read, and what lies of each."""
    refuse_unless(may_write(request.reach))
    lines = LineForms(request.POST, has_supply=False)
    tell_stock(lines.forms, reach=request.reach, store=request.user.store)
    context = {"total": money_text(lines.total()), "lines": lines}
    return TemplateResponse(request, "orders/line_fields.html#reckoned", context)


@signed_in
@GET_OR_POST
def add_lines(request: Request, pk: int) -> HttpResponse:
    """Write down what is ordered, or more of it."""
    order = order_to_change(request, pk)
    if not is_being_written(order) and request.method != "POST":
        raise PermissionDenied(str(LinesNotPlaced.because("confirmed")))
    if request.method != "POST" or "more" in request.POST:
        typed = request.POST if request.method == "POST" else None
        return _page(
            request,
            order,
            LineForms(typed=typed.dict() if typed is not None else None),
            _original_of(order, typed),
        )
    lines, original = LineForms(request.POST), WrittenForm(request.POST, initial=_kept_of(order))
    if lines.is_valid() and original.is_valid():
        try:
            act_as_seen(
                hold=partial(hold_order, order),
                stands=lambda: original.stands_as_seen(_original_of(order)),
                act=partial(
                    place_lines_once,
                    order=order,
                    lines=lines.lines(),
                    by=request.user,
                    key=original.cleaned_data["key"],
                    original=original.original(),
                ),
            )
        except LinesNotPlaced as refusal:
            _show(lines, original, refusal)
        except Refused as refusal:
            original.add_error(None, str(refusal))
        else:
            return arrived(redirect("orders:order", pk=pk), request.path)
    if "key" in original.errors:
        original.add_error(None, _("This form was damaged on its way. Check it and send it again."))
    return _page(request, order, lines, original)


def _show(lines: LineForms, original: OriginalForm, refusal: LinesNotPlaced) -> None:
    """Reasons at their lines; the difference from the original at its own field."""
    for sentence in lines.show_refusal(refusal):
        name = "difference_reason" if "difference_unexplained" in refusal.codes else None
        original.add_error(name, sentence)


def _original_of(order: Order, typed: QueryDict | None = None) -> WrittenForm:
    """What is kept of the customer's original, or typed already."""
    form = WrittenForm(initial=typed.dict() if typed is not None else _kept_of(order))
    form.is_typed = typed is not None
    return form


def _kept_of(order: Order) -> dict[str, object]:
    order.refresh_from_db(fields=KeptOriginalForm.stands)
    return {name: getattr(order, name) for name in KeptOriginalForm.stands}


def _line_as_kept(order: Order, pk: int) -> tuple[LineForms, KeptOriginalForm]:
    """A line of the order and the customer's original as they stand."""
    rows = OrderLine.objects.select_related("special_price__application")
    line = get_object_or_404(rows, order=order, pk=pk)
    lines = LineForms(typed=as_shown(line), blanks=0)
    return lines, _beside(lines, KeptOriginalForm(initial=_kept_of(order)))


def _beside(lines: LineForms, original: KeptOriginalForm) -> KeptOriginalForm:
    """The original beside the one line that is corrected."""
    original.parts = lines.forms[:1]
    return original


def _page(request: Request, order: Order, lines: LineForms, original: OriginalForm) -> HttpResponse:
    tell_stock(lines.forms, reach=request.reach, store=order.store)
    context = {
        "order": order,
        "title": _("What is ordered") if order.amount is None else _("Add lines"),
        "lines": lines,
        "original": original,
        "verb": _("Save the lines"),
        "is_single": False,
        "back_url": reverse("orders:order", args=[order.pk]),
    }
    return TemplateResponse(request, "orders/order_lines.html", context)


@signed_in
@GET_OR_POST
def correct(request: Request, pk: int, line_pk: int) -> HttpResponse:
    """Write one line anew before the customer has confirmed it."""
    order = order_to_change(request, pk)
    line = get_object_or_404(OrderLine, order=order, pk=line_pk)
    if request.method != "POST":
        return _correction(request, order, *_line_as_kept(order, line_pk))
    lines = LineForms(request.POST)
    original = _beside(lines, KeptOriginalForm(request.POST, initial=_kept_of(order)))
    if lines.is_valid() and original.is_valid() and lines.said:
        try:
            act_as_seen(
                hold=partial(hold_order, order),
                stands=lambda: original.stands_as_seen(_line_as_kept(order, line_pk)[1]),
                act=partial(
                    correct_line,
                    line=line,
                    said=with_numbers(lines.lines()[0], line),
                    by=request.user,
                    original=original.original(),
                ),
            )
        except LinesNotPlaced as refusal:
            _show(lines, original, refusal)
        except Refused as refusal:
            original.add_error(None, str(refusal))
        else:
            return arrived(redirect("orders:order", pk=pk), request.path)
    elif lines.is_valid() and not lines.said:
        original.add_error(None, str(LinesNotPlaced.because("no_lines")))
    return _correction(request, order, lines, original)


def _correction(
    request: Request, order: Order, lines: LineForms, original: OriginalForm
) -> HttpResponse:
    tell_stock(lines.forms, reach=request.reach, store=order.store)
    context = {
        "order": order,
        "title": _("Correct a line"),
        "lines": lines,
        "original": original,
        "verb": _("Save the line"),
        "back_url": reverse("orders:order", args=[order.pk]),
        "is_single": True,
    }
    return TemplateResponse(request, "orders/order_lines.html", context)
