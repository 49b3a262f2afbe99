"""A survey held with a customer, on the form on which its call is logged."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.phones import mask_in_text
from core.refusals import Refused
from core.services.sent import arrived
from followups import services
from followups.forms import BranchesForm, SurveyForm
from followups.forms.surveys import LATER, QUIET
from followups.models import SurveyResult, SurveyVersion
from followups.queries import surveys as queries
from followups.services import Logged, SurveyNotLogged
from followups.services.branches import Branches
from followups.services.surveys import Held
from followups.states import State, Way
from followups.views.at_hand import LogPage, open_page
from followups.views.fetching import get_customer_for
from followups.views.log import (
    branches_of,
    context_of,
    next_address,
    propose,
    say_logged,
    show_where_typed,
    terms_of,
)
from staff.access import only
from staff.requests import Request
from staff.scope import SERVING_ROLES

LONGEST_REMARKS = SurveyResult._meta.get_field("remarks").max_length or 0


@only(SERVING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: Request, pk: int) -> HttpResponse:
    """Hold the survey that the task at hand asks, or the one that the address names."""
    customer = get_customer_for(request, pk)
    page = open_page(request, customer)
    if request.method != "POST" and page.task is not None and page.task.state != State.OPEN:
        messages.info(request, _("This task is done already."))
        return redirect(page.day.address())
    if not (request.GET.get("code") or page.task or _posted(request, "version")):
        words = _(
            "No survey is due with this customer. Open a task that asks one, or log the contact."
        )
        messages.info(request, words)
        return redirect("desk:customer", pk)
    version = _version(request, page)
    form, branches = _forms(request, page, version)
    if request.method == "POST" and all([form.is_valid(), branches.is_valid()]):
        try:
            logged = _log(request, page, version, form, branches)
        except Refused as refusal:
            _show(request, form, branches, refusal)
        else:
            say_logged(request, logged)
            _say_what_came_of_it(request, logged)
            answer = redirect(next_address(request, page))
            return arrived(answer, _draft(page, version))
    return TemplateResponse(
        request, "followups/survey.html", _context(request, page, version, form, branches)
    )


def _posted(request: Request, name: str) -> int | None:
    """A row's number with which the form was drawn: a form sent twice is read the same."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _version(request: Request, page: LogPage) -> SurveyVersion:
    """What is asked: as the form was drawn, else as it is now (404 where nothing is asked)."""
    drawn = _posted(request, "version")
    found = queries.version_asked(drawn) if drawn is not None else None
    if found is not None:
        return found
    code = request.GET.get("code") or queries.survey_of(page.task.reasons if page.task else ())
    if not code:
        raise Http404
    return queries.newest_version(code)


def _forms(
    request: Request, page: LogPage, version: SurveyVersion
) -> tuple[SurveyForm, BranchesForm]:
    data = request.POST if request.method == "POST" else None
    reasons = page.task.reasons if page.task else ()
    drawn = _posted(request, "product")
    product = queries.product_asked_about(page.owned, reasons, drawn=drawn)
    terms = terms_of(page)
    if version.survey.code == queries.OF_A_VISIT and page.task is None:
        terms["way"] = Way.HOME_VISIT
    form = SurveyForm(data, version=version, product=product, **terms)
    propose(form, page)
    form.expect(request.GET.get("result", ""))
    return form, branches_of(request, page, asked=form.parts_asked)


def _log(
    request: Request,
    page: LogPage,
    version: SurveyVersion,
    form: SurveyForm,
    branches: BranchesForm,
) -> Logged:
    """Write down what was said; who was not reached said nothing."""
    said = dict(form.cleaned_data)
    is_willing, answers = said.pop("is_willing"), said.pop("answers")
    wish = said.pop("wish_for_peace")
    said |= {"task": page.task, "on_behalf_of": page.spoken_for}
    act = {"customer": page.customer, "by": request.user, "now": page.day.now, **said}
    if is_willing and not answers:
        return services.log_and_act(**act)
    for name in ("opens_case", "wish"):
        act.pop(name)
    held = Held(
        version=version,
        product=form.product,
        is_willing=is_willing,
        answers=answers,
        remarks=said["note"][:LONGEST_REMARKS],
    )
    came_of_it = _branches(form, branches) if is_willing else Branches(quiet=wish)
    contact = services.log_survey(held=held, branches=came_of_it, **act)
    return Logged(contact=contact, case=contact.cases.first())


def _branches(form: SurveyForm, branches: BranchesForm) -> Branches:
    """What the questions ask for themselves, and what was ticked beside them."""
    ticked = branches.branches()
    return replace(
        ticked,
        leads=[*form.leads(), *ticked.leads],
        renewal=form.renewal() or ticked.renewal,
        replacement=form.replacement() or ticked.replacement,
    )


def _show(request: Request, form: SurveyForm, branches: BranchesForm, refusal: Refused) -> None:
    """Put each reason where its answer was given."""
    if isinstance(refusal, SurveyNotLogged):
        for blocker, sentence in zip(refusal.blockers, refusal.sentences(), strict=True):
            code = str(blocker.params.get("question", ""))
            form.add_error(form.field_of_question(code, blocker.code) if code else None, sentence)
        return
    show_where_typed(request, form, branches, refusal)


def _say_what_came_of_it(request: Request, logged: Logged) -> None:
    """Who sees to what was complained of, in a line."""
    for case in logged.contact.cases.select_related("assignee").order_by("pk"):
        who = case.assignee.name if case.assignee else _("nobody yet")
        words = {"kind": case.get_kind_display(), "who": who}
        messages.info(request, _("%(kind)s opened; %(who)s sees to it.") % words)


def _draft(page: LogPage, version: SurveyVersion) -> str:
    task = page.task.pk if page.task else ""
    return f"survey:{page.customer.pk}:{task}:{version.survey.code}"


def _context(
    request: Request,
    page: LogPage,
    version: SurveyVersion,
    form: SurveyForm,
    branches: BranchesForm,
) -> dict[str, Any]:
    asked = {name: value for name, value in request.GET.dict().items() if name != "code"}
    plain = urlencode({**asked, "plain": "1"})
    return {
        **context_of(request, page, form),
        "draft": _draft(page, version),
        "survey": {"name": version.survey.name, "version": version.pk, "number": version.number},
        "product": {
            "pk": form.product.pk if form.product else "",
            "name": mask_in_text(form.product.product) if form.product else "",
        },
        "asks": list(form.asks()),
        "branches": branches,
        "later": LATER,
        "quiet": QUIET,
        "plain_url": f"{reverse('followups:log', args=[page.customer.pk])}?{plain}",
    }
