"""Pages of knowledge: the list, what a search finds, versions and proposals."""

from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404

from core.searching import sought as as_kept
from followups.models import Article, ArticleProposal, ArticleVersion, Step
from staff.models import Person

MOST_WORDS = 5
MOST_DECIDED = 30


def sought_words(text: str) -> list[str]:
    """The words of a search, in small letters."""
    return as_kept(text).lower().split()[:MOST_WORDS]


def articles_for_list(*, sought: Sequence[str] = ()) -> QuerySet[Article]:
    """Pages that hold every word sought, in either language; those out of use come last."""
    pages = Article.objects.order_by("-is_active", "position", "pk")
    for word in sought:
        pages = pages.filter(search__contains=word)
    return pages


def steps_beside(articles: Iterable[int]) -> dict[int, list[Step]]:
    """For each page the steps in use beside whose form it stands."""
    steps = Step.objects.filter(script__in=articles, is_active=True).select_related("plan")
    found: dict[int, list[Step]] = {}
    for step in steps.order_by("plan", "position", "pk"):
        found.setdefault(step.script_id or 0, []).append(step)
    return found


def get_article(pk: int) -> Article:
    """One page with who changed it last."""
    return get_object_or_404(Article.objects.select_related("changed_by"), pk=pk)


def versions_of(article: Article) -> QuerySet[ArticleVersion]:
    """The versions of a page, newest first."""
    return article.versions.select_related("made_by").order_by("-number")


def waiting_proposals(*, made_by: Person | None = None) -> QuerySet[ArticleProposal]:
    """Proposals that nobody has decided, oldest first, of all or of one person."""
    return _proposals_of(made_by).filter(decided_at=None).order_by("made_at", "pk")


def decided_proposals(*, made_by: Person | None = None) -> QuerySet[ArticleProposal]:
    """The proposals that were decided last, of all or of one person."""
    rows = _proposals_of(made_by).exclude(decided_at=None)
    return rows.order_by(F("decided_at").desc(), "-pk")[:MOST_DECIDED]


def get_proposal(pk: int, *, made_by: Person | None) -> ArticleProposal:
    """One proposal with its page; of another person's than `made_by` there is none (404)."""
    return get_object_or_404(_proposals_of(made_by), pk=pk)


def _proposals_of(made_by: Person | None) -> QuerySet[ArticleProposal]:
    rows = ArticleProposal.objects.select_related("article", "made_by", "decided_by")
    return rows.filter(made_by=made_by) if made_by else rows
