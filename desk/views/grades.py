"""Grades: another one, taken back, proposed by the rules and answered, and what they mean."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.days import moment_text
from core.listing.following import page_of
from core.listing.keyset import Order, SortKey
from core.phones import mask_in_text
from core.sentences import joined
from customers import queries
from customers import services as customers
from customers.models import Customer, GradeProposal
from customers.queries import grading
from customers.queries.knowing import KnownCustomer
from customers.services import GradeNotChanged
from customers.states import Grade
from desk import grade_words as words
from desk.card import head_of, proposed_for
from desk.forms.grades import AnswerForm, ConfirmForm, DeclineForm, GradeForm, IntentForm
from desk.views.cards import get_customer_for
from filings.models import Filing
from filings.queries.shown import holding
from followups import services as followups
from followups.queries.giving_up import filings_given_up
from followups.queries.plans import cadence_days
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, SERVING_ROLES
from staff.states import Trade

MOST_AT_ONCE = 100
OLDEST_FIRST = Order(SortKey(name="made", field="made_at", kind=datetime), False)


def _meanings() -> list[words.Meaning]:
    in_force = queries.parameters(timezone.localdate())
    return words.meanings(cadence_days(), b2_months=in_force.b2_months)


@only(CUSTOMER_ROLES)
@require_safe
def grades(request: Request) -> HttpResponse:
    """What the grades mean, and what follows from each."""
    context = {"meanings": _meanings()}
    return TemplateResponse(request, "desk/grades.html", context)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def regrade(request: Request, pk: int) -> HttpResponse:
    """Give another grade, with the reason (GRD-09); what the rules know stands beside it."""
    found = get_customer_for(request.reach, pk)
    form = GradeForm(request.POST or None, has_bought=queries.has_bought(found), grade=found.grade)
    if form.is_valid():
        try:
            followups.regrade(
                customer=found, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except GradeNotChanged as refusal:
            form.add_error("grade", str(refusal))
        else:
            _say_regraded(request, found, form.cleaned_data["grade"])
            return redirect("desk:customer", pk=pk)
    return TemplateResponse(request, "desk/regrade.html", _regrade_context(request, found, form))


def _regrade_context(request: Request, found: KnownCustomer, form: GradeForm) -> dict[str, object]:
    now = timezone.now()
    today = timezone.localdate(now)
    proposed, last = proposed_for(found, request.reach), grading.last_change(found)
    facts = grading.grade_facts(found, parameters=queries.parameters(today))
    return {
        "form": form,
        "customer": head_of(found),
        "ticks": words.ticks_of(facts),
        "meanings": _meanings(),
        "has_bought": facts.has_bought,
        "given_up": given_up(found, by=request.user, now=now),
        "proposed": proposed,
        "last": _change_in_words(last, now) if last else None,
        "undo_url": _undo_url(request, found),
        "intent_url": _intent_url(found),
        "back_url": reverse("desk:customer", args=[found.pk]),
    }


def given_up(found: Customer, *, by: Person, now: datetime) -> str:
    """The numbers of the filings that grade D would release; "" where there is none."""
    return _(", ").join(row.number for row in filings_given_up(found, by=by, now=now))


def _change_in_words(change, now) -> dict[str, str]:
    return {
        "before": change.before,
        "after": change.after,
        "who": change.by.name,
        "when": moment_text(change.at, now=now),
        "reason": mask_in_text(change.reason),
    }


def _undo_url(request: Request, found: Customer) -> str:
    """Where the last change is taken back, while this reader still may."""
    try:
        customers.change_to_undo(
            found,
            by=request.user,
            is_manager=request.reach.may_reassign,
            now=timezone.now(),
        )
    except GradeNotChanged:
        return ""
    return reverse("desk:undo_grade", args=[found.pk])


def _intent_url(found: Customer) -> str:
    return reverse("desk:intent", args=[found.pk]) if found.store.trade == Trade.CARS else ""


def _say_regraded(request: Request, found: Customer, grade: str) -> None:
    """One quiet line with the way back, while there is one (decision 14)."""
    messages.success(
        request,
        format_html(
            '{} <a class="link" href="{}">{}</a>',
            _("%(name)s is %(grade)s now.") % {"name": found.shown_name, "grade": grade},
            reverse("desk:undo_grade", args=[found.pk]),
            _("Take back"),
        ),
    )


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def undo_grade(request: Request, pk: int) -> HttpResponse:
    """Take the last change of grade back, within ten minutes (decision 14)."""
    found = get_customer_for(request.reach, pk)
    refusal = ""
    if request.method == "POST":
        try:
            grade = followups.undo_regrade(customer=found, by=request.user, now=timezone.now())
        except GradeNotChanged as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("The grade is %(grade)s again.") % {"grade": grade})
            return redirect("desk:customer", pk=pk)
    elif not _undo_url(request, found):
        refusal = _("There is no change of grade that you could take back now.")
    last = grading.last_change(found)
    context = {
        "customer": head_of(found),
        "last": _change_in_words(last, timezone.now()) if last else None,
        "refusal": refusal,
        "back_url": reverse("desk:customer", args=[pk]),
    }
    return TemplateResponse(request, "desk/grade_undo.html", context)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def set_intent(request: Request, pk: int) -> HttpResponse:
    """Note how soon a car buyer means to buy; other trades have no such scale (GRD-12)."""
    found = get_customer_for(request.reach, pk)
    if found.store.trade != Trade.CARS:
        raise Http404
    form = IntentForm(request.POST or None, initial={"intent": found.intent})
    if form.is_valid():
        customers.set_intent(
            customer=found, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        return redirect("desk:customer", pk=pk)
    context = {
        "form": form,
        "customer": head_of(found),
        "title": _("Intent level"),
        "hint": _(
            "How soon they mean to buy. It stands beside the grade and changes nothing of it."
        ),
        "submit_label": _("Save the level"),
        "back_url": reverse("desk:customer", args=[pk]),
    }
    return TemplateResponse(request, "desk/customer_act.html", context)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_grade(request: Request, pk: int) -> HttpResponse:
    """Give the grade that the rules propose, with the reason."""
    proposal = _proposal_for(request, pk)
    form = ConfirmForm(request.POST or None)
    released = ""
    if proposal.after == Grade.D:
        released = given_up(proposal.customer, by=request.user, now=timezone.now())
    if not released:
        del form.fields["keeps_filing"]
    if form.is_valid():
        try:
            followups.confirm_proposal(
                proposal=proposal,
                reason=form.reason,
                keeps_filing=form.cleaned_data.get("keeps_filing", False),
                by=request.user,
                now=timezone.now(),
            )
        except GradeNotChanged as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_regraded(request, proposal.customer, proposal.after)
            return redirect(_came_from(request, proposal))
    title = _("Grade %(before)s → %(after)s") % {"before": proposal.before, "after": proposal.after}
    return _answer_page(request, proposal, form, title, _("Confirm"), released=released)


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def decline_grade(request: Request, pk: int) -> HttpResponse:
    """The grade stays, with the reason; on the same facts it is not proposed again."""
    proposal = _proposal_for(request, pk)
    form = DeclineForm(request.POST or None)
    if form.is_valid():
        try:
            customers.decline_proposal(
                proposal=proposal, reason=form.reason, by=request.user, now=timezone.now()
            )
        except GradeNotChanged as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_came_from(request, proposal))
    title = _("Grade %(grade)s stays") % {"grade": proposal.before}
    return _answer_page(request, proposal, form, title, _("Decline"))


def _proposal_for(request: Request, pk: int) -> GradeProposal:
    """The open proposal `pk` for a customer within reach; any other does not exist (404)."""
    return get_object_or_404(grading.open_proposals(request.reach), pk=pk)


def _came_from(request: Request, proposal: GradeProposal) -> str:
    """Back to the list where one came from it, else to the card."""
    if request.GET.get("from") == "list":
        return reverse("desk:grade_proposals")
    return reverse("desk:customer", args=[proposal.customer_id])


def _answer_page(
    request: Request,
    proposal: GradeProposal,
    form: AnswerForm,
    title: str,
    submit_label: str,
    *,
    released: str = "",
) -> HttpResponse:
    today = timezone.localdate()
    sentence = words.proposed_in_words(after=proposal.after, because=proposal.because)
    hint = [f"{sentence}{_('.')}", words.facts_in_words(proposal, today=today)]
    if proposal.after == Grade.D and isinstance(form, ConfirmForm):
        hint.append(
            _("Grade D ends the tasks to win the customer. For ten minutes it can be taken back.")
        )
    if released:
        said = _("D also releases the filing %(numbers)s: others may file this customer at once.")
        hint.append(said % {"numbers": released})
    context = {
        "form": form,
        "customer": head_of(get_customer_for(request.reach, proposal.customer_id)),
        "title": title,
        "hint": joined(hint),
        "submit_label": submit_label,
        "back_url": _came_from(request, proposal),
    }
    return TemplateResponse(request, "desk/customer_act.html", context)


@only(CUSTOMER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def grade_proposals(request: Request) -> HttpResponse:
    """What the rules propose within one's reach, oldest first; several of one grade at once."""
    may_answer = request.reach.may_serve
    waiting = grading.open_proposals(request.reach)
    after = request.GET.get("to", "")
    if after in Grade.values:
        waiting = waiting.filter(after=after)
    form = ConfirmForm(request.POST or None) if may_answer else None
    if form is not None and request.method == "POST" and _confirm_ticked(request, form, waiting):
        return redirect(request.get_full_path())
    found, next_url = page_of(request, waiting, OLDEST_FIRST)
    context = {
        "rows": [_row(cast(GradeProposal, proposal)) for proposal in found],
        "chips": _chips(after),
        "form": form,
        "next_url": next_url,
        "may_answer": may_answer,
        "may_tick": may_answer and after in Grade.values,
        "may_keep": after == Grade.D and _some_filed(found),
    }
    return TemplateResponse(request, "desk/grade_proposals.html", context)


