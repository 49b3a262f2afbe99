"""The page of the measures: who keeps in touch, solves and satisfies."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from followups.models import Step
from reports.asking.parameters import ReportNotMade
from reports.asking.periods import Period, period_around, read_period
from reports.figures import measures
from reports.figures.measure_rows import SHOWN, Asked, rows_behind
from reports.figures.measures import Figures, is_met, share
from reports.rules.shares import NOTHING, percent_text
from staff.access import only
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES
from staff.states import Role

MOST_ROWS = 200
LENGTHS = {
    1: pgettext_lazy("period", "Month"),
    3: pgettext_lazy("period", "Quarter"),
    12: pgettext_lazy("period", "Year"),
}
SHOWN_LABELS = {
    "due": gettext_lazy("Return visits due"),
    "done": gettext_lazy("Return visits done"),
    "missed": gettext_lazy("Return visits not done"),
    "late": gettext_lazy("Return visits late"),
    "ahead": gettext_lazy("Return visits not due yet"),
    "to_survey": gettext_lazy("Return visits done that ask a survey"),
    "surveyed": gettext_lazy("Return visits done with their survey"),
    "problems": gettext_lazy("Problems opened"),
    "problems_solved": gettext_lazy("Problems solved in time"),
    "needs": gettext_lazy("Needs opened"),
    "needs_met": gettext_lazy("Needs met in time"),
    "answered": gettext_lazy("Cases answered"),
    "surveys": gettext_lazy("Surveys with a score"),
    "satisfied": gettext_lazy("Satisfied customers"),
}


def _period(request: Request, *, now: datetime) -> Period:
    """The period that the address names; this month where it names none."""
    asked = request.GET.get("month", "")
    try:
        if asked:
            return read_period("month", asked)
    except ReportNotMade as refusal:
        messages.error(request, str(refusal))
    return period_around(timezone.localdate(now), months=1)


def _by(request: Request) -> str:
    """By person, unless asked by store; marketing sees no persons."""
    if request.reach.role == Role.MARKETING_MANAGER or request.GET.get("by") == "store":
        return "store"
    return "person"


@only(CUSTOMER_ROLES)
@require_safe
def follow_up(request: Request) -> HttpResponse:
    """Return visits against the target, cases in time, satisfaction, within one's reach."""
    now = timezone.now()
    period, by = _period(request, now=now), _by(request)
    percent = measures.target_of(period, now=now)
    groups = measures.figures_by(request.reach, period=period, by=by, now=now)
    names = measures.names_of(groups, by=by)
    total = measures.total_of(groups)
    kept = {"month": period.text, "by": by}
    asked = _asked(request, period, by)
    behind = rows_behind(asked, reach=request.reach, now=now) if asked else []
    context = {
        "period": period.label,
        "is_running": period.begins <= timezone.localdate(now) <= period.ends,
        "ahead": total.ahead,
        "target": percent_text(percent / 100),
        "earlier_url": _url(kept, month=period.moved(-1).text),
        "later_url": _url(kept, month=period.moved(1).text),
        "lengths": _lengths(period, kept),
        "scopes": _scopes(request, by, kept),
        "stats": _stats(total, kept, percent=percent),
        "by": _("Store") if by == "store" else _("Person"),
        "rows": [
            _row(key, names.get(key or 0, ""), groups[key], kept, percent=percent)
            for key in measures.in_order(groups, names, percent=percent)
        ],
        "steps": _steps(total, kept),
        "shown_label": SHOWN_LABELS[asked.show] if asked else "",
        "shown_of": _whose(asked, names) if asked else "",
        "shown_count": len(behind),
        "shown": behind[:MOST_ROWS],
        "more": max(len(behind) - MOST_ROWS, 0),
    }
    return TemplateResponse(request, "reports/follow_up.html", context)


def _asked(request: Request, period: Period, by: str) -> Asked | None:
    """Which figure is opened; None where the address names none that there is."""
    show, key = request.GET.get("show", ""), request.GET.get("key", "")
    is_key = key in ("", "none") or (key.isascii() and key.isdecimal() and len(key) < 10)
    if show not in SHOWN or not is_key:
        return None
    return Asked(period=period, by=by, key=key, show=show, step=request.GET.get("step", ""))


def _whose(asked: Asked, names: dict[int, str]) -> str:
    if asked.key == "none":
        return _("nobody yet")
    return names.get(int(asked.key), "") if asked.key else ""


def _url(kept: dict[str, str], **asked: str) -> str:
    query = urlencode({**kept, **{name: value for name, value in asked.items() if value}})
    anchor = "#behind" if "show" in asked else ""
    return f"{reverse('reports:follow_up')}?{query}{anchor}"


def _lengths(period: Period, kept: dict[str, str]) -> list[dict[str, object]]:
    """This month, its quarter, its year."""
    return [
        {
            "label": label,
            "url": _url(kept, month=period_around(period.begins, months=months).text),
            "is_current": months == period.months,
        }
        for months, label in LENGTHS.items()
    ]


def _scopes(request: Request, by: str, kept: dict[str, str]) -> list[dict[str, object]]:
    """By person or by store, for whoever sees several of either."""
    if not request.reach.leads_stores or request.reach.role == Role.MARKETING_MANAGER:
        return []
    offered = [("person", _("Person")), ("store", _("Store"))]
    return [
        {"label": label, "url": _url({**kept, "by": value}), "is_current": value == by}
        for value, label in offered
    ]


def _minutes(value: float | None) -> str:
    """A length in its largest fitting unit."""
    if value is None:
        return NOTHING
    if value < 90:
        return _("%(minutes)s min") % {"minutes": round(value)}
    return _("%(hours)s h") % {"hours": f"{value / 60:.1f}".removesuffix(".0")}


