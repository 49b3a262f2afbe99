"""Merging two cards of one customer: find the other, compare, merge; and take them apart."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.phones import mask_in_text
from core.services.sent import arrived
from customers import queries
from customers.models import Customer, Merge
from customers.rules import merge_blockers
from customers.services import GradeNotChanged
from desk import pairs
from desk.forms.merging import FindForm, MergeForm, UndoForm
from desk.services import (
    CardsNotMerged,
    merge_cards,
    moves,
    undo_blockers,
    undo_merge,
    version_of_cards,
    weigh_undoing,
)
from desk.services.merging import hands_of
from desk.views.cards import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import MERGING_ROLES
from staff.states import Role

MOST_FOUND = 20
PAGE = 50


def _whole(request: Request, pk: int) -> Customer:
    """A card within reach with all that it says; a merged one is the one it went into."""
    found = get_customer_for(request.reach, pk)
    rows = Customer.objects.select_related("owner", "store", "referrer", "designer")
    return rows.get(pk=found.pk)


@only(MERGING_ROLES)
@require_safe
def merge_with(request: Request, pk: int) -> HttpResponse:
    """Find the other card of this customer, among those within reach."""
    card = _whole(request, pk)
    form = FindForm(request.GET)
    text = form.text()
    found: list[queries.MaskedCustomer] = []
    if text:
        others = queries.visible(request.reach).exclude(pk=card.pk)
        rows = queries.with_masked_phone(queries.matching(others, text))
        found = list(rows.select_related("owner", "store").order_by("pk")[: MOST_FOUND + 1])
    context = {
        "card": pairs.side_of(card, phone=pairs.main_numbers([card.pk]).get(card.pk, "")),
        "doubts": pairs.doubts_of(card, request.reach),
        "text": text,
        "found": [
            pairs.side_of(row, phone=row.phone or "", url=_preview_url(card.pk, row.pk))
            for row in found[:MOST_FOUND]
        ],
        "has_more": len(found) > MOST_FOUND,
        "back_url": reverse("desk:customer", args=[card.pk]),
    }
    return TemplateResponse(request, "desk/merge_with.html", context)


def _preview_url(kept: int, merged: int) -> str:
    return reverse("desk:merge", args=[kept, merged])


@only(MERGING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, pk: int, other: int) -> HttpResponse:
    """Both cards side by side: which word stands, what goes along; then one tap (DAT-02)."""
    kept, merged = _whole(request, pk), _whole(request, other)
    if kept.pk == merged.pk:
        messages.info(request, _("These are one card already."))
        return redirect("desk:customer", pk=kept.pk)
    rows = pairs.compare(kept, merged, request.reach)
    phones = pairs.main_numbers([kept.pk, merged.pk])
    seen = version_of_cards(kept, merged)
    form = MergeForm(
        request.POST or None,
        kept=kept,
        merged=merged,
        rows=rows,
        numbers=(phones.get(kept.pk, ""), phones.get(merged.pk, "")),
        seen=seen,
    )
    if form.is_valid():
        try:
            _merge(request, form)
        except (CardsNotMerged, GradeNotChanged) as refusal:
            form.add_error(None, str(refusal))
            form.see_anew(seen)
        else:
            messages.success(request, _("Merged. All of both cards stands here now."))
            return arrived(redirect("desk:customer", pk=kept.pk), f"merge:{pk}:{other}")
    return TemplateResponse(
        request, "desk/merge.html", _preview(request, form, kept, merged, rows, phones)
    )


def _merge(request: Request, form: MergeForm) -> Merge:
    return merge_cards(
        kept=form.kept,
        merged=form.merged,
        choices=form.choices(),
        keeper=form.chosen_keeper(),
        main_number=form.main_number(),
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        by=request.user,
        now=timezone.now(),
    )


def _preview(request: Request, form: MergeForm, kept, merged, rows, phones) -> dict[str, object]:
    hands = hands_of(kept, merged)
    blockers = merge_blockers(
        kept=hands[0],
        merged=hands[1],
        is_operations=request.reach.role == Role.OPS_MANAGER,
    )
    counts = moves.going_along(merged=merged.pk, kept=kept.pk)
    counts["followups.task.customer"] = pairs.open_tasks_of(merged)
    return {
        "form": form,
        "kept": _side(kept, phones),
        "merged": _side(merged, phones),
        "asked": form.asked,
        "taken": [row for row in rows if row.is_taken_over],
        "same": [row for row in rows if not row.choices and not row.is_taken_over],
        "going": pairs.in_words(counts),
        "refused": CardsNotMerged(*blockers).sentences() if blockers else [],
        "has_keeper": "keeper" in form.fields,
        "has_number": "main_number" in form.fields,
        "swap_url": _preview_url(merged.pk, kept.pk),
        "back_url": reverse("desk:customer", args=[kept.pk]),
    }


def _side(card: Customer, phones: dict[int, str]) -> pairs.Side:
    url = reverse("desk:customer", args=[card.pk])
    return pairs.side_of(card, phone=phones.get(card.pk, ""), url=url)


@only(MERGING_ROLES)
@require_safe
def merges(request: Request) -> HttpResponse:
    """What was merged, the latest first, and the way back."""
    before = request.GET.get("before", "")
    rows = queries.merges(request.reach)
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.order_by("-pk")[: PAGE + 1])
    context = {
        "merges": [_line(row) for row in page[:PAGE]],
        "more_url": f"{request.path}?before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
    }
    return TemplateResponse(request, "desk/merges.html", context)


def _line(row: Merge) -> dict[str, object]:
    # By the name that the kept card had: afterwards both may be called the same.
    before, _after = row.fields["kept"].get("name", (row.kept.name, ""))
    return {
        "kept": mask_in_text(before),
        "merged": mask_in_text(row.merged.name),
        "url": reverse("desk:customer", args=[row.kept_id]),
        "when": pairs.when_text(row.at),
        "who": row.by.name,
        "reason": mask_in_text(row.reason),
        "undone": row.undone_at is not None,
        "undone_by": row.undone_by.name if row.undone_by else "",
        "undo_url": reverse("desk:undo_merge", args=[row.pk]),
    }


@only(MERGING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Request, pk: int) -> HttpResponse:
    """What taking two cards apart would do, and the tap that does it."""
    row = get_object_or_404(queries.merges(request.reach), pk=pk)
    form = UndoForm(request.POST or None)
    if form.is_valid():
        try:
            undo_merge(
                merge=row, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now()
            )
        except (CardsNotMerged, GradeNotChanged) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken apart: there are two cards again."))
            return arrived(redirect("desk:customer", pk=row.kept_id), f"undo:{pk}")
    blockers = undo_blockers(row, by=request.user)
    undoing = weigh_undoing(row)
    names = pairs.labels()
    context = {
        "form": form,
        "merge": _line(row),
        "going": pairs.in_words(undoing.going_back),
        "put_back": [names[name] for name in undoing.put_back],
        "left": [names[name] for name in undoing.left],
        "refused": CardsNotMerged(*blockers).sentences() if blockers else [],
        "back_url": reverse("desk:merges"),
    }
    return TemplateResponse(request, "desk/merge_undo.html", context)
