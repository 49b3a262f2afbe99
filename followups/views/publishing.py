"""A survey in its editor: what is typed, what it changes, and the press that publishes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from followups import services
from followups.forms.rebasing import Conflict
from followups.forms.survey_editor import (
    PublishForm,
    QuestionForm,
    QuestionFormSet,
    kept_of,
    rows_sent,
)
from followups.models import Survey, SurveyVersion
from followups.queries import surveys as queries
from followups.rules.surveys import QuestionTerms
from followups.services import survey_versions
from followups.services.survey_versions import (
    SurveyNotPublished,
    as_terms,
    terms_of,
)
from followups.views.survey_conflicts import changes_between, quicker_of
from staff.requests import Request

PUBLISH = "publish"
EDIT = "edit"


@dataclass(kw_only=True)
class Draft:
    """A survey as it stands in its editor; `versions` are the newest first."""

    survey: Survey
    versions: Sequence[SurveyVersion]
    head: PublishForm
    questions: QuestionFormSet
    conflict: Conflict | None = field(default=None)

    @property
    def newest(self) -> SurveyVersion:
        return self.versions[0]

    def answer(self, request: Request) -> HttpResponse | None:
        """What would change, or that it is published; None shows the editor again."""
        act = request.POST.get("act", "")
        if act == EDIT or not all([self.head.is_read, self.questions.is_valid()]):
            return None
        asked = self.questions.questions(self.survey)
        seen = self.head.cleaned_data["seen"]
        try:
            survey_versions.check(survey=self.survey, questions=asked, seen=seen)
            if act == PUBLISH and self.head.ask_why():
                return self._publish(request, asked)
        except SurveyNotPublished as refusal:
            self._refuse(refusal, asked)
            return None
        return self._look(request, asked)

    def _publish(self, request: Request, asked: Sequence[QuestionTerms]) -> HttpResponse:
        version = services.publish_survey(
            survey=self.survey,
            questions=asked,
            by=request.user,
            now=timezone.now(),
            **self.head.cleaned_data,
        )
        words = _("Version %(number)s is asked from now on. What was answered stays as it is.")
        messages.success(request, words % {"number": version.number})
        return redirect("followups:survey_page", self.survey.code)

    def _look(self, request: Request, asked: Sequence[QuestionTerms]) -> HttpResponse:
        context = {
            "survey": self.survey,
            "number": self.newest.number + 1,
            "rows": changes_between(terms_of(self.newest), asked),
            "tasks": queries.open_tasks_asking(self.survey),
            "kept": kept_of(request.POST),
            "form": self.head,
        }
        return TemplateResponse(request, "followups/survey_look.html", context)

    def _refuse(self, refusal: SurveyNotPublished, asked: Sequence[QuestionTerms]) -> None:
        """Say it above the questions; what somebody else has published comes under them."""
        if "changed_meanwhile" not in refusal.codes:
            for sentence in refusal.sentences():
                self.head.add_error(None, sentence)
            return
        # The other may have published in this very moment.
        self.versions = queries.versions_of(self.survey)
        seen, note = self.head.cleaned_data["seen"], self.head["note"].value() or ""
        quicker = quicker_of(self.survey, self.versions, seen=seen, mine=asked)
        self.conflict = quicker.conflict
        self.head, self.questions = _drawn(
            quicker.questions, seen=self.newest.number, known=quicker.known, note=note
        )


def draft_of(request: Request, survey: Survey) -> Draft:
    """What is typed, else what the survey asks now."""
    versions = queries.versions_of(survey)
    newest = versions[0]
    if request.method != "POST":
        head, questions = _drawn(terms_of(newest), seen=newest.number, known=None)
        return Draft(survey=survey, versions=versions, head=head, questions=questions)
    head = PublishForm(request.POST)
    head.is_valid()
    seen = head.cleaned_data.get("seen")
    read = next((row for row in versions if row.number == seen), newest)
    # Whoever brings back what another took out sends a question of an older version.
    known = {terms.code: terms for row in [*reversed(versions), read]
             for terms in as_terms(row.asked)}  # fmt: skip
    rows = rows_sent(request.POST, known)
    questions = QuestionFormSet(request.POST, initial=rows, prefix="questions")
    return Draft(survey=survey, versions=versions, head=head, questions=questions)


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
