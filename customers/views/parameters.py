"""The figures by which customers are graded and leads handed out."""

from datetime import time

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.days import day_text
from customers import services
from customers.forms.parameters import FIGURES, GROUPS, ParametersForm
from customers.models import Parameters
from customers.queries import parameters
from staff.access import signed_in
from staff.requests import Request
from staff.scope import CALENDAR_ROLES


def _shown(figure: int | time) -> int | str:
    return f"{figure:%H:%M}" if isinstance(figure, time) else figure


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: Request) -> HttpResponse:
    """The figures that hold today, in words; operations managers set others from a day on."""
    today = timezone.localdate()
    in_force, words = parameters(today), dict(FIGURES)
    may_edit = request.reach.has_role(CALENDAR_ROLES)
    form = ParametersForm(request.POST or None, standing=in_force) if may_edit else None
    if form is not None and form.is_valid():
        row = services.set_parameters(
            figures=form.figures(),
            from_tomorrow=form.cleaned_data["begins"] == "tomorrow",
            by=request.user,
            now=timezone.now(),
        )
        day = day_text(row.valid_from, today=today)
        messages.success(request, _("These figures hold from %(day)s on.") % {"day": day})
        return redirect("customers:figures")
    later = Parameters.objects.filter(valid_from__gt=today).order_by("valid_from").first()
    context = {
        "groups": [
            {
                "title": title,
                "rows": [
                    {"label": words[name], "value": _shown(getattr(in_force, name))}
                    for name in names
                ],
            }
            for title, names in GROUPS
        ],
        "since": day_text(in_force.valid_from, today=today) if in_force.pk else "",
        "set_by": in_force.set_by.name if in_force.set_by else "",
        "later": day_text(later.valid_from, today=today) if later else "",
        "form": form,
    }
    return TemplateResponse(request, "customers/figures.html", context)
