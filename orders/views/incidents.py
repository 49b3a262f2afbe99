"""What goes wrong with goods: written down, mended, tied to a service case."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.phones import mask_in_text
from orders.forms.deliveries import IncidentCaseForm, IncidentForm, SolveForm
from orders.models import Incident
from orders.services.incidents import note_incident, open_case_of, solve_incident
from orders.views.fetching import order_to_move, part_to_move
from orders.views.goods_acts import GoodsAct, goods_act, page_of
from staff.access import signed_in
from staff.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, pk: int) -> HttpResponse:
    """Something is lost, damaged, wrong, short or late (ORD-36)."""
    order = order_to_move(request, pk)
    act = GoodsAct(
        title=_("Something went wrong"),
        button=_("Note it"),
        back_url=page_of(order, "incidents"),
        at=order.number,
        hint=_("Whoever cares for the customer has it on the list of today: they are told."),
    )
    form = IncidentForm(request.POST if request.method == "POST" else None, order=order)
    do = partial(note_incident, order=order, by=request.user)
    said = _("Noted. The customer is to be told today.")
    return goods_act(request, act, form, do, said=said, fields={"note_missing": "note"})


def _act(found: Incident, title: str, button: str, hint: str) -> GoodsAct:
    return GoodsAct(
        title=title,
        button=button,
        back_url=page_of(found.order, "incidents"),
        at=found.order.number,
        facts=[(found.get_kind_display(), mask_in_text(found.note))],
        hint=hint,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def solve(request: Request, pk: int) -> HttpResponse:
    """It is mended."""
    found = part_to_move(request, Incident.objects.all(), pk)
    act = _act(found, _("Mended"), _("It is mended"), "")
    form = SolveForm(request.POST if request.method == "POST" else None)
    do = partial(solve_incident, incident=found, by=request.user)
    return goods_act(request, act, form, do, said=_("Noted."), fields={"remedy_missing": "remedy"})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: Request, pk: int) -> HttpResponse:
    """Open the service case that it needs."""
    found = part_to_move(request, Incident.objects.all(), pk)
    hint = _("Whoever sees to it is told; the case's clock runs from now on.")
    act = _act(found, _("Open a service case"), _("Open the case"), hint)
    form = IncidentCaseForm(request.POST if request.method == "POST" else None)
    do = partial(open_case_of, incident=found, by=request.user)
    return goods_act(request, act, form, do, said=_("The case is open."))
