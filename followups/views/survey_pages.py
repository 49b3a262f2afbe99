"""Surveys to read: their questions version by version, one result; and to change, by publishing."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.days import day_text, moment_text
from core.phones import mask_in_text
from core.refusals import Refused
from customers.queries import are_visible
from followups import services
from followups.forms.survey_editor import (
    PublishForm,
    QuestionForm,
    QuestionFormSet,
    rows_sent,
)
from followups.models import Question, Survey, SurveyResult, SurveyVersion
from followups.queries import surveys as queries
from followups.services.survey_versions import QuestionTerms, as_terms, terms_of
from followups.states import Branch, QuestionKind
from followups.survey_words import result_words, said_in
from followups.views.survey_conflicts import Quicker, quicker_of
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
    versions = queries.versions_of(found)
    shown = _chosen(request, versions)
    head, questions = _forms(request, versions)
    quicker = None
    if request.method == "POST" and all([head.is_valid(), questions.is_valid()]):
        try:
            version = services.publish_survey(
                survey=found,
                questions=questions.questions(found),
                by=request.user,
                now=timezone.now(),
                **head.cleaned_data,
            )
        except Refused as refusal:
            if "changed_meanwhile" in refusal.codes:
                # The other may have published in this very moment.
                versions = queries.versions_of(found)
                shown = versions[0]
                quicker = quicker_of(found, versions, seen=head.cleaned_data["seen"],
                                     mine=questions.questions(found))  # fmt: skip
                head, questions = _on_top(head, quicker, newest=versions[0])
            else:
                for sentence in refusal.sentences():
                    head.add_error(None, sentence)
        else:
            words = _("Version %(number)s is asked from now on. What was answered stays as it is.")
            messages.success(request, words % {"number": version.number})
            return redirect("followups:survey_page", code)
    return TemplateResponse(
        request,
        "followups/survey_page.html",
        {
            "survey": found,
            "versions": [_read_version(row, shown=shown) for row in versions],
            "shown": shown,
            "is_newest": shown == versions[0],
            "conflict": quicker.conflict if quicker else None,
            "read": [_read(question) for question in shown.asked],  # type: ignore[attr-defined]
            "may_edit": may_edit and shown == versions[0],
            "head": head,
            "questions": questions,
        },
    )


def _chosen(request: Request, versions: list[SurveyVersion]) -> SurveyVersion:
    """The version that the address names, else the newest."""
    wanted = request.GET.get("version", "")
    return next((row for row in versions if str(row.number) == wanted), versions[0])


def _forms(request: Request, versions: list[SurveyVersion]) -> tuple[PublishForm, QuestionFormSet]:
    newest = versions[0]
    if request.method != "POST":
        return _drawn(terms_of(newest), seen=newest.number, known=None)
    head = PublishForm(request.POST)
    head.is_valid()
    seen = head.cleaned_data.get("seen")
    read = next((row for row in versions if row.number == seen), newest)
    # Whoever brings back what another took out sends a question of an older version.
    known = {terms.code: terms for row in [*reversed(versions), read]
             for terms in as_terms(row.asked)}  # type: ignore[attr-defined]  # fmt: skip
    rows = rows_sent(request.POST, known)
    return head, QuestionFormSet(request.POST, initial=rows, prefix="questions")


def _drawn(
    asked: Sequence[QuestionTerms], *, seen: int, known: set[str] | None, note: str = ""
) -> tuple[PublishForm, QuestionFormSet]:
    """The editor with these questions; one that no version knows yet has no code either."""
    rows = [QuestionForm.initial_of(terms, position) for position, terms in enumerate(asked, 1)]
    for row in rows:
        if known is not None and row["code"] not in known:
            row["code"] = ""
    head = PublishForm(initial={"seen": seen, "note": note})
    return head, QuestionFormSet(initial=rows, prefix="questions")


def _on_top(
    head: PublishForm, quicker: Quicker, *, newest: SurveyVersion
) -> tuple[PublishForm, QuestionFormSet]:
    note = head.cleaned_data["note"]
    return _drawn(quicker.questions, seen=newest.number, known=quicker.known, note=note)


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
