"""One opportunity: its page, opening and changing it, its ticks, its moves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import show_refusal
from core.refusals import Refused
from core.services.sent import arrived
from customers.forms.opportunities import (
    ChangeOpportunityForm,
    MoveForm,
    NewOpportunityForm,
    OpportunityForm,
    TicksForm,
    ticks_of,
)
from customers.models import Opportunity, Stage
from customers.queries.opportunities import (
    opportunities_in_reach,
    reasons_of_moves,
    stages_for,
    with_all_of_it,
    with_history_needed,
)
from customers.rules.opportunities import Ticks, stop_is_proposed
from customers.services import opportunities as services
from customers.services.opportunities import OpportunityNotChanged
from customers.showing import opportunities as showing
from customers.states import StageKind
from customers.views.board import open_columns, scope_of, shown_card, stats_of
from customers.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, SERVING_ROLES


def get_opportunity_for(request: Request, pk: int) -> Opportunity:
    """The opportunity `pk` with its customer, stage and keeper; a stranger's is a 404."""
    rows = opportunities_in_reach(request.reach).select_related(
        "customer__store", "customer__owner", "stage", "owner", "brand"
    )
    return get_object_or_404(rows, pk=pk)


def _stages_of(stage_set: int) -> QuerySet[Stage]:
    stages = with_history_needed(
        Stage.objects.filter(stage_set=stage_set), today=timezone.localdate()
    )
    return stages.order_by("position")


@only(CUSTOMER_ROLES)
@require_safe
def opportunity(request: Request, pk: int) -> HttpResponse:
    """What may be bought, how far it is, who decides, and what happened."""
    rows = with_all_of_it(opportunities_in_reach(request.reach))
    found = get_object_or_404(rows, pk=pk)
    stages = list(_stages_of(found.stage.stage_set_id))
    is_open = found.state == StageKind.OPEN
    may_change = request.reach.may_serve
    context = {
        "shown": showing.page_of(found, stages, now=timezone.now()),
        "path": showing.path_of(found, stages),
        "facts": showing.facts_of(found, today=timezone.localdate()),
        "moves": showing.moves_of(found, reasons_of_moves(found), now=timezone.now()),
        "key_people": showing.key_people_of(found),
        "appointments": showing.appointments_of(found, now=timezone.now()),
        "ticks": TicksForm(None, standing=found),
        "is_stop_proposed": is_open and stop_is_proposed(Ticks(**_conditions(found))),
        "is_open": is_open,
        "may_change": may_change,
        "may_reopen": may_change
        and services.may_reopen(found, request.user, acts_for=request.reach.acts_for),
        "goals": _goals(found, stages) if may_change else {},
        "links": _links(found) if may_change else {"add_person": "", "add_appointment": ""},
    }
    return TemplateResponse(request, "customers/opportunity.html", context)


def _conditions(found: Opportunity) -> dict[str, bool]:
    names = ("problem", "budget", "time_frame", "decision_process")
    return dict(zip(names, ticks_of(found), strict=True))


def _links(found: Opportunity) -> dict[str, str]:
    """Where people and appointments are added."""
    book = reverse("followups:book_appointment", args=[found.customer_id])
    return {
        "add_person": reverse("followups:add_key_person", args=[found.customer_id]),
        "add_appointment": f"{book}?opportunity={found.pk}",
    }