def _part(part: int, whole: int) -> str:
    """5 / 11: what the share was made of."""
    return f"{part} / {whole}" if whole else ""


def _of_cases(total: Figures) -> str:
    count = len(total.responses)
    said = ngettext("of %(count)s case", "of %(count)s cases", count) % {"count": count}
    return said if count else ""


def _of_surveys(total: Figures) -> str:
    count = total.surveys
    said = ngettext("of %(count)s survey", "of %(count)s surveys", count) % {"count": count}
    return said if count else ""


def _stat(value: str, label: str, formula: str, *, url: str, note: str) -> dict[str, object]:
    """One figure: what it is, how it is made, of how many."""
    return {"value": value, "label": label, "formula": formula, "url": url, "note": note,
            "unit": "", "tone": ""}  # fmt: skip


def _stats(total: Figures, kept: dict[str, str], *, percent: int) -> list[dict[str, object]]:
    def of(part: int, whole: int, label: str, formula: str, *, show: str) -> dict[str, object]:
        return _stat(percent_text(share(part, whole)), label, formula,
                     url=_url(kept, show=show), note=_part(part, whole))  # fmt: skip

    visits = of(
        total.done, total.due, _("return visits"),
        _("done by an effective contact within the month / due in the month"), show="done",
    )  # fmt: skip
    visits["tone"] = {"plain": ""}.get(tone := _standing(total, percent=percent)[0], tone)
    mean = NOTHING if total.satisfaction is None else f"{total.satisfaction:.2f}"
    return [
        visits,
        of(total.surveyed, total.to_survey, _("with their survey"),
           _("surveys asked / return visits done whose step asks one"), show="surveyed"),
        of(total.late, total.due, _("late"),
           _("done after their limit, or past it and not done / due"), show="late"),
        of(total.problems_solved, total.problems, _("problems solved in time"),
           _("solved within their working days at the first go / opened"), show="problems"),
        of(total.needs_met, total.needs, _("needs met in time"),
           _("met within their working days at the first go / opened"), show="needs"),
        _stat(_minutes(total.response), _("median to the first answer of a case"),
              _("from opening a case to the first answer, by the clock on the wall"),
              url=_url(kept, show="answered"), note=_of_cases(total)),
        _stat(mean, _("satisfaction, of 5"), _("mean of the scores of surveys"),
              url=_url(kept, show="surveys"), note=_of_surveys(total)),
        of(total.satisfied, total.surveys, _("satisfied"),
           _("surveys with a score of 4 and more / surveys with a score"), show="satisfied"),
    ]  # fmt: skip


COUNTED = ("due", "done", "late", "problems", "problems_solved", "needs", "needs_met", "surveys")
HEADS = {
    "due": gettext_lazy("Due"),
    "done": gettext_lazy("Done"),
    "late": pgettext_lazy("return visits", "Late"),
    "problems": gettext_lazy("Problems"),
    "problems_solved": gettext_lazy("Solved in time"),
    "needs": gettext_lazy("Needs"),
    "needs_met": gettext_lazy("Met in time"),
    "surveys": gettext_lazy("Surveys"),
}


def _standing(figures: Figures, *, percent: int) -> tuple[str, str]:
    """Tone and word beside a rate. What is still ahead is in it, so that whoever has done all that
    fell due by now is on course, and has met the target once the rate says so.
    """
    met = figures.met(percent)
    if met is None:
        return "plain", _("under way") if figures.ahead else ""
    if not met:
        return "late", _("below")
    is_reached = is_met(done=figures.done, due=figures.due, percent=percent)
    return ("good", _("met")) if is_reached else ("plain", _("on course"))


def _row(
    key: int | None, name: str, figures: Figures, kept: dict[str, str], *, percent: int
) -> dict[str, Any]:
    whose = "none" if key is None else str(key)
    tone, word = _standing(figures, percent=percent)
    return {
        "name": name or _("nobody yet"),
        "rate": percent_text(figures.rate),
        "surveyed": percent_text(share(figures.surveyed, figures.to_survey)),
        "surveyed_url": _url(kept, key=whose, show="to_survey"),
        "tone": tone,
        "word": word,
        "url": _url(kept, key=whose, show="missed" if tone == "late" else "due"),
        "figures": [
            {
                "name": each,
                "head": HEADS[each],
                "value": getattr(figures, each),
                "url": _url(kept, key=whose, show=each),
            }
            for each in COUNTED
        ],
        "score": NOTHING if figures.satisfaction is None else f"{figures.satisfaction:.2f}",
        "response": _minutes(figures.response),
    }


def _names_of(steps: Iterable[Step]) -> dict[str, str]:
    """What each step is called, by its code; with its plan where two are called the same."""
    found = list(steps)
    often = Counter(step.name for step in found)
    return {
        step.code: f"{step.name} · {step.plan.name}" if often[step.name] > 1 else step.name
        for step in found
    }


def _steps(total: Figures, kept: dict[str, str]) -> list[dict[str, object]]:
    """The return visits by step, the weakest first: all occurrences of a step under its name."""
    names = _names_of(Step.objects.filter(code__in=total.by_step).select_related("plan"))
    ordered = sorted(
        total.by_step.items(), key=lambda each: (each[1]["done"] / each[1]["due"], each[0])
    )
    return [
        {
            "name": names.get(code, code),
            "due": counted["due"],
            "done": counted["done"],
            "rate": percent_text(share(counted["done"], counted["due"])),
            "due_url": _url(kept, show="due", step=code),
            "done_url": _url(kept, show="done", step=code),
        }
        for code, counted in ordered
    ]