def _some_filed(rows: Sequence[Model]) -> bool:
    """Whether a filing protects one of these customers, which grade D could release."""
    customers = [cast(GradeProposal, row).customer_id for row in rows]
    return Filing.objects.filter(holding(timezone.now()), customer__in=customers).exists()


def _row(proposal: GradeProposal) -> dict[str, object]:
    now = timezone.now()
    customer = proposal.customer
    return {
        "pk": proposal.pk,
        "customer": customer,
        "before": proposal.before,
        "after": proposal.after,
        "why": proposal.get_because_display(),
        "facts": words.facts_in_words(proposal, today=timezone.localdate(now)),
        "keeper": customer.owner.name if customer.owner else _("nobody"),
        "store": customer.store.name,
        "since": moment_text(proposal.made_at, now=now),
    }


def _chips(current: str) -> list[dict[str, object]]:
    targets = [grade for grade in Grade if grade != Grade.B1]
    return [
        {"label": _("All"), "url": "?", "is_current": current not in Grade.values},
        *(
            {"label": f"→ {grade}", "url": f"?to={grade}", "is_current": grade == current}
            for grade in targets
        ),
    ]


def _confirm_ticked(request: Request, form: ConfirmForm, waiting: QuerySet[GradeProposal]) -> bool:
    """Confirm what was ticked, with one reason; False where the page has to say what is wrong."""
    asked = request.POST.getlist("proposal")[:MOST_AT_ONCE]
    ticked = list(waiting.filter(pk__in=[pk for pk in asked if pk.isdecimal() and len(pk) < 19]))
    if not ticked:
        form.add_error(None, _("Tick at least one customer who is still waiting."))
    if not form.is_valid():
        return False
    try:
        count = followups.confirm_proposals(
            proposals=ticked,
            reason=form.reason,
            keeps_filing=form.cleaned_data["keeps_filing"],
            by=request.user,
            now=timezone.now(),
        )
    except GradeNotChanged as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request,
        ngettext("%(count)s grade given.", "%(count)s grades given.", count) % {"count": count},
    )
    return True
