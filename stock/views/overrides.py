"""A style's class as a person sees it, beside the computed one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.refusals import Refused
from staff.access import only
from staff.requests import Request
from staff.scope import GOODS_ROLES
from staff.states import StoreKind
from stock.forms.overrides import ClassForm
from stock.models import ClassOverride, Figure, Style
from stock.queries.classes import standing_set
from stock.queries.overrides import Overrides, overrides_of
from stock.queries.visible import visible_offices
from stock.services.overrides import give_class, lift_class
from stock.showing.overrides import classes_by_place
from stock.states import FigureLevel
from stock.views.acting import act_page


def _seen(given: Overrides) -> str:
    """Which classes the page shows, by place: what was given meanwhile is told, not undone."""
    return ",".join(f"{office or ''}={row.pk}" for (_style, office), row in given.rows.items())


@only(GOODS_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def override(request: Request, pk: int) -> HttpResponse:
    """Give a style another class in an office or everywhere; both are shown from then on."""
    style = get_object_or_404(Style.objects.select_related("brand"), pk=pk)
    given, known = overrides_of([style]), standing_set()
    rows = Figure.objects.filter(set=known, style=style).exclude(level=FigureLevel.REGION)
    rows = rows.exclude(office__kind=StoreKind.WAREHOUSE)
    form = ClassForm(
        request.POST or None,
        offices=list(visible_offices(request.reach).exclude(kind=StoreKind.WAREHOUSE)),
        initial={"seen": _seen(given), "office": request.GET.get("office", "")},
    )

    def act(*, office, style_class, reason, seen) -> None:
        key = form.seen_keys().get(str(office.pk) if office else "")
        give_class(
            style=style, office=office, style_class=style_class, reason=reason,
            seen=int(key) if key else None, by=request.user,
        )  # fmt: skip

    answer = act_page(
        request,
        title=_("Another class"),
        subject=f"{style.brand.name} {style.number}",
        hint=_(
            "The computed class stays beside it and keeps moving. Red lists and the floor price go "
            "by the one given here."
        ),
        submit=_("Give this class"),
        form=form,
        act=act,
        back_url=reverse("stock:style", args=[pk]),
        done_url=reverse("stock:override", args=[pk]),
        said=_("The class is given."),
        template="stock/override.html",
        more={
            "places": classes_by_place(
                rows.select_related("office").order_by("office__code"), given
            ),
            "style": style,
            "as_of": known.as_of if known else None,
        },
    )
    if form.is_bound:  # what was given meanwhile stands on the page now: sent again, it is seen
        form.data = {**request.POST.dict(), "seen": _seen(given)}
    return answer


@only(GOODS_ROLES)
@require_POST
def lift_override(request: Request, pk: int) -> HttpResponse:
    """Let the computed class hold again."""
    found = get_object_or_404(ClassOverride, pk=pk)
    try:
        lift_class(override=found, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The computed class holds again."))
    return redirect("stock:override", pk=found.style_id)
