"""The end of a day: every store at a glance, one store's sheet, the signature of finance."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.amounts import money_text
from core.days import day_text
from core.refusals import Refused
from orders.forms.money import DayEndForm
from orders.models import DayEnd
from orders.queries.day_end import day_of, days_in_short
from orders.queries.money_lists import stores_of
from orders.services.day_end import close_day, mark_of
from orders.showing.day_end import day_links, sheet_of
from orders.showing.money_places import places_of
from staff.access import only
from staff.models import Store
from staff.requests import Request
from staff.scope import DAY_END_ROLES, MONEY_ROLES

# No company kept books before the one; the other lies further ahead than any day that is signed.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def _read(text: str) -> date:
    """A day on which a store can have sold something. Raises BadRequest."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(_("This is no day.")) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadRequest(_("This is no day."))
    return day


def _day(request: Request, today: date) -> date:
    """The day that is asked for, else today. Raises BadRequest."""
    asked = request.GET.get("day", "")
    return min(_read(asked), today) if asked else today


@only(DAY_END_ROLES)
@require_safe
def day_ends(request: Request) -> HttpResponse:
    """One day of every store within reach: what was ordered and received, who has signed."""
    today = timezone.localdate()
    day = _day(request, today)
    before_url, after_url = day_links(day, today=today, url=reverse("orders:day_ends"))
    rows = [
        {
            "name": short.store.name,
            "url": reverse("orders:day_end", args=[short.store.pk, day.isoformat()]),
            "orders": short.orders,
            "ordered": money_text(short.ordered),
            "payments": short.payments,
            "received": money_text(short.received),
            "unconfirmed": short.unconfirmed,
            "closed_by": short.closed_by.name if short.closed_by else "",
            "differs": short.differs,
        }
        for short in days_in_short(list(stores_of(request.reach)), day)
    ]
    context = {
        "places": places_of(request.reach, here="day_ends"),
        "day": day.isoformat(),
        "day_text": day_text(day, today=today),
        "before_url": before_url,
        "after_url": after_url,
        "rows": rows,
    }
    return TemplateResponse(request, "orders/day_ends.html", context)


def _asked(request: Request, pk: int, day: str) -> tuple[Store, date]:
    """The store and the day of the address, within reach; else they do not exist (404)."""
    store = get_object_or_404(stores_of(request.reach), pk=pk)
    return store, _read(day)


@only(DAY_END_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def day_end(request: Request, pk: int, day: str) -> HttpResponse:
    """The sheet of one store's day; finance signs it, and what changes later is shown."""
    store, asked = _asked(request, pk, day)
    may_sign = request.reach.has_role(MONEY_ROLES)
    form = DayEndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and may_sign and form.is_valid():
        try:
            close_day(
                store=store, day=asked, seen=request.POST.get("seen", ""), by=request.user,
                **form.cleaned_data,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The day is signed."))
            return redirect("orders:day_end", pk=pk, day=day)
    found = day_of(store, asked)
    end = DayEnd.objects.filter(store=store, day=asked).select_related("closed_by").first()
    today = store.today(timezone.now())
    context = {
        "store": store,
        "day_text": day_text(asked, today=today),
        "sheet": sheet_of(found, end),
        "end": end,
        "closed_at": timezone.localtime(end.closed_at) if end else None,
        "form": form if may_sign and end is None and asked <= today else None,
        "seen": mark_of(found),
        "printed_on": timezone.localtime(),
        "back_url": f"{reverse('orders:day_ends')}?day={asked.isoformat()}",
    }
    return TemplateResponse(request, "orders/print/day_end.html", context)
