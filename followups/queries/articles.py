"""Pages of knowledge: the list, what a search finds, versions and proposals."""

from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404

from followups.models import Article, ArticleProposal, ArticleVersion, Step

MOST_WORDS = 5


def sought_words(text: str) -> list[str]:
    """The words of a search, in small letters."""
    return text.lower().split()[:MOST_WORDS]


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


def waiting_proposals() -> QuerySet[ArticleProposal]:
    """Proposals that nobody has decided, oldest first."""
    rows = ArticleProposal.objects.select_related("article", "made_by")
    return rows.filter(decided_at=None).order_by("made_at", "pk")


def decided_proposals(*, most: int = 30) -> QuerySet[ArticleProposal]:
    """The proposals that were decided last."""
    rows = ArticleProposal.objects.select_related("article", "made_by", "decided_by")
    return rows.exclude(decided_at=None).order_by(F("decided_at").desc(), "-pk")[:most]


def get_proposal(pk: int) -> ArticleProposal:
    """One proposal with its page."""
    rows = ArticleProposal.objects.select_related("article", "made_by", "decided_by")
    return get_object_or_404(rows, pk=pk)
