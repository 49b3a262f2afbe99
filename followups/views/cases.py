"""Service cases (工单): the list, one case with its trail and clock, and every act on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.forms import show_refusal
from core.phones import mask_in_text
from core.refusals import Refused
from customers.models import Contact
from followups import services
from followups.asking_panel import panel_for_asking
from followups.forms import cases as forms
from followups.guard_panel import Asked, GuardPanel, panel_for
from followups.lists.cases import CASES
from followups.models import Case
from followups.queries import cases as queries
from followups.queries.guarding import override_given
from followups.rows import call_url_of, log_url
from followups.services.case_rating import REASON, TALKED
from followups.showing_cases import clock_of, facts_of, line_of, trail_of
from followups.states import RETURN_CASES, RUNNING_CASES, SOLVED_CASES, CaseState
from followups.views.fetching import get_customer_for
from staff.access import only
from staff.queries import people_of_store
from staff.requests import Request
from staff.scope import CASE_ROLES, CUSTOMER_ROLES, ORDER_READERS, REASSIGNING_ROLES

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that can be done with a case: its button, its form, its service."""

    name: str
    label: Words
    icon: str
    form: type[forms.CaseActForm]
    run: Callable[..., Any]
    said: Words
    states: tuple[CaseState, ...]
    hint: Words = ""


ACTS = (
    Act(
        name="solve", label=pgettext_lazy("of a case", "Note as solved"), icon="circle-check",
        form=forms.SolveForm, run=services.solve_case, states=RUNNING_CASES,
        said=gettext_lazy("Solved. Ask the customer how satisfied they are."),
        hint=gettext_lazy("The customer is asked afterwards; 1 or 2 of 5 opens the case again."),
    ),
    Act(
        name="resume", label=gettext_lazy("Let the clock run again"), icon="refresh",
        form=forms.ResumeForm, run=services.resume_case,
        said=gettext_lazy("The clock runs again."), states=(CaseState.PAUSED,),
        hint=gettext_lazy("The working days of the pause come on top."),
    ),
    Act(
        name="rate", label=gettext_lazy("Note how satisfied"), icon="star", form=forms.RateForm,
        run=services.rate_case, said="", states=(CaseState.SOLVED,),
        hint=gettext_lazy("1 or 2 opens the case again, and needs the customer's words."),
    ),
    Act(
        name="answer", label=gettext_lazy("Note the first answer"), icon="message",
        form=forms.AnswerForm, run=services.answer_case,
        said=gettext_lazy("The first answer is noted."), states=RUNNING_CASES,
        hint=gettext_lazy("A contact logged from the list is a first answer, too."),
    ),
    Act(
        name="note", label=gettext_lazy("Write a note"), icon="edit", form=forms.NoteForm,
        run=services.note_on_case, said=gettext_lazy("Noted."),
        states=(*RUNNING_CASES, *SOLVED_CASES),
    ),
    Act(
        name="assign", label=gettext_lazy("Give to somebody"), icon="user-check",
        form=forms.AssignForm, run=services.assign_case,
        said=gettext_lazy("The case changed hands; its clock runs on."), states=RUNNING_CASES,
    ),
    Act(
        name="pause", label=gettext_lazy("Let the clock rest"), icon="clock", form=forms.PauseForm,
        run=services.pause_case, said=gettext_lazy("The clock rests."),
        states=(CaseState.OPEN,),
        hint=gettext_lazy("Meanwhile the case is on nobody's list of the day, and is not late."),
    ),
    Act(
        name="escalate", label=pgettext_lazy("of a case", "Report up"), icon="arrow-up",
        form=forms.EscalateForm, run=services.escalate_case,
        said=gettext_lazy("Reported up."), states=RUNNING_CASES,
        hint=gettext_lazy("Whoever leads the store is told at once; a manager's own case goes to"
                          " operations."),
    ),
    Act(
        name="reopen", label=gettext_lazy("Open again"), icon="refresh", form=forms.ReopenForm,
        run=services.reopen_case, said=gettext_lazy("The case is open again, with a new clock."),
        states=SOLVED_CASES,
    ),
    Act(
        name="void", label=pgettext_lazy("of a case", "Void"), icon="x",
        form=forms.VoidCaseForm, run=services.void_case,
        said=gettext_lazy("The case is taken back. It stays readable."),
        states=(*RUNNING_CASES, *SOLVED_CASES),
        hint=gettext_lazy("Whoever opened it within ten minutes, a manager at any time."),
    ),
)  # fmt: skip


