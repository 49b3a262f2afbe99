"""Writing down that a customer wishes to be left in peace, or wishes contact again."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from customers.queries import MaskedCustomer
from customers.states import Quiet
from desk import card as cards
from desk.forms.quieting import ANYTHING, QuietForm
from desk.views.cards import get_customer_for
from followups import services as followups
from followups.queries.quieting import due_again, foreseen
from staff.access import only
from staff.requests import Request
from staff.scope import REGISTERING_ROLES


@only(REGISTERING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def quiet(request: Request, pk: int) -> HttpResponse:
    """Note what the customer does not wish, and say before the tap what that does (FUP-24)."""
    found, now = get_customer_for(request.reach, pk), timezone.now()
    asked = request.GET.get("wish", "")
    first = asked if asked in Quiet.values and asked else found.quiet or ANYTHING
    form = QuietForm(request.POST or None, initial={"quiet": first})
    if form.is_valid():
        try:
            followups.set_quiet(customer=found, by=request.user, now=now, **form.cleaned_data)
        except followups.QuietNotSet as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _said(found, form.cleaned_data["quiet"]))
            return redirect(_back_url(request, found))
    context = {
        "form": form,
        "customer": cards.head_of(found),
        "effects": _effects(found, now=now),
        "back_url": _back_url(request, found),
    }
    return TemplateResponse(request, "desk/quiet.html", context)


def _back_url(request: Request, found: MaskedCustomer) -> str:
    """The card, or the form of a contact that one came from."""
    if request.GET.get("then") != "log" or not request.reach.may_serve:
        return reverse("desk:customer", args=[found.pk])
    task = request.GET.get("task", "")
    address = reverse("followups:log", args=[found.pk])
    return f"{address}?{urlencode({'task': task})}" if task.isdecimal() else address


def _said(found: MaskedCustomer, chosen: Quiet) -> str:
    if chosen == Quiet.NONE:
        return _("%(name)s may be contacted again.") % {"name": found.shown_name}
    return _("Noted for %(name)s: %(wish)s.") % {"name": found.shown_name, "wish": chosen.label}


def _effects(found: MaskedCustomer, *, now: datetime) -> list[dict[str, str]]:
    """What each wish does to the lists, in a sentence under its chip."""
    again = due_again(found, today=found.store.today(now)) if found.quiet else 0
    texts = {ANYTHING: _again_words(again, is_quiet=bool(found.quiet))}
    for wish in (Quiet.MARKETING, Quiet.VISITS, Quiet.ALL):
        if wish != found.quiet:
            texts[wish.value] = _effect_words(found, wish)
    return [{"when": f"quiet:{wish}", "text": text} for wish, text in texts.items() if text]


def _again_words(again: int, *, is_quiet: bool) -> str:
    if not is_quiet:
        return ""
    return ngettext(
        "%(count)s thing that is still due comes back to the list.",
        "%(count)s things that are still due come back to the list.",
        again,
    ) % {"count": again}


def _effect_words(found: MaskedCustomer, wish: Quiet) -> str:
    ahead = foreseen(found, wish)
    if wish == Quiet.VISITS:
        visits = ngettext(
            "%(count)s visit becomes a call; what is booked stays.",
            "%(count)s visits become calls; what is booked stays.",
            ahead.becoming_calls,
        )
        return visits % {"count": ahead.becoming_calls}
    leaving = ngettext(
        "%(count)s task leaves the list.", "%(count)s tasks leave the list.", ahead.leaving
    ) % {"count": ahead.leaving}
    if wish == Quiet.MARKETING:
        kept = _("No greetings, events and invitations any more; care after the sale goes on.")
    elif ahead.staying:
        kept = ngettext(
            "%(count)s stays, because a contract or case needs it.",
            "%(count)s stay, because a contract or case needs them.",
            ahead.staying,
        ) % {"count": ahead.staying}
    else:
        kept = _("Only what a contract or case needs will come up.")
    return f"{leaving} {kept}"
