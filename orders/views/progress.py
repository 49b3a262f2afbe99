"""Acts on the goods and the days of an order: small pages, each with one form."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from core.days import date_text
from core.phones import mask_in_text
from orders.forms import progress as forms
from orders.models import OrderLine
from orders.rules import moves
from orders.services.allocating import ALLOCATED_WHEN, allocate_lines
from orders.services.dates import change_arrival, change_wish, plan_delivery
from orders.services.holding import hold_order
from orders.services.moving import move_lines, take_step_back
from orders.states import DelayCause, LineState
from orders.views.acting import as_seen
from orders.views.fetching import closed_words, order_to_move, part_to_move
from orders.views.goods_acts import GoodsAct, goods_act, page_of
from staff.access import signed_in
from staff.requests import Request


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _chosen(request: Request, among: Sequence[OrderLine]) -> list[str]:
    """What is ticked at first: the line that the address names, or the only one there is."""
    asked = request.GET.get("line", "")
    ids = [str(line.pk) for line in among]
    return [asked] if asked in ids else ids if len(ids) == 1 else []


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def allocate(request: Request, pk: int) -> HttpResponse:
    """Say where the goods of lines come from (ORD-03)."""
    order = order_to_move(request, pk)

    def form_of(data: QueryDict | None = None) -> forms.AllocateForm:
        rows = OrderLine.objects.filter(order=order, state__in=ALLOCATED_WHEN)
        among = list(rows.order_by("position"))
        first = among[0] if len(among) == 1 else None
        return forms.AllocateForm(
            data,
            among=among,
            initial={
                "lines": [str(line.pk) for line in among if line.state == LineState.OPEN],
                "supply": first.supply if first else "",
                "po_no": first.po_no if first else "",
                "arrives_on": first.arrives_on if first else None,
            },
        )

    form = form_of(_sent(request))
    among = form.among
    act = GoodsAct(
        title=_("Allocate"),
        button=_("Allocate") if among else "",
        back_url=page_of(order),
        at=order.number,
        hint=_("A floor sample makes two tasks: find a substitute, take it off the floor."),
        warning="" if among else closed_words(order) or _("There is nothing to allocate."),
    )
    fields: dict[str, str] = {"arrival_stands": "arrives_on", "arrival_over": "arrives_on"}
    do = as_seen(
        form,
        partial(allocate_lines, order=order, by=request.user),
        hold=partial(hold_order, order),
        anew=form_of,
    )
    return goods_act(request, act, form, do, said=_("Allocated."), fields=fields)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Say how far goods are: one line or several (ORD-04 … ORD-06)."""
    order = order_to_move(request, pk)
    lines = OrderLine.objects.filter(order=order).order_by("position")
    among = [line for line in lines if moves.next_steps(line.state, supply=line.supply)]
    form = forms.MoveForm(
        _sent(request),
        among=among,
        initial={"lines": _chosen(request, among), "on": order.store.today(timezone.now())},
    )
    act = GoodsAct(
        title=_("Goods moved along"),
        button=_("Note it") if among else "",
        back_url=page_of(order),
        at=order.number,
        warning="" if among else closed_words(order) or _("No goods wait for a next step."),
    )
    fields: dict[str, str] = {
        "po_missing": "po_no", "in_future": "on", "before_order": "on", "moved_meanwhile": "to",
    }  # fmt: skip
    do = partial(move_lines, order=order, by=request.user)
    return goods_act(request, act, form, do, said=_("Noted."), fields=fields)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step_back(request: Request, pk: int) -> HttpResponse:
    """Take back a step that was said by mistake."""
    line = part_to_move(request, OrderLine.objects.all(), pk)
    act = GoodsAct(
        title=_("Take a step back"),
        button=_("Take back"),
        back_url=page_of(line.order),
        at=line.order.number,
        facts=[(mask_in_text(line.product), line.get_state_display())],
        hint=_("The goods are then where they were before. The reason stays in the history."),
    )
    form = forms.StepBackForm(_sent(request), initial={"seen": line.state})
    do = partial(take_step_back, line=line, by=request.user)
    return goods_act(
        request, act, form, do, said=_("Taken back."), fields={"reason_missing": "reason"}
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def arrival(request: Request, pk: int) -> HttpResponse:
    """The goods of a line are expected on another day; the customer is told of a delay (ORD-04)."""
    line = part_to_move(request, OrderLine.objects.all(), pk)
    order, today = line.order, line.order.store.today(timezone.now())

    def form_of(data: QueryDict | None = None) -> forms.ArrivalForm:
        line.refresh_from_db(fields=["arrives_on"])
        known = {"on": line.arrives_on, "cause": DelayCause.SUPPLIER}
        return forms.ArrivalForm(data, order=order, initial=known)

    form = form_of(_sent(request))
    days = [
        (pgettext("goods", "Expected"), line.arrives_on),
        (pgettext("day", "Planned"), order.current_on),
        (_("Promised"), order.promised_on),
    ]
    act = GoodsAct(
        title=_("Arrival changed"),
        button=_("Change the day"),
        back_url=page_of(order),
        at=order.number,
        facts=[
            (_("Goods"), mask_in_text(line.product)),
            *((label, date_text(day, today=today)) for label, day in days if day),
        ],
        hint=_("The promised day stays. Whoever cares for the customer tells them of a delay."),
    )
    do = as_seen(
        form,
        partial(change_arrival, line=line, by=request.user),
        hold=partial(hold_order, order),
        anew=form_of,
    )
    return goods_act(request, act, form, do, said=_("Changed."), fields={"day_is_over": "on"})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request, pk: int) -> HttpResponse:
    """Plan the delivery, or move it with its cause (ORD-13, ORD-35)."""
    order = order_to_move(request, pk)

    def form_of(data: QueryDict | None = None) -> forms.PlanForm:
        names = ("time_window", "crew", "preparation")
        order.refresh_from_db(fields=["current_on", "wished_on", *names])
        known = {name: getattr(order, name) for name in names}
        known["on"] = request.GET.get("on") or order.current_on or order.wished_on
        form = forms.PlanForm(data, order=order, initial=known)
        form.kept = {"on": order.current_on}
        return form

    form = form_of(_sent(request))
    act = GoodsAct(
        title=_("Plan the delivery"),
        button=_("Plan it"),
        back_url=page_of(order),
        at=order.number,
        hint=_("The promised day stays. A week before the planned one all has to be paid."),
    )
    do = as_seen(
        form,
        partial(plan_delivery, order=order, by=request.user),
        hold=partial(hold_order, order),
        anew=form_of,
    )
    fields: dict[str, str] = {"day_is_over": "on", "cause_missing": "cause"}
    return goods_act(request, act, form, do, said=_("Planned."), fields=fields)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: Request, pk: int) -> HttpResponse:
    """The customer wishes another day."""
    order = order_to_move(request, pk)

    def form_of(data: QueryDict | None = None) -> forms.WishForm:
        order.refresh_from_db(fields=["wished_on"])
        return forms.WishForm(data, initial={"on": order.wished_on, "cause": DelayCause.CUSTOMER})

    form = form_of(_sent(request))
    act = GoodsAct(
        title=_("Another wish"),
        button=_("Note the wish"),
        back_url=page_of(order),
        at=order.number,
        hint=_("What is planned stays as it is until you plan it anew."),
    )
    do = as_seen(
        form,
        partial(change_wish, order=order, by=request.user),
        hold=partial(hold_order, order),
        anew=form_of,
    )
    return goods_act(request, act, form, do, said=_("Noted."), fields={"day_is_over": "on"})
