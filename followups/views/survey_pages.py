"""Surveys to read: their questions version by version, one result; and to change, by publishing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.days import day_text, moment_text
from core.phones import mask_in_text
from customers.queries import are_visible
from followups.models import Question, Survey, SurveyResult, SurveyVersion
from followups.queries import surveys as queries
from followups.states import Branch, QuestionKind
from followups.survey_words import result_words, said_in
from followups.views.publishing import Draft, draft_of
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, PLAN_ROLES
from staff.states import Trade


@only(CUSTOMER_ROLES)
@require_safe
def surveys(request: Request) -> HttpResponse:
    """All surveys: how many questions each asks, since which version, how often it was held."""
    context = {
        "surveys": queries.surveys_for_list(),
        "may_edit": request.reach.has_role(PLAN_ROLES),
    }
    return TemplateResponse(request, "followups/surveys.html", context)


@only(CUSTOMER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: Request, code: str) -> HttpResponse:
    """One survey: what it asks, what it asked before, and, for its editors, what it is to ask."""
    found = get_object_or_404(Survey, code=code)
    may_edit = request.reach.has_role(PLAN_ROLES)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    draft = draft_of(request, found)
    if request.method == "POST":
        answer = draft.answer(request)
        if answer is not None:
            return answer
    shown = _chosen(request, draft)
    context = {
        "survey": found,
        "versions": [_read_version(row, shown=shown) for row in draft.versions],
        "shown": shown,
        "is_newest": shown == draft.newest,
        "conflict": draft.conflict,
        "read": [_read(question) for question in shown.asked],
        "may_edit": may_edit and shown == draft.newest,
        "head": draft.head,
        "questions": draft.questions,
    }
    return TemplateResponse(request, "followups/survey_page.html", context)


def _chosen(request: Request, draft: Draft) -> SurveyVersion:
    """The version that the address names, else the newest."""
    wanted = request.GET.get("version", "") if draft.conflict is None else ""
    return next((row for row in draft.versions if str(row.number) == wanted), draft.newest)


def _read_version(row: Any, *, shown: SurveyVersion) -> dict[str, object]:
    return {
        "number": row.number,
        "when": day_text(timezone.localdate(row.published_at)),
        "who": row.published_by.name if row.published_by else _("shipped"),
        "note": mask_in_text(row.note),
        "held": row.held,
        "is_shown": row == shown,
    }


def _read(question: Question) -> dict[str, object]:
    """A question in words: what it asks, of whom, what is answered, where it leads."""
    facts = [str(QuestionKind(question.kind).label)]
    facts += [str(Trade(trade).label) for trade in question.trades]
    if question.is_required:
        facts.append(_("must be answered"))
    if question.counts:
        facts.append(_("counts towards satisfaction"))
    if question.branch:
        facts.append(str(Branch(question.branch).label))
    return {
        "text": question.text,
        "facts": facts,
        "options": [option.text for option in question.options.all()],
    }


@only(CUSTOMER_ROLES)
@require_safe
def survey_result(request: Request, pk: int) -> HttpResponse:
    """What one customer answered, with the questions as they were asked."""
    seen = SurveyResult.objects.filter(are_visible(request.reach, path="customer"))
    rows = queries.with_answers(seen).select_related("customer", "contact__voided_by")
    row = get_object_or_404(rows, pk=pk)
    now = timezone.now()
    context = {
        "result": row,
        "name": row.customer.shown_name,
        "product": mask_in_text(row.product.product) if row.product else "",
        "when": moment_text(row.asked_at, now=now),
        "words": result_words(row),
        "remarks": mask_in_text(row.remarks),
        "said": said_in(row),
        "cases": [
            {
                "url": reverse("followups:case", args=[case.pk]),
                "text": f"{case.get_kind_display()} · {case.get_state_display()}",
            }
            for case in row.contact.cases.order_by("pk")
        ],
        "is_void": row.contact.voided_at is not None,
    }
    return TemplateResponse(request, "followups/survey_result.html", context)
