"""Knowledge: found and read by all who meet customers, kept by marketing and operations."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.days import moment_text
from core.plain_text import TextRefused, clean_text
from followups import rules
from followups.models import Article, Step
from followups.models.knowledge import Words
from followups.queries import articles as queries
from followups.scripts import blanks, read
from followups.states import ArticleKind
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, PLAN_ROLES
from staff.states import UNIT_MANAGER_ROLES

# Store managers and field supervisors propose; marketing and operations write.
PROPOSING_ROLES = frozenset(UNIT_MANAGER_ROLES)
LONGEST_SEARCH = 60

GROUPS = {
    "steps": gettext_lazy("Scripts for calls and visits"),
    "situations": gettext_lazy("Scripts for situations"),
    "training": gettext_lazy("Training"),
    "retired": gettext_lazy("Out of use"),
}


@only(CUSTOMER_ROLES)
@require_safe
def knowledge(request: Request) -> HttpResponse:
    """All pages by kind, or those that hold what is sought."""
    text = _asked(request)
    sought = queries.sought_words(text)
    may_edit = request.reach.has_role(PLAN_ROLES)
    pages = queries.articles_for_list(sought=sought)
    found = list(pages if may_edit else pages.filter(is_active=True))
    steps = queries.steps_beside([page.pk for page in found])
    groups: dict[str, list[dict[str, object]]] = {}
    for page in found:
        row = _row(page, steps.get(page.pk, []), sought)
        groups.setdefault(_group_of(page), []).append(row)
    proposals = queries.waiting_proposals() if may_edit else None
    context = {
        "text": text,
        "groups": [
            {"title": str(title), "rows": groups[name]}
            for name, title in GROUPS.items()
            if name in groups
        ],
        "count": len(found),
        "may_edit": may_edit,
        "waiting": proposals.count() if proposals is not None else 0,
        "may_propose": request.reach.has_role(PROPOSING_ROLES),
    }
    part = "#found" if request.htmx else ""
    return TemplateResponse(request, f"followups/knowledge.html{part}", context)


def _asked(request: Request) -> str:
    try:
        return clean_text(request.GET.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH)
    except TextRefused:
        return ""


def _group_of(page: Article) -> str:
    if not page.is_active:
        return "retired"
    if page.kind == ArticleKind.TRAINING:
        return "training"
    return "situations" if page.situation else "steps"


def _row(page: Article, steps: list[Step], sought: list[str]) -> dict[str, object]:
    """A page in the list: its title, where it stands, and what was found in it."""
    first, second = (page.body_zh, page.body_en)
    if page.body == page.body_en:
        first, second = second, first
    slots = blanks()
    found = (rules.excerpt(text, sought, slots=slots) for text in (first, second))
    return {
        "pk": page.pk,
        "title": rules.marked(page.title, sought),
        "where": where_of(page, steps),
        "excerpt": next(filter(None, found), []),
    }


def where_of(page: Article, steps: list[Step]) -> str:
    """When a script stands beside the form: its situation, its steps."""
    words = [str(page.get_situation_display())] if page.situation else []
    words += [step.name for step in steps]
    return _(", ").join(dict.fromkeys(words))


@only(CUSTOMER_ROLES)
@require_safe
def article(request: Request, pk: int) -> HttpResponse:
    """One page, to be read on a phone and printed."""
    page = queries.get_article(pk)
    steps = queries.steps_beside([page.pk]).get(page.pk, [])
    may_propose = request.reach.has_role(PROPOSING_ROLES) and page.is_active
    return TemplateResponse(
        request,
        "followups/article.html",
        {
            "article": page,
            "kind": page.get_kind_display(),
            "where": where_of(page, steps),
            "html": read(page.body),
            "changed": changed_words(page.changed_at, page.changed_by),
            "may_edit": request.reach.has_role(PLAN_ROLES),
            "may_propose": may_propose,
        },
    )


def changed_words(at, by: Person | None) -> str:
    """12 March 10:20, He Yun; what shipped was written by nobody here."""
    if by is None:
        return _("as shipped")
    return _("%(moment)s, %(person)s") % {
        "moment": moment_text(at, now=timezone.now()),
        "person": by.name,
    }


@only(CUSTOMER_ROLES)
@require_safe
def article_versions(request: Request, pk: int) -> HttpResponse:
    """All versions of a page, newest first."""
    page = queries.get_article(pk)
    rows = [
        {
            "number": version.number,
            "changed": changed_words(version.made_at, version.made_by),
            "note": version.note,
            "is_current": version.number == page.number,
        }
        for version in queries.versions_of(page)
    ]
    context = {"article": page, "versions": rows}
    return TemplateResponse(request, "followups/article_versions.html", context)


@only(CUSTOMER_ROLES)
@require_safe
def article_version(request: Request, pk: int, number: int) -> HttpResponse:
    """One version of a page as it was, and what it changed of the one before."""
    page = queries.get_article(pk)
    version = get_object_or_404(queries.versions_of(page), number=number)
    before = queries.versions_of(page).filter(number__lt=number).first()
    return TemplateResponse(
        request,
        "followups/article_version.html",
        {
            "article": page,
            "number": version.number,
            "title": version.title,
            "html": read(version.body),
            "changed": changed_words(version.made_at, version.made_by),
            "note": version.note,
            "is_current": version.number == page.number,
            "before": before.number if before else 0,
            "differences": changes_of(before, version) if before else [],
        },
    )


def changes_of(before: Words, after: Words) -> list[dict[str, object]]:
    """What changed, part by part; parts that stayed are left out."""
    parts = (
        ("title_zh", _("Title in Chinese")),
        ("body_zh", _("Text in Chinese")),
        ("title_en", _("Title in English")),
        ("body_en", _("Text in English")),
    )
    return [
        {
            "label": label,
            "lines": rules.differences(before=getattr(before, name), after=getattr(after, name)),
        }
        for name, label in parts
        if getattr(before, name) != getattr(after, name)
    ]
