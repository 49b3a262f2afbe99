"""Writing pages of knowledge: new ones, next versions, proposals and what becomes of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.refusals import Refused
from core.services.sent import arrived
from followups.forms.articles import ArticleForm, DecisionForm, InUseForm, WordsForm
from followups.forms.rebasing import Conflict, rebased
from followups.models import Article, ArticleProposal
from followups.queries import articles as queries
from followups.scripts import read
from followups.services.articles import (
    add_article,
    change_article,
    decide_proposal,
    propose_change,
    set_article_in_use,
)
from followups.views.articles import PROPOSING_ROLES, changed_words, changes_of
from staff.access import only
from staff.requests import Request
from staff.scope import PLAN_ROLES

LOOK = "look"
Written = Article | ArticleProposal


@only(PLAN_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: Request) -> HttpResponse:
    """A page that is not there yet."""
    form = ArticleForm(request.POST or None)

    def save() -> Article:
        return add_article(
            terms=form.terms(), key=form.cleaned_data["key"], **_signed(request, form)
        )

    if (page := _saved(request, form, save)) is not None:
        messages.success(request, _("The page is there."))
        return arrived(redirect("followups:article", page.pk), "article:new")
    return _editor(request, form, heading=_("A new page"), draft="article:new")


@only(PLAN_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_article(request: Request, pk: int) -> HttpResponse:
    """The next version of a page."""
    page = queries.get_article(pk)
    form = ArticleForm(request.POST or None, initial=ArticleForm.initial_of(page))
    draft = f"article:{page.pk}:{page.number}"

    def save() -> Article:
        seen = form.cleaned_data["seen"]
        return change_article(article=page, seen=seen, terms=form.terms(), **_signed(request, form))

    try:
        saved = _saved(request, form, save)
    except Quicker:
        page = queries.get_article(pk)
        draft = f"article:{page.pk}:{page.number}"
        return _editor(
            request, form, heading=page.title, page=page, draft=draft, quicker=_lay_over(form, page)
        )
    if saved is not None:
        messages.success(request, _("Saved as version %(number)s.") % {"number": page.number})
        return arrived(redirect("followups:article", page.pk), draft)
    return _editor(request, form, heading=page.title, page=page, draft=draft)


@only(PROPOSING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def propose_article(request: Request, pk: int) -> HttpResponse:
    """What a store would say differently, put before marketing and operations."""
    page = queries.get_article(pk)
    form = WordsForm(request.POST or None, initial=WordsForm.initial_of(page))
    draft = f"proposal:{page.pk}:{page.number}"

    def save() -> ArticleProposal:
        seen, key = form.cleaned_data["seen"], form.cleaned_data["key"]
        return propose_change(
            article=page, terms=form.terms(page), seen=seen, key=key, **_signed(request, form)
        )

    if _saved(request, form, save) is not None:
        messages.success(request, _("Proposed. Marketing and operations are told."))
        return arrived(redirect("followups:article", page.pk), draft)
    return _editor(request, form, heading=page.title, page=page, draft=draft, is_proposal=True)


class Quicker(Exception):
    """Somebody else has saved another version first."""


def _lay_over(form: ArticleForm, page: Article) -> Conflict:
    """What was typed, on top of the version that somebody else saved first."""
    return rebased(
        form,
        ArticleForm.initial_of(page),
        by=page.changed_by,
        at=page.changed_at,
        newest_url=reverse("followups:article", args=[page.pk]),
    )


def _signed(request: Request, form: WordsForm) -> dict[str, Any]:
    """Who writes, when, and why."""
    return {"note": form.cleaned_data["note"], "by": request.user, "now": timezone.now()}


def _saved(request: Request, form: WordsForm, save: Callable[[], Written]) -> Written | None:
    """What `save` makes of the form; None where it is shown again: new, looked at, or refused."""
    is_valid = request.method == "POST" and form.is_valid()
    if not is_valid or request.POST.get("act") == LOOK:
        return None
    try:
        return save()
    except Refused as refusal:
        if "changed_meanwhile" in refusal.codes:
            raise Quicker from refusal
        _say(form, refusal)
        return None


def _say(form: WordsForm, refusal: Refused) -> None:
    for sentence in refusal.sentences():
        form.add_error(None, sentence)


def _editor(
    request: Request,
    form: WordsForm,
    *,
    heading: str,
    draft: str,
    page: Article | None = None,
    is_proposal: bool = False,
    quicker: Conflict | None = None,
) -> HttpResponse:
    """The form with, beside it, the page as it will be read."""
    is_typed = request.method == "POST"
    form.is_valid()
    typed: dict[str, Any] = form.cleaned_data if is_typed else dict(form.initial)
    context = {
        "form": form,
        "conflict": quicker,
        "heading": heading,
        "article": page,
        "draft": draft,
        "is_proposal": is_proposal,
        "looks": [
            {
                "title": typed.get(f"title_{code}") or "",
                "html": read(typed.get(f"body_{code}") or ""),
            }
            for code in ("zh", "en")
        ],
    }
    is_look = request.htmx and is_typed
    part = "#look" if is_look else ""
    return TemplateResponse(request, f"followups/article_edit.html{part}", context)


@only(PLAN_ROLES)
@require_POST
def use_article(request: Request, pk: int) -> HttpResponse:
    """Take a page out of use, or bring it back."""
    page = queries.get_article(pk)
    form = InUseForm(request.POST)
    if form.is_valid():
        is_active = form.cleaned_data["is_active"]
        try:
            set_article_in_use(
                article=page, is_active=is_active, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            words = _("The page is in use again.") if is_active else _("The page is out of use.")
            messages.success(request, words)
    return redirect("followups:article", page.pk)


@only(PLAN_ROLES | PROPOSING_ROLES)
@require_safe
def article_proposals(request: Request) -> HttpResponse:
    """What stores propose: all of it for those who decide, their own for those who propose."""
    may_decide = request.reach.has_role(PLAN_ROLES)
    made_by = None if may_decide else request.user
    context = {
        "waiting": [_told(row) for row in queries.waiting_proposals(made_by=made_by)],
        "decided": [_told(row) for row in queries.decided_proposals(made_by=made_by)],
        "may_decide": may_decide,
    }
    return TemplateResponse(request, "followups/article_proposals.html", context)


def _told(row: ArticleProposal) -> dict[str, object]:
    """A proposal in the list."""
    return {
        "pk": row.pk,
        "title": row.article.title,
        "made": changed_words(row.made_at, row.made_by),
        "note": row.note,
        "outcome": _outcome(row),
    }


def _outcome(row: ArticleProposal) -> str:
    if row.decided_at is None:
        return ""
    word = pgettext("a proposal", "taken") if row.is_taken else _("declined")
    decided = changed_words(row.decided_at, row.decided_by)
    return _("%(outcome)s: %(decided)s") % {"outcome": word, "decided": decided}


@only(PLAN_ROLES | PROPOSING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def article_proposal(request: Request, pk: int) -> HttpResponse:
    """One proposal against the page as it is now; taken or declined by those who write pages."""
    may_decide = request.reach.has_role(PLAN_ROLES)
    row = queries.get_proposal(pk, made_by=None if may_decide else request.user)
    form = DecisionForm(request.POST) if request.method == "POST" and may_decide else None
    error = ""
    if form is not None and form.is_valid():
        is_taken = form.cleaned_data["act"] == "take"
        try:
            decide_proposal(
                proposal=row,
                is_taken=is_taken,
                seen=form.cleaned_data["seen"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            error = str(refusal)
            row = queries.get_proposal(pk, made_by=None)
        else:
            done = _("Taken: the page has a new version.") if is_taken else _("Declined.")
            messages.success(request, done)
            return redirect("followups:article_proposals")
    return TemplateResponse(
        request,
        "followups/article_proposal.html",
        {
            "proposal": row,
            "article": row.article,
            "made": changed_words(row.made_at, row.made_by),
            "outcome": _outcome(row),
            "has_moved_on": row.based_on != row.article.number and row.decided_at is None,
            "differences": changes_of(row.article, row) if row.decided_at is None else [],
            "title": row.title,
            "html": read(row.body),
            "may_decide": may_decide and row.decided_at is None,
            "error": error,
        },
    )
