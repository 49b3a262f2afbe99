"""Pages of knowledge: written, changed with every version kept, proposed by stores, decided."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text
from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from followups import rules
from followups.models import Article, ArticleProposal, ArticleVersion, Step
from followups.rules import ArticleTerms
from staff.models import Person
from staff.scope import PLAN_ROLES
from staff.services.notices import Telling, tell, tell_many
from staff.states import NoticeKind
from staff.told import in_both

LONGEST_CODE = 50


class ArticleNotSaved(Refused):
    """A page could not be written, changed or decided on."""

    messages = {
        "words_missing": _("Write the title and the text in both languages."),
        "number_in_text": _(
            "There is a phone number in the text. Everybody reads this page: leave the number out."
        ),
        "situation_is_a_scripts": _("Only a script is for a situation."),
        "unknown_slot": _(
            "%(slot)s is no placeholder. There are {name}, {title}, {product}, {person} and "
            "{store}."
        ),
        "clause_is_no_clause": _("Name clauses like KNW-05, with commas between them."),
        "changed_meanwhile": _(
            "Somebody else changed this page in the meantime. Copy what you typed, look at the "
            "page again, then change it."
        ),
        "nothing_changed": _("Nothing is changed yet."),
        "stands_beside_a_step": _(
            "This script stands beside “%(step)s”. Choose another one there first."
        ),
        "out_of_use": _("This page is no longer in use."),
        "decided_already": _("%(person)s decided on this already."),
    }


def _ask_rules(terms: ArticleTerms) -> None:
    words = terms.words().values()
    holds_number = any(mask_in_text(text) != text for text in words)
    refuse_if(ArticleNotSaved, rules.article_blockers(terms=terms, holds_number=holds_number))


def _free_code(title: str) -> str:
    """A code from the English title that no other page has."""
    stem = slugify(title)[:LONGEST_CODE] or "page"
    taken = set(Article.objects.filter(code__startswith=stem).values_list("code", flat=True))
    number, code = 2, stem
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code


def _keep_version(article: Article, terms: ArticleTerms, *, note: str, by, now: datetime) -> None:
    ArticleVersion.objects.create(
        article=article,
        number=article.number,
        made_at=now,
        made_by=by,
        note=mask_in_text(note),
        **terms.words(),
    )


def terms_of(article: Article) -> ArticleTerms:
    """The page as it stands."""
    return ArticleTerms(
        kind=article.kind,
        situation=article.situation,
        clauses=tuple(article.clauses),
        title_en=article.title_en,
        title_zh=article.title_zh,
        body_en=article.body_en,
        body_zh=article.body_zh,
    )


@transaction.atomic
def add_article(
    *, terms: ArticleTerms, note: str = "", key: UUID, by: Person, now: datetime
) -> Article:
    """Write a new page, at the end of its kind. Raises ArticleNotSaved."""
    _ask_rules(terms)

    with once(key=key, purpose="add_article", by=by) as form:
        if form.result_id:
            return Article.objects.get(pk=form.result_id)
        last = Article.objects.order_by("-position").values_list("position", flat=True).first()
        article = Article.objects.create(
            code=_free_code(terms.title_en),
            position=min((last or 0) + 10, 32_000),
            search=rules.searchable(words=terms.words(), clauses=terms.clauses),
            changed_at=now,
            changed_by=by,
            **terms.values(),
        )
        _keep_version(article, terms, note=note, by=by, now=now)
        audit.record(verb="add_article", of=article, by=by, reason=note)
        form.result_id = article.pk
    return article


@transaction.atomic
def change_article(
    *, article: Article, seen: int, terms: ArticleTerms, note: str = "", by: Person, now: datetime
) -> Article:
    """Write a page anew as its next version; the one before stays readable.

    `seen` is the version its editor looked at: of two who change it, the later is told. Raises
    ArticleNotSaved.
    """
    _ask_rules(terms)
    if terms == terms_of(article) and article.number == seen:
        raise ArticleNotSaved.because("nothing_changed")

    rows = Article.objects.filter(pk=article.pk, number=seen)
    is_mine = rows.update(
        number=seen + 1,
        search=rules.searchable(words=terms.words(), clauses=terms.clauses),
        changed_at=now,
        changed_by=by,
        **terms.values(),
    )
    if not is_mine:
        raise ArticleNotSaved.because("changed_meanwhile")

    article.refresh_from_db()
    _keep_version(article, terms, note=note, by=by, now=now)
    audit.record(verb="change_article", of=article, by=by, reason=note, number=article.number)
    return article


@transaction.atomic
def set_article_in_use(*, article: Article, is_active: bool, by: Person, now: datetime) -> None:
    """Take a page out of use, or bring it back; it stays readable. Raises ArticleNotSaved."""
    step = Step.objects.filter(script=article, is_active=True).order_by("pk").first()
    if step is not None and not is_active:
        raise ArticleNotSaved.because("stands_beside_a_step", step=step.name)

    rows = Article.objects.filter(pk=article.pk, is_active=not is_active)
    if rows.update(is_active=is_active, changed_at=now, changed_by=by):
        audit.record(verb="set_article_in_use", of=article, by=by, is_active=is_active)


@transaction.atomic
def propose_change(
    *,
    article: Article,
    terms: ArticleTerms,
    seen: int,
    note: str,
    key: UUID,
    by: Person,
    now: datetime,
) -> ArticleProposal:
    """Put a change of the words before marketing and operations. Raises ArticleNotSaved."""
    _ask_rules(terms)
    if not article.is_active:
        raise ArticleNotSaved.because("out_of_use")
    if terms.words() == terms_of(article).words():
        raise ArticleNotSaved.because("nothing_changed")

    with once(key=key, purpose="propose_change", by=by) as form:
        if form.result_id:
            return ArticleProposal.objects.get(pk=form.result_id)
        proposal = ArticleProposal.objects.create(
            article=article,
            based_on=seen,
            note=mask_in_text(note),
            made_at=now,
            made_by=by,
            **terms.words(),
        )
        form.result_id = proposal.pk
    audit.record(verb="propose_change", of=article, by=by, reason=note, proposal=proposal.pk)
    _tell_deciders(proposal, now=now)
    return proposal


def _title(article: Article) -> dict[str, str]:
    return in_both(en=article.title_en, zh=article.title_zh)


def _tell_deciders(proposal: ArticleProposal, *, now: datetime) -> None:
    deciders = Person.objects.filter(role__in=PLAN_ROLES, is_active=True, is_system=False)
    told = {"by": proposal.made_by.name, "script": _title(proposal.article)}
    tell_many(
        [
            Telling(
                person_id=pk,
                kind=NoticeKind.PROPOSAL,
                key=f"proposal:{proposal.pk}",
                params=told,
                path=reverse("followups:article_proposal", args=[proposal.pk]),
            )
            for pk in deciders.order_by("pk").values_list("pk", flat=True)
        ],
        now=now,
    )


@transaction.atomic
def decide_proposal(
    *, proposal: ArticleProposal, is_taken: bool, seen: int, by: Person, now: datetime
) -> Article:
    """Take a proposal as the page's next version, or decline it. Raises ArticleNotSaved.

    `seen` is the version with which the decider compared it. Of two who decide, the later is
    told who was first.
    """
    rows = ArticleProposal.objects.filter(pk=proposal.pk, decided_at=None)
    if not rows.update(decided_at=now, decided_by=by, is_taken=is_taken):
        first = ArticleProposal.objects.select_related("decided_by").get(pk=proposal.pk)
        raise ArticleNotSaved.because("decided_already", person=first.decided_by)

    article = proposal.article
    audit.record(verb="decide_proposal", of=article, by=by, proposal=proposal.pk, taken=is_taken)
    _tell_proposer(proposal, is_taken=is_taken, by=by, now=now)
    if not is_taken:
        return article
    if not article.is_active:
        raise ArticleNotSaved.because("out_of_use")
    terms = replace(
        terms_of(article),
        title_en=proposal.title_en,
        title_zh=proposal.title_zh,
        body_en=proposal.body_en,
        body_zh=proposal.body_zh,
    )
    return change_article(
        article=article, seen=seen, terms=terms, note=proposal.note, by=by, now=now
    )


def _tell_proposer(proposal: ArticleProposal, *, is_taken: bool, by: Person, now: datetime) -> None:
    """Whoever proposed hears what became of it, unless they decided it themselves."""
    proposer = proposal.made_by
    if proposer == by or not proposer.is_active:
        return
    tell(
        person=proposer,
        kind=NoticeKind.PROPOSAL_DECIDED,
        key=f"proposal_decided:{proposal.pk}",
        params={"by": by.name, "taken" if is_taken else "declined": _title(proposal.article)},
        path=reverse("followups:article_proposal", args=[proposal.pk]),
        now=now,
    )
