"""Who has reached how many customers, and which."""

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.days import moment_text
from core.phones import mask_in_text
from customers.models import Contact
from customers.queries import are_visible, parameters
from followups.queries.counters import (
    A_TODAY,
    BC_WEEK,
    Asked,
    Reached,
    asked_of,
    counted,
    counts_of,
    of_people,
)
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, SERVING_ROLES, Reach, visible_people

# A person reaches fewer in a week; more than this is a page nobody reads.
MOST = 200


def counter_chips(counts: Reached, asked: Asked) -> list[dict[str, object]]:
    """A 3/5 today · B·C 6/10 this week: each number opens the customers reached."""
    return [
        {
            "label": _("A today"),
            "count": f"{counts.a_today}/{asked.a_day}",
            "is_met": counts.a_today >= asked.a_day,
            "url": _url(A_TODAY, counts.person),
        },
        {
            "label": _("B·C this week"),
            "count": f"{counts.bc_week}/{asked.bc_week}",
            "is_met": counts.bc_week >= asked.bc_week,
            "url": _url(BC_WEEK, counts.person),
        },
    ]


def _url(kind: str, person: Person) -> str:
    asked = urlencode({"kind": kind, "person": str(person.pk)})
    return f"{reverse('followups:reached')}?{asked}"


def people_counted(reach: Reach):
    """Whose contacts are counted for this reader: who serves customers within reach."""
    people = visible_people(reach).filter(role__in=SERVING_ROLES, is_active=True)
    return people.select_related("store").order_by("store__code", "name", "pk")


@only(CUSTOMER_ROLES)
@require_safe
def reached(request: Request) -> HttpResponse:
    """Whom one person has reached, or for whoever leads everybody's counts."""
    if "person" in request.GET:
        return _contacts_of_one(request)
    now = timezone.now()
    today, zone = timezone.localdate(now), timezone.get_default_timezone()
    asked = asked_of(parameters(today))
    people = list(people_counted(request.reach)[:MOST])
    counts = counts_of(people, today=today, zone=zone)
    context = {
        "rows": [
            {
                "name": each.person.name,
                "store": each.person.store.name if each.person.store else "",
                "chips": counter_chips(each, asked),
            }
            for each in counts
        ],
        "back_url": reverse("followups:today"),
    }
    return TemplateResponse(request, "followups/reached.html", context)


def _contacts_of_one(request: Request) -> HttpResponse:
    asked, kind = request.GET.get("person", ""), request.GET.get("kind", "")
    if kind not in (A_TODAY, BC_WEEK) or not (asked.isascii() and asked.isdecimal()):
        raise Http404
    person = get_object_or_404(visible_people(request.reach), pk=int(asked[:18]))
    now = timezone.now()
    today, zone = timezone.localdate(now), timezone.get_default_timezone()
    rows = of_people([person.pk]).filter(counted(kind=kind, today=today, zone=zone))
    shown = rows.filter(are_visible(request.reach, path="customer")).select_related("customer")
    latest = shown.order_by("customer", "-occurred_at", "-pk").distinct("customer")[:MOST]
    found = sorted(latest, key=lambda contact: (contact.occurred_at, contact.pk), reverse=True)
    context = {
        "person": person.name,
        "kind": kind,
        "contacts": [_told(contact, now=now) for contact in found],
        "hidden": rows.aggregate(total=Count("customer", distinct=True))["total"] - len(found),
        "back_url": reverse("followups:today"),
    }
    return TemplateResponse(request, "followups/reached_by.html", context)


def _told(contact: Contact, *, now) -> dict[str, object]:
    words = [contact.get_channel_display(), contact.get_reason_display()]
    if contact.note:
        words.append(mask_in_text(contact.note))
    return {
        "url": reverse("desk:customer", args=[contact.customer_id]),
        "name": contact.customer.shown_name,
        "grade": contact.grade,
        "when": moment_text(contact.occurred_at, now=now),
        "what": " · ".join(word for word in words if word),
    }
