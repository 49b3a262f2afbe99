"""What a person sees and changes of himself."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff import queries, scope, services
from staff.access import signed_in
from staff.forms import ProfileForm


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request):
    person = request.user
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={
            "name": person.name,
            "email": person.email,
            "language": person.language or get_language(),
        },
    )
    if form.is_valid():
        services.change_profile(**form.cleaned_data, by=person, now=timezone.now())
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Your details are saved."))
        return redirect("staff:profile")
    return TemplateResponse(
        request,
        "staff/profile.html",
        {
            "form": form,
            "person": person,
            "other_stores": list(person.other_stores.order_by("code", "pk")),
            "may_see_outgoing": request.reach.has_role(scope.OUTGOING_ROLES),
            "duties": queries.current_duties(person, today=timezone.localdate()),
        },
    )