@only(CUSTOMER_ROLES)
@require_safe
def cases(request: Request) -> HttpResponse:
    """The cases within reach, the clock that ends first on top."""
    now = timezone.now()
    found = CASES.open(
        request,
        queries.cases_for_list(request.reach),
        filter_with={"reach": request.reach, "now": now},
        draw_with={"now": now},
    )
    counts = _counts(request, now=now)
    return CASES.answer(request, found, "followups/cases.html", {"counts": counts})


def _counts(request: Request, *, now: datetime) -> list[dict[str, object]]:
    """How many run, are late, rest, and wait for the customer's word; each opens its rows."""
    counts = queries.counts_of_cases(request.reach, now=now)
    here = reverse("followups:cases")
    asked = {name: value for name, value in request.GET.items() if value and name != "part"}
    offered = [
        (counts.running, _("running"), {}, ""),
        (counts.late, _("past their clock"), {"clock": "late"}, "late"),
        (counts.paused, _("paused"), {"state": "paused"}, ""),
        (counts.unasked, _("customer not asked yet"), {"state": "solved"}, "soon"),
    ]
    return [
        {
            "value": value,
            "label": label,
            "url": f"{here}?{'&'.join(f'{key}={each}' for key, each in query.items())}".rstrip("?"),
            "tone": tone if value else "",
            "is_current": asked == query,
        }
        for value, label, query, tone in offered
    ]


def _offered(request: Request, case: Case, *, is_bound: bool, now: datetime) -> list[Act]:
    """What this reader may do with the case as it stands, the first thing first."""
    if not request.reach.has_role(CASE_ROLES):
        return []
    acts = [act for act in ACTS if case.state in act.states]
    if is_bound:
        return [act for act in acts if act.name == "note"]
    hidden = set()
    if case.answered_at is not None:
        hidden.add("answer")
    if case.escalated_at is not None:
        hidden.add("escalate")
    if services.blockers_of_void_case(case, by=request.user, now=now, reason="?"):
        hidden.add("void")
    return [act for act in acts if act.name not in hidden]


@only(CUSTOMER_ROLES)
@require_safe
def case(request: Request, pk: int) -> HttpResponse:
    """One case: what it is about, how its clock stands, what may be done, what was done."""
    found, now = queries.get_case_for(request.reach, pk), timezone.now()
    is_bound = queries.is_bound(found, request.user, now=now)
    offered = _offered(request, found, is_bound=is_bound, now=now)
    links = [{"label": act.label, "icon": act.icon, "url": _act_url(found, act)} for act in offered]
    first = 1 if offered and offered[0].name in ("solve", "resume", "rate") else 0
    if found.state == CaseState.PAUSED:
        links[:2] = reversed(links[:2])
    customer = found.customer
    may_log = request.reach.may_serve and found.state in RUNNING_CASES
    context = {
        **_shown(found, now=now),
        "facts": facts_of(found, now=now),
        "trail": trail_of(queries.events_of(found), now=now),
        "main": links[0] if first else None,
        "acts": links[first:],
        "returns_url": reverse("orders:returns_of_case", args=[found.pk])
        if found.kind in RETURN_CASES and request.reach.has_role(ORDER_READERS)
        else "",
        "is_about_reader": found.about_id == request.reach.person_id,
        "is_about_theirs": is_bound and found.about_id != request.reach.person_id,
        "solution": mask_in_text(found.solution),
        "log_url": log_url(customer.pk, task_id=queries.task_of_case(found), kept={})
        if may_log
        else "",
        "call_url": call_url_of(customer.pk) if may_log and request.reach.may_reveal else "",
    }
    return TemplateResponse(request, "followups/case.html", context)


def _act_url(case: Case, act: Act) -> str:
    return reverse("followups:case_act", args=[case.pk, act.name])


def _shown(case: Case, *, now: datetime) -> dict[str, object]:
    """The head of a case: number, kind, customer, clock, words."""
    return {
        "case": line_of(case, now=now),
        "text": mask_in_text(case.text),
        "clock": clock_of(case, now=now),
        "customer": case.customer,
        "title": case.customer.shown_title,
    }


