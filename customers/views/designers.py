"""Designers: the list, one designer with whom they brought, and keeping in touch."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.days import date_text, moment_text
from core.forms import show_refusal
from core.phones import mask_in_text
from core.services.sent import arrived
from core.time_left import until_day
from customers.forms.designers import DesignerContactForm, DesignerForm
from customers.lists.designers import DESIGNERS
from customers.models import Designer
from customers.queries.designers import (
    brought_by_designer,
    designers_for_list,
    visible_designers,
)
from customers.services.designers import (
    DesignerNotSaved,
    add_designer,
    change_designer,
    log_designer_contact,
)
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, ORDER_READERS, SERVING_ROLES

SHOWN = 50
AT_FIELDS = {
    "name_missing": "name",
    "number_is_known": "phone",
    "ends_before_signing": "valid_until",
    "next_day_missing": "next_on",
    "next_day_is_past": "next_on",
    "next_day_is_too_far": "next_on",
}


def get_designer_for(request: Request, pk: int) -> Designer:
    """The designer `pk` with keeper and store; a stranger's does not exist (404)."""
    rows = visible_designers(request.reach).select_related("keeper", "store")
    return get_object_or_404(rows, pk=pk)


@only(CUSTOMER_ROLES)
@require_safe
def designers(request: Request) -> HttpResponse:
    """Who brings us customers, the next to be called first."""
    today = timezone.localdate()
    found = DESIGNERS.open(
        request,
        designers_for_list(request.reach),
        filter_with={"today": today},
        draw_with={"today": today},
    )
    context = {"may_add": request.reach.may_serve}
    return DESIGNERS.answer(request, found, "customers/designers.html", context)


@only(CUSTOMER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def designer(request: Request, pk: int) -> HttpResponse:
    """One designer: the agreement, whom they brought, what was said; a contact is logged here."""
    found = get_designer_for(request, pk)
    may_write = request.reach.may_serve
    form = DesignerContactForm(request.POST or None) if may_write else None
    if form is not None and form.is_valid():
        try:
            log_designer_contact(
                designer=found, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return arrived(redirect("customers:designer", pk=pk), f"designer-{pk}")
        except DesignerNotSaved as refusal:
            show_refusal(form, refusal, AT_FIELDS)
    return TemplateResponse(request, "customers/designer.html", _page(request, found, form))


def _page(request: Request, found: Designer, form: DesignerContactForm | None) -> dict[str, object]:
    now, today = timezone.now(), timezone.localdate()
    brought = list(brought_by_designer(found, request.reach)[: SHOWN + 1])
    contacts = found.contacts.select_related("by").order_by("-at", "-pk")[:SHOWN]
    return {
        "designer": found,
        "name": mask_in_text(found.name),
        "due": until_day(found.next_on, today=today) if found.next_on else None,
        "facts": _facts(found),
        "commission_url": reverse("orders:commissions_of", args=[found.pk])
        if request.reach.has_role(ORDER_READERS)
        else "",
        "brought": [
            {
                "url": reverse("desk:customer", args=[row.pk]),
                "grade": row.grade,
                "name": mask_in_text(row.name),
                "keeper": row.owner.name if row.owner else _("nobody"),
                "has_bought": row.bought_count > 0,
            }
            for row in brought[:SHOWN]
        ],
        "is_cut": len(brought) > SHOWN,
        "contacts": [
            {
                "when": moment_text(row.at, now=now),
                "how": row.get_channel_display(),
                "text": mask_in_text(" ".join(filter(None, [row.note, row.next_step]))),
                "who": row.by.name,
            }
            for row in contacts
        ],
        "form": form,
        "edit_url": reverse("customers:change_designer", args=[found.pk]) if form else "",
        "register_url": f"{reverse('desk:register')}?designer={found.pk}" if form else "",
    }


def _facts(found: Designer) -> list[tuple[str, str]]:
    def rate(value: object) -> str:
        return f"{value} %" if value is not None else ""

    lines = [
        (_("Company"), mask_in_text(found.company)),
        (_("Phone"), found.masked),
        (_("Keeper"), found.keeper.name if found.keeper else _("nobody")),
        (_("Store"), found.store.name),
        (_("Agreement"), mask_in_text(found.agreement_no)),
        (_("Signed on"), date_text(found.signed_on) if found.signed_on else ""),
        (_("Valid until"), date_text(found.valid_until) if found.valid_until else ""),
        (_("Commission on furniture, %"), rate(found.furniture_rate)),
        (_("Commission on accessories, %"), rate(found.accessories_rate)),
        (_("Next step"), mask_in_text(found.next_step)),
        (_("Note"), mask_in_text(found.note)),
    ]
    return [(str(label), value) for label, value in lines if value]


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_designer(request: Request) -> HttpResponse:
    """Write down a designer."""
    form = DesignerForm(request.POST or None, reach=request.reach, by=request.user)
    if form.is_valid():
        values = form.cleaned_data
        try:
            made = add_designer(
                name=values["name"],
                phone=values["phone"],
                store=values["store"],
                keeper=values.get("keeper", request.user),
                by=request.user,
                now=timezone.now(),
                key=values["key"],
                **form.values(),
            )
            return redirect("customers:designer", pk=made.pk)
        except DesignerNotSaved as refusal:
            show_refusal(form, refusal, AT_FIELDS)
    context = {"form": form, "title": _("New designer"), "back_url": reverse("customers:designers")}
    return TemplateResponse(request, "customers/designer_form.html", context)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_designer(request: Request, pk: int) -> HttpResponse:
    """Change what is written of a designer; an empty phone box keeps the number."""
    found = get_designer_for(request, pk)
    form = DesignerForm(request.POST or None, reach=request.reach, by=request.user, designer=found)
    if form.is_valid():
        values = form.cleaned_data
        try:
            change_designer(
                designer=found,
                name=values["name"],
                phone=values["phone"],
                keeper=values.get("keeper", found.keeper),
                is_active=values["is_active"],
                by=request.user,
                now=timezone.now(),
                **form.values(),
            )
            return redirect("customers:designer", pk=pk)
        except DesignerNotSaved as refusal:
            show_refusal(form, refusal, AT_FIELDS)
    back = reverse("customers:designer", args=[pk])
    context = {"form": form, "title": mask_in_text(found.name), "back_url": back}
    return TemplateResponse(request, "customers/designer_form.html", context)
