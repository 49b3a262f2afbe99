"""The small lists that styles hang on: brands, series, seasons, shoe types, core sizes."""

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.services.standing import act_as_seen
from staff.access import only
from staff.requests import Request
from staff.scope import STOCK_READERS, STOCK_ROLES
from stock.forms.masters import (
    BrandForm,
    CoreSizesForm,
    PartForm,
    SeasonForm,
    SeriesForm,
    TypeForm,
)
from stock.services.masters import keep_part
from stock.showing.masters import PARTS, Part, tabs
from stock.views.acting import act_page

FORMS: dict[str, type[PartForm]] = {
    "brands": BrandForm,
    "series": SeriesForm,
    "seasons": SeasonForm,
    "types": TypeForm,
    "sizes": CoreSizesForm,
}
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _known(kind: str) -> tuple[Part, type[PartForm]]:
    if kind not in FORMS:
        raise Http404
    return PARTS[kind], FORMS[kind]


@only(STOCK_READERS)
@require_safe
def parts(request: Request, kind: str) -> HttpResponse:
    """One small list, whole."""
    part, _form = _known(kind)
    may_write = request.reach.has_role(STOCK_ROLES)
    context = {
        "tabs": tabs(kind),
        "label": part.label,
        "heads": part.heads,
        "rows": [
            {
                "name": str(row),
                "cells": list(part.cells(row)),
                "url": reverse("stock:edit_part", args=[kind, row.pk]) if may_write else "",
            }
            for row in part.rows()
        ],
        "new_url": reverse("stock:new_part", args=[kind]) if may_write else "",
    }
    return TemplateResponse(request, "stock/parts.html", context)


@only(STOCK_ROLES)
@GET_OR_POST
def new_part(request: Request, kind: str) -> HttpResponse:
    """One row more."""
    part, form_of = _known(kind)
    row = form_of.of()
    form = form_of(request.POST or None, initial=form_of.standing(row))
    return _page(request, kind, part, form, row)


@only(STOCK_ROLES)
@GET_OR_POST
def edit_part(request: Request, kind: str, pk: int) -> HttpResponse:
    """A row said anew; nobody writes over what somebody else wrote meanwhile."""
    part, form_of = _known(kind)
    rows = form_of.of._default_manager
    row = get_object_or_404(rows, pk=pk)
    form = form_of(request.POST or None, initial=form_of.standing(row))
    return _page(request, kind, part, form, row)


def _page(request: Request, kind: str, part: Part, form: PartForm, row: Model) -> HttpResponse:
    rows, form_of = form.of._default_manager, type(form)

    def keep() -> None:
        keep_part(row=row, values=form.values(), targets=form.targets(), by=request.user)

    def act(**_said: object) -> None:
        if row.pk is None:
            keep()
            return
        act_as_seen(
            hold=lambda: rows.select_for_update().get(pk=row.pk),
            stands=lambda: form.stands_as_seen(
                form_of(initial=form_of.standing(rows.get(pk=row.pk)))
            ),
            act=keep,
        )

    return act_page(
        request,
        title=str(part.one),
        subject=str(row) if row.pk else _("new"),
        submit=_("Keep"),
        form=form,
        act=act,
        back_url=reverse("stock:parts", args=[kind]),
        said=_("It is kept."),
        template="stock/part_edit.html" if kind == "seasons" else "core/act.html",
    )