@only(CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def case_act(request: Request, pk: int, name: str) -> HttpResponse:
    """One act on a case: a few words, one button."""
    found, now = queries.get_case_for(request.reach, pk), timezone.now()
    act = next((act for act in ACTS if act.name == name), None)
    if act is None:
        raise Http404
    if name != "note" and queries.is_bound(found, request.user, now=now):
        raise PermissionDenied
    able = queries.able_people(found.customer, about=found.about, now=now)
    if found.assignee_id is not None:
        able = able.exclude(pk=found.assignee_id)
    form = act.form(request.POST if request.method == "POST" else None, able=able)
    if isinstance(form, forms.RateForm) and not request.reach.may_serve:
        form.only_note()
    if request.method == "POST" and form.is_valid():
        try:
            done = act.run(case=found, by=request.user, now=now, **form.cleaned_data)
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
            found = queries.get_case_for(request.reach, pk)
        else:
            is_reopened = act.name == "rate" and bool(done)
            say = messages.warning if is_reopened else messages.success
            say(request, _said(act, done))
            return redirect("followups:case", pk=pk)
    context = {
        **_shown(found, now=now),
        "act": act,
        "form": form,
        "is_closed": found.state not in act.states,
    }
    if not isinstance(form, forms.RateForm):
        return TemplateResponse(request, "followups/case_act.html", context)
    asking = panel_for_asking(found, reach=request.reach, by=request.user, now=now)
    talks = request.reach.may_serve
    if talks:
        form.expect_call(asking is not None)
    context |= {
        "asking": asking,
        "solution": mask_in_text(found.solution),
        "guard": _guard(request, found, form, now=now) if talks else None,
    }
    return TemplateResponse(request, "followups/case_rate.html", context)


def _guard(request: Request, found: Case, form: forms.RateForm, *, now: datetime) -> GuardPanel:
    """What speaks against the talk; the reason that was given for the call is not asked again."""
    ways = {way.value: way for way in TALKED}
    asked = Asked(ways=ways, field="channel", reason=REASON)
    panel = panel_for(found.customer, task=None, asked=asked, now=now)
    if panel.chosen:
        form.answer_guard(override_given(found.customer, by=request.user, now=now))
        if panel.wishes_no_contact and request.user.role not in REASSIGNING_ROLES:
            form.offer_need_alone()
    return panel


def _said(act: Act, done: object) -> str:
    """What the page says once it is done."""
    if act.name == "rate":
        if done:
            return _("The customer is not satisfied: the case is open again, with a new clock.")
        return _("Thank you. The case is closed.")
    if act.name == "escalate":
        return _("Reported up to %(who)s.") % {"who": getattr(done, "name", "")}
    return str(act.said)


@only(CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: Request, pk: int) -> HttpResponse:
    """Open a case for this customer; `contact` in the address says where it came up."""
    customer, now = get_customer_for(request, pk), timezone.now()
    contact = _contact(request, customer.pk)
    form = forms.OpenCaseForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        able=queries.able_people(customer, about=None, now=now),
        staff=queries.staff_of(customer, people_of_store(customer.store)),
        initial={"kind": request.GET.get("kind", ""), "text": mask_in_text(contact.note[:1000])}
        if contact
        else {"kind": request.GET.get("kind", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_case(
                customer=customer, contact=contact, by=request.user, now=now, **form.cleaned_data
            )
        except Refused as refusal:
            show_refusal(form, refusal, form.fields_of_codes)
        else:
            who = opened.assignee.name if opened.assignee else _("nobody yet")
            messages.success(
                request,
                _("Case %(number)s is open. Seen to by %(who)s.")
                % {"number": opened.pk, "who": who},
            )
            return redirect("followups:case", pk=opened.pk)
    context = {
        "form": form,
        "customer": customer,
        "title": customer.shown_title,
        "back_url": f"{reverse('desk:customer', args=[customer.pk])}?tab=cases",
    }
    return TemplateResponse(request, "followups/case_open.html", context)


def _contact(request: Request, customer_id: int) -> Contact | None:
    """The contact in which it came up; another customer's is none (404)."""
    asked = request.GET.get("contact", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    return get_object_or_404(Contact, pk=int(asked), customer=customer_id)