def _goals(found: Opportunity, stages: list[Stage]) -> dict[str, object]:
    """Where the acts of the page lead: the stage after this one, the won and the lost one."""
    later = (stage for stage in stages if stage.position > found.stage.position)
    ahead = next((stage for stage in later if stage.kind != StageKind.LOST), found.stage)
    by_kind = {stage.kind: stage.pk for stage in stages}
    first = next(stage.pk for stage in stages if stage.kind == StageKind.OPEN)
    return {
        "seen": found.stage_id,
        "next": ahead.pk,
        "next_name": ahead.name,
        "is_won_next": ahead.kind == StageKind.WON,
        "won": by_kind[StageKind.WON],
        "lost": by_kind[StageKind.LOST],
        "first": first,
    }


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def open_opportunity(request: Request, pk: int) -> HttpResponse:
    """Open an opportunity for the customer `pk`."""
    customer = get_customer_for(request, pk)
    stages = Stage.objects.filter(
        stage_set__trades__contains=[customer.store.trade], kind=StageKind.OPEN
    )
    form = NewOpportunityForm(
        request.POST or None,
        customer=customer,
        stages=stages.order_by("position"),
        initial={"product": "", "expected_on": customer.expected_on},
    )
    if form.is_valid():
        try:
            made = services.open_opportunity(
                customer=customer,
                stage=form.cleaned_data["stage"],
                key=form.cleaned_data["key"],
                new_project=form.new_project_name,
                by=request.user,
                now=timezone.now(),
                **form.values(),
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            answer = redirect("customers:opportunity", pk=made.pk)
            return arrived(answer, f"opportunity:{customer.pk}")
    return _form_page(
        request,
        form,
        title=_("New opportunity"),
        name=customer.shown_name,
        submit_label=_("Open the opportunity"),
        draft=f"opportunity:{customer.pk}",
        back_url=reverse("desk:customer", args=[pk]) + "?tab=opportunities",
    )


def _form_page(request: Request, form: OpportunityForm, **words: str) -> HttpResponse:
    return TemplateResponse(request, "customers/opportunity_form.html", {"form": form, **words})


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_opportunity(request: Request, pk: int) -> HttpResponse:
    """Write on an opportunity; what somebody else wrote meanwhile is not written over."""
    found = get_opportunity_for(request, pk)
    form = ChangeOpportunityForm(request.POST or None, standing=found)
    page = reverse("customers:opportunity", args=[pk])
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            services.change_opportunity(
                opportunity=found,
                seen=seen,
                values=form.values(),
                new_project=form.new_project_name,
                by=request.user,
                now=timezone.now(),
            )
        except OpportunityNotChanged as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
            form.see_anew()
        else:
            return arrived(redirect(page), f"opportunity:{pk}:change")
    return _form_page(
        request,
        form,
        title=_("Change the opportunity"),
        name=found.customer.shown_name,
        submit_label=_("Save the opportunity"),
        draft=f"opportunity:{pk}:change",
        back_url=page,
    )


@only(SERVING_ROLES)
@require_POST
def tick(request: Request, pk: int) -> HttpResponse:
    """Save the four ticks; whether to stop is only proposed (FUP-29)."""
    found = get_opportunity_for(request, pk)
    form = TicksForm(request.POST, standing=found)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            services.change_opportunity(
                opportunity=found,
                seen=values.pop("seen"),
                values=values,
                by=request.user,
                now=timezone.now(),
            )
        except OpportunityNotChanged as refusal:
            messages.error(request, str(refusal))
    return redirect(reverse("customers:opportunity", args=[pk]) + "#conditions")


@only(CUSTOMER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def move_opportunity(request: Request, pk: int) -> HttpResponse:
    """Move it to another stage: a tap, a drag, or this page, which asks what the move needs."""
    found = get_opportunity_for(request, pk)
    if not request.reach.may_serve:
        raise PermissionDenied
    if request.method == "POST":
        return _move(request, found)
    stages = Stage.objects.filter(stage_set=found.stage.stage_set_id)
    to = request.GET.get("to", "")
    goal = stages.filter(pk=int(to)).first() if to.isdecimal() and len(to) < 10 else None
    return _move_page(request, found, MoveForm(None, standing=found, to=goal), goal)


def _move_page(
    request: Request, found: Opportunity, form: MoveForm, goal: Stage | None
) -> HttpResponse:
    is_open = found.state == StageKind.OPEN
    context = {
        "form": form,
        "name": found.customer.shown_name,
        "what": showing.what_of(found),
        "grade": found.customer.grade,
        "stage": found.stage.name,
        "is_lost": bool(goal and goal.kind == StageKind.LOST),
        "is_reopened": not is_open,
        "goal": goal.name if goal else "",
        "back_url": reverse("customers:opportunity", args=[found.pk]),
    }
    return TemplateResponse(request, "customers/opportunity_move.html", context)


def _move(request: Request, found: Opportunity) -> HttpResponse:
    wants_json = "application/json" in request.headers.get("Accept", "")
    form = MoveForm(request.POST, standing=found)
    if not form.is_valid():
        if wants_json:
            return JsonResponse({"said": _("Choose the stage.")}, status=422)
        return _move_page(request, found, form, None)
    said = form.cleaned_data
    try:
        moved = services.move_stage(
            opportunity=found,
            by=request.user,
            now=timezone.now(),
            acts_for=request.reach.acts_for,
            **said,
        )
    except OpportunityNotChanged as refusal:
        found.refresh_from_db()
        if wants_json:
            return _board_answer(request, found, said=str(refusal), status=409)
        show_refusal(form, refusal, form.fields_of_codes)
        return _move_page(request, found, form, said["to"])
    words = _("Moved to “%(stage)s”.") % {"stage": moved.stage.name}
    if wants_json:
        return _board_answer(request, moved, said=words, status=200)
    return redirect("customers:opportunity", pk=found.pk)


def _board_answer(request: Request, found: Opportunity, *, said: str, status: int) -> HttpResponse:
    """Where the card stands now, and the figures of all columns."""
    stages = [
        stage
        for stage in stages_for(request.reach, today=timezone.localdate())
        if stage.stage_set_id == found.stage.stage_set_id
    ]
    scope, now = scope_of(request, request.POST.get("scope")), timezone.now()
    heads = {}
    columns = open_columns(request, stages, scope=scope, most=1)
    for column in columns:
        head = showing.head_of(column, scope=scope, now=now)
        heads[head.pk] = render_to_string("customers/board.html#head", {"head": head})
    stats = {"stats": stats_of(columns, scope)}
    card = {"card": shown_card(request, found), "may_move": request.reach.may_serve}
    return JsonResponse(
        {
            "said": said,
            "stage": found.stage_id,
            "card": render_to_string("customers/board.html#card", card),
            "heads": heads,
            "stats": render_to_string("customers/board.html#figures", stats),
        },
        status=status,
    )
