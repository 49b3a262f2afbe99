"""The tags of one customer."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.models import Customer
from customers.services import tags
from desk.card import head_of
from desk.forms.tags import TagsForm
from desk.views.cards import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import REGISTERING_ROLES


def _save(request: Request, customer: Customer, form: TagsForm) -> None:
    now = timezone.now()
    chosen = list(form.cleaned_data["tags"])
    if form.cleaned_data["new"]:
        chosen.append(tags.make_tag(name=form.cleaned_data["new"], by=request.user, now=now))
    tags.set_tags(customer=customer, tags=chosen, by=request.user, now=now)


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def set_tags(request: Request, pk: int) -> HttpResponse:
    """Give this customer tags, or take them away."""
    found = get_customer_for(request.reach, pk)
    chosen = list(found.tagged.values_list("tag", flat=True))
    form = TagsForm(request.POST or None, initial={"tags": chosen})
    if form.is_valid():
        try:
            _save(request, found, form)
        except tags.TagNotChanged as refusal:
            form.add_error("new", str(refusal))
        else:
            return redirect("desk:customer", pk=pk)
    context = {
        "form": form,
        "customer": head_of(found),
        "title": _("Tags"),
        "hint": _("Tags group customers across stores. Everybody sees them."),
        "submit_label": _("Save the tags"),
        "back_url": reverse("desk:customer", args=[pk]),
    }
    return TemplateResponse(request, "desk/customer_act.html", context)
