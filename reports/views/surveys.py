"""The page of surveys: how satisfied customers are, and which results each figure counts."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.days import moment_text
from core.offering import offer_rows
from followups.models import Survey, SurveyResult
from followups.queries.surveys import with_answers
from followups.survey_words import result_words, said_in
from reports.figures import surveys
from reports.figures.surveys import Figures, Group
from reports.forms.day_range import DayRangeForm
from reports.rules.shares import percent_text
from staff.access import only
from staff.models import Store
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, visible_stores

DAYS = 365
MOST_ROWS = 100
BY = {
    "store": gettext_lazy("Store"),
    "person": gettext_lazy("Person"),
    "question": gettext_lazy("Question"),
    "month": gettext_lazy("Month"),
}
LABELS = {
    "held": gettext_lazy("Held"),
    "unwilling": gettext_lazy("Unwilling"),
    "scored": gettext_lazy("With points"),
    "satisfied": gettext_lazy("4 and more"),
    "low": gettext_lazy("Dissatisfied"),
}
# The chart, in its own units.
WIDTH, HEIGHT, EDGE = 720, 120, 12


def _code_and_name(survey: Survey) -> str:
    return f"{survey.code} {survey.name}"


class SurveyFilter(DayRangeForm):
    """Which days, which survey, which store, and one row for each of what."""

    survey = forms.ModelChoiceField(
        label=gettext_lazy("Survey"),
        required=False,
        queryset=Survey.objects.order_by("code"),
        to_field_name="code",
        empty_label=gettext_lazy("all"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    store = forms.ModelChoiceField(
        label=gettext_lazy("Store"),
        required=False,
        queryset=Store.objects.none(),
        empty_label=gettext_lazy("all"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    by = forms.ChoiceField(
        label=gettext_lazy("Grouped by"),
        choices=list(BY.items()),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args, stores, **options) -> None:
        super().__init__(*args, **options)
        survey = cast(forms.ModelChoiceField, self.fields["survey"])
        survey.label_from_instance = _code_and_name  # type: ignore[method-assign, assignment]
        offer_rows(self, "store", stores)
        if len(stores) < 2:
            del self.fields["store"]


@only(CUSTOMER_ROLES)
@require_safe
def satisfaction(request: Request) -> HttpResponse:
    """What customers answered within one's reach; each figure opens its results."""
    now = timezone.now()
    said, form = _said(request, today=timezone.localdate(now))
    rows = surveys.asked(
        request.reach,
        begins=said["begins"],
        ends=said["ends"],
        codes=(said["survey"].code,) if said.get("survey") else (),
        store=said.get("store"),
    )
    kept = _kept(said)
    whole, months = surveys.total(rows), surveys.by_month(rows)
    groups = months if said["by"] == "month" else surveys.grouped(rows, by=said["by"])
    show, page = _shown(request, rows, by=said["by"])
    context = {
        "filter_form": form,
        "by": BY[said["by"]],
        "stats": _stats(whole, kept),
        "labels": list(LABELS.values()),
        "rows": [_row(group, kept) for group in groups],
        "chart": _chart(months, kept),
        "shown_label": LABELS[show] if show else "",
        "shown": [_result(row, now=now) for row in page or ()],
        "page": page,
        "path_for": _path_for(request),
        "wrong": form.wrong_for(is_part=bool(request.htmx)),
    }
    template = "reports/surveys.html#rows" if request.htmx else "reports/surveys.html"
    return TemplateResponse(request, template, context)


def _said(request: Request, *, today: date) -> tuple[dict[str, Any], SurveyFilter]:
    """What is asked, with what was left out or written wrongly as it is at first."""
    first: dict[str, Any] = {"begins": today - timedelta(days=DAYS), "ends": today, "by": "store"}
    given = {name: value for name, value in request.GET.dict().items() if value}
    form = SurveyFilter(
        {**first, **given}, stores=visible_stores(request.reach).order_by("code", "pk")
    )
    form.is_valid()
    return {**first, **{name: each for name, each in form.cleaned_data.items() if each}}, form


