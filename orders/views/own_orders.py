"""The weekly look through one's own orders, and who has done theirs (FUP-27, ORD-14)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core.refusals import Refused
from orders.queries.own_orders import (
    counts_of,
    look_of,
    looks_of_people,
    own_orders,
    week_began_at,
)
from orders.services.own_orders import finish_look, note_looks
from orders.showing.own_orders import chosen_orders, look_shown, own_shown, people_shown
from staff.access import only
from staff.lists import chosen_number
from staff.models import Person
from staff.requests import Request
from staff.scope import ORDERING_ROLES, RELEASING_ROLES, visible_people

PAGE_SIZE = 50
# More open orders than a person sells in a year.
MOST_ORDERS = 200


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Whose orders are looked through, and by whom; `since` is when their week began."""

    person: Person
    may_look: bool
    today: date
    since: datetime
    now: datetime

    @property
    def address(self) -> str:
        return f"{reverse('orders:own')}?of={self.person.pk}"


def _looking(request: Request) -> Looking:
    """The person whom the address names, else oneself; out of reach they do not exist (404)."""
    pk = chosen_number(request.GET, "of") or request.user.pk
    acts = pk in request.reach.acts_for
    people = Person.objects.all() if acts else visible_people(request.reach)
    person = people.select_related("store").filter(pk=pk).first()
    if person is None or not (acts or request.reach.has_role(RELEASING_ROLES)):
        raise Http404
    now = timezone.now()
    zone = person.store.tzinfo if person.store else timezone.get_default_timezone()
    today = now.astimezone(zone).date()
    return Looking(
        person=person,
        may_look=acts,
        today=today,
        since=week_began_at(today, zone=zone),
        now=now,
    )


@only(ORDERING_ROLES | RELEASING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """Somebody's open orders, the worst first, each ticked once it was looked through."""
    looking = _looking(request)
    if request.method == "POST":
        return _act(request, looking)
    rows = list(
        own_orders(looking.person, since=looking.since, reach=request.reach, today=looking.today)
    )
    page = Paginator(rows, MOST_ORDERS).get_page(request.GET.get("page"))
    look = look_of(looking.person, since=looking.since)
    left = sum(not row.is_looked for row in rows)
    context = {
        "whose": "" if looking.person == request.user else looking.person.name,
        "address": looking.address,
        "may_look": looking.may_look,
        "may_finish": looking.may_look and look is not None and look.done_at is None,
        "look": look_shown(look, today=looking.today) if look else None,
        "rows": [own_shown(row, today=looking.today) for row in page],
        "total": len(rows),
        "looked": len(rows) - left,
        "page": page,
        "path_for": f"{looking.address}&page=",
        "scopes": _scopes(request, is_people=False),
    }
    return TemplateResponse(request, "orders/own_orders.html", context)


def _act(request: Request, looking: Looking) -> HttpResponse:
    """Keep what is ticked; then open an order, say that all is done, or stay."""
    if not looking.may_look:
        raise PermissionDenied
    opened = chosen_orders([request.POST.get("open", "")])
    looked = chosen_orders(request.POST.getlist("looked")) | opened
    shown = chosen_orders(request.POST.getlist("shown")) | opened
    person, since, now = looking.person, looking.since, looking.now
    note_looks(person=person, shown=shown, looked=looked, since=since, by=request.user, now=now)
    if opened:
        return redirect("orders:order", pk=opened.pop())
    if request.POST.get("act") == "done":
        try:
            finish_look(person=person, since=since, by=request.user, now=now)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Looked through: that is all for this week."))
    return redirect(looking.address)


@only(RELEASING_ROLES)
@require_safe
def own_of_people(request: Request) -> HttpResponse:
    """Whose weekly look is open or done, of the people one leads; who is late comes first."""
    now = timezone.now()
    today = timezone.localdate(now)
    since = week_began_at(today, zone=timezone.get_default_timezone())
    looks = looks_of_people(request.reach, since=since)
    page = Paginator(looks, PAGE_SIZE).get_page(request.GET.get("page"))
    found = list(page)
    counts = counts_of([look.subject_id for look in found], today=today)
    context = {
        "people": people_shown(found, counts=counts, now=now),
        "page": page,
        "path_for": "?page=",
        "scopes": _scopes(request, is_people=True),
    }
    return TemplateResponse(request, "orders/own_orders_people.html", context)


def _scopes(request: Request, *, is_people: bool) -> list[dict[str, object]]:
    """Me and those one leads, for who has both."""
    if not request.reach.has_role(RELEASING_ROLES):
        return []
    people = {
        "label": _("All") if request.reach.sees_all else pgettext("scope", "Store"),
        "url": reverse("orders:own_people"),
        "is_current": is_people,
    }
    if not request.reach.may_serve:
        return [people]
    mine = {
        "label": pgettext("scope", "Me"),
        "url": reverse("orders:own"),
        "is_current": not is_people,
    }
    return [mine, people]
