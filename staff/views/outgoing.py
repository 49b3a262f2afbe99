"""What leaves the building, for operations: messages, group robots, and a copy's silence."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.refusals import Refused
from staff.access import only
from staff.forms import KeyedForm
from staff.models import Outgoing, Robot
from staff.notice_forms import NewRobotForm, StandingRobotForm
from staff.notice_pages import outgoing_page, robots_with_last
from staff.requests import Request
from staff.scope import OUTGOING_ROLES, serving_stores
from staff.services import robots as services
from staff.services.installations import confirm_installation
from staff.services.outgoing import send_again
from staff.states import OutgoingState

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@only(OUTGOING_ROLES)
@require_GET
def outgoing(request: Request) -> HttpResponse:
    """The messages, newest first, all or those of one state."""
    state = request.GET.get("state", "")
    if state and state not in OutgoingState.values:
        raise Http404
    page = outgoing_page(state=state, before=request.GET.get("before", ""))
    context = {"page": page, "state": state, "states": OutgoingState.choices}
    return TemplateResponse(request, "staff/outgoing.html", context)


@only(OUTGOING_ROLES)
@require_POST
def outgoing_again(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Outgoing, pk=pk)
    _do(request, _("It is sent within a minute."), send_again, row=row)
    return redirect("staff:outgoing")


@only(OUTGOING_ROLES)
@require_POST
def installation_confirm(request: Request) -> HttpResponse:
    """Say that this is the real installation and no copy."""
    _do(request, _("From now on messages leave this installation."), confirm_installation)
    return redirect("staff:outgoing")


def _do(request: Request, sentence: str, act: Any, **told: object) -> None:
    """Do an act and say so, or say why not."""
    try:
        act(**told, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)


@only(OUTGOING_ROLES)
@GET_OR_POST
def robots(request: Request) -> HttpResponse:
    """All robots, and a new one."""
    form = NewRobotForm(request.POST if request.method == "POST" else None, stores=_stores(request))
    if form.is_valid():
        try:
            robot = services.add_robot(**form.cleaned_data, by=request.user, now=timezone.now())
        except services.RobotNotSaved as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(
                request,
                _("The robot is added. Have it say something now; its first digest is tomorrow's."),
            )
            return redirect("staff:robot", pk=robot.pk)
    context = {"robots": robots_with_last(), "form": form}
    return TemplateResponse(request, "staff/robots.html", context)


def _stores(request: Request):
    return serving_stores(request.reach).order_by("code", "pk")


@only(OUTGOING_ROLES)
@GET_OR_POST
def robot(request: Request, pk: int) -> HttpResponse:
    """One robot: changed, tried, taken out of use."""
    row = get_object_or_404(Robot.objects.select_related("store", "set_by"), pk=pk)
    form = StandingRobotForm(
        request.POST if request.method == "POST" else None,
        stores=_stores(request),
        initial={
            "name": row.name,
            "store": row.store,
            "digest_at": row.digest_at,
            "is_active": row.is_active,
        },
    )
    if form.is_valid():
        try:
            services.change_robot(
                robot=row, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except services.RobotNotSaved as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:robots")
    if request.htmx:
        said = {"page": outgoing_page(robot=row)}
        return TemplateResponse(request, "staff/robot.html#said", said)
    context = {
        "robot": row,
        "form": form,
        "try_form": KeyedForm(),
        "page": outgoing_page(robot=row),
    }
    return TemplateResponse(request, "staff/robot.html", context)


@only(OUTGOING_ROLES)
@require_POST
def robot_try(request: Request, pk: int) -> HttpResponse:
    """Have a robot say that it works; a double tap says it once."""
    row = get_object_or_404(Robot, pk=pk)
    form = KeyedForm(request.POST)
    if form.is_valid():
        said = _("It is sent within a minute; below stands what became of it.")
        _do(request, said, services.try_robot, robot=row, key=form.cleaned_data["key"])
    return redirect("staff:robot", pk=pk)