def _kept(said: dict[str, Any]) -> dict[str, str]:
    kept = {"begins": str(said["begins"]), "ends": str(said["ends"]), "by": said["by"]}
    if said.get("survey"):
        kept["survey"] = said["survey"].code
    if said.get("store"):
        kept["store"] = str(said["store"].pk)
    return kept


def _path_for(request: Request) -> str:
    """The address of a page of the results, its number left to be added."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return f"?{asked.urlencode()}&page="


def _shown(request: Request, rows: Any, *, by: str) -> tuple[str, Page | None]:
    """The results behind the figure that was tapped (404 for a figure that is none)."""
    show = request.GET.get("show", "")
    if show not in LABELS:
        return "", None
    try:
        found = surveys.counted(rows, show, by=by, key=request.GET.get("key", "")[:60])
        pages = Paginator(with_answers(found).select_related("customer"), MOST_ROWS)
        page = pages.get_page(request.GET.get("page"))
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    return show, page


def _url(kept: dict[str, str], **asked: str) -> str:
    return f"{reverse('reports:surveys')}?{urlencode({**kept, **asked})}#results"


def _share(figures: Figures) -> str:
    return percent_text(figures.share)


def _mean(figures: Figures) -> str:
    return "–" if figures.mean is None else f"{figures.mean:.2f}"


def _stats(whole: Figures, kept: dict[str, str]) -> list[dict[str, object]]:
    return [
        {"value": whole.held, "label": _("surveys held"), "unit": "", "tone": "",
         "url": _url(kept, show="held"), "formula": _("customers who were willing to talk")},
        {"value": _mean(whole), "label": _("points of 5"), "unit": "", "tone": "",
         "url": _url(kept, show="scored"), "formula": _("mean of the scores of surveys")},
        {"value": _share(whole), "label": _("satisfied"), "unit": "", "tone": "",
         "url": _url(kept, show="satisfied"),
         "formula": _("surveys with a score of 4 and more / surveys with a score")},
        {"value": whole.low, "label": _("dissatisfied"), "unit": "",
         "tone": "late" if whole.low else "good", "url": _url(kept, show="low"),
         "formula": _("surveys with a score below 3")},
    ]  # fmt: skip


def _row(group: Group, kept: dict[str, str]) -> dict[str, object]:
    return {
        "name": group.name or _("nobody"),
        "url": _url(kept, key=group.key, show="held"),
        "figures": [
            {
                "value": getattr(group.figures, name),
                "url": _url(kept, key=group.key, show=name),
                "is_late": name == "low",
            }
            for name in LABELS
        ],
        "mean": _mean(group.figures),
        "share": _share(group.figures),
    }


def _chart(months: list[Group], kept: dict[str, str]) -> dict[str, object] | None:
    """The share of the satisfied, month by month; nothing to draw of fewer than two."""
    scored = [each for each in months if each.figures.share is not None]
    if len(scored) < 2:
        return None
    step = (WIDTH - 2 * EDGE) / (len(scored) - 1)
    dots = [
        {
            "x": round(EDGE + at * step, 1),
            "y": round(HEIGHT - EDGE - float(each.figures.share or 0) * (HEIGHT - 2 * EDGE), 1),
            "month": each.name,
            "share": _share(each.figures),
            "is_named": at in (0, len(scored) - 1),
        }
        for at, each in enumerate(scored)
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "floor": HEIGHT - EDGE,
        "line": " ".join(f"{dot['x']},{dot['y']}" for dot in dots),
        "dots": dots,
        "url": _url({**kept, "by": "month"}),
    }


def _result(row: SurveyResult, *, now: datetime) -> dict[str, object]:
    """One result as the list behind a figure shows it: who, when, points, words masked."""
    return {
        "name": row.customer.shown_name,
        "url": reverse("desk:customer", args=[row.customer_id]),
        "result_url": reverse("followups:survey_result", args=[row.pk]),
        "survey": row.version.survey.name,
        "when": moment_text(row.asked_at, now=now),
        "who": row.asked_by.name,
        "about": row.about.name if row.about else "",
        "words": result_words(row),
        "is_low": row.satisfaction == "dissatisfied",
        "low": [each for each in said_in(row) if each.is_low],
    }
