"""Cards that may be one customer's: a manager looks, and decides (FIL-32, DAT-02)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from customers import queries
from customers.models import Customer, Suspicion
from customers.services import SuspicionNotDecided, decide_different
from desk import pairs
from desk.forms.merging import DifferentForm
from filings.services.merging import holders_of
from staff.access import only
from staff.requests import Request
from staff.scope import MERGING_ROLES

PAGE = 50


@only(MERGING_ROLES)
@require_safe
def suspicions(request: Request) -> HttpResponse:
    """What is to be decided, the oldest first. A card of others shows nothing of itself."""
    after = request.GET.get("after", "")
    rows = queries.open_suspicions(request.reach)
    count = rows.order_by().count()
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    page = list(rows.order_by("pk")[: PAGE + 1])
    context = {
        "pairs": _pairs(request, page[:PAGE]),
        "count": count,
        "more_url": f"{request.path}?after={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "merges_url": reverse("desk:merges"),
    }
    return TemplateResponse(request, "desk/suspicions.html", context)


def _pairs(request: Request, page: list[Suspicion]) -> list[dict[str, object]]:
    cards = {card for row in page for card in (row.first_id, row.second_id)}
    seen = set(queries.visible(request.reach).filter(pk__in=cards).values_list("pk", flat=True))
    phones = pairs.main_numbers(seen)
    holders = holders_of(cards, now=timezone.now())
    return [_pair(request, row, seen, phones, holders) for row in page]


def _pair(
    request: Request,
    row: Suspicion,
    seen: set[int],
    phones: dict[int, str],
    holders: dict[int, frozenset[int]],
) -> dict[str, object]:
    both = row.first_id in seen and row.second_id in seen
    may_decide = both and pairs.may_decide(
        row.first, row.second, role=request.reach.role, holders=holders
    )
    # The older card is kept unless somebody turns them round.
    addresses = {
        "merge_url": reverse("desk:merge", args=[row.first_id, row.second_id]),
        "different_url": reverse("desk:tell_apart", args=[row.pk]),
    }
    return {
        "because": row.get_because_display(),
        "when": pairs.when_text(row.raised_at),
        "sides": [_side(card, seen, phones) for card in (row.first, row.second)],
        "has_acts": may_decide,
        **(addresses if may_decide else {"merge_url": "", "different_url": ""}),
    }


def _side(card: Customer, seen: set[int], phones: dict[int, str]) -> pairs.Side | None:
    if card.pk not in seen:
        return None
    url = reverse("desk:customer", args=[card.pk])
    return pairs.side_of(card, phone=phones.get(card.pk, ""), url=url)


@only(MERGING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def tell_apart(request: Request, pk: int) -> HttpResponse:
    """These are two customers, and why; the question is not asked again."""
    row = get_object_or_404(queries.open_suspicions(request.reach), pk=pk)
    pair = _pairs(request, [row])[0]
    if None in pair["sides"]:  # type: ignore[operator]  # a list
        raise Http404
    if not pair["has_acts"]:
        raise PermissionDenied
    form = DifferentForm(request.POST or None)
    if form.is_valid():
        try:
            decide_different(
                suspicion=row,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except SuspicionNotDecided as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted: two different customers."))
            return redirect("desk:suspicions")
    context = {"form": form, "pair": pair, "back_url": reverse("desk:suspicions")}
    return TemplateResponse(request, "desk/tell_apart.html", context)
