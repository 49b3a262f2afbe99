"""Pages of knowledge: written, changed with every version kept, proposed and decided."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from core.models import AuditEntry
from followups.models import Article, ArticleProposal, ArticleVersion, Step
from followups.rules import ArticleTerms
from followups.services.articles import (
    ArticleNotSaved,
    add_article,
    change_article,
    decide_proposal,
    propose_change,
    set_article_in_use,
    terms_of,
)
from staff.models import Notice, Person
from staff.states import NoticeKind, Role
from staff.told import sentence
from tests.factories.staff import PersonFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 09:50")
TERMS = ArticleTerms(
    kind="script", situation="doubt", clauses=("FUP-16",),
    title_en="Is it safe?", title_zh="环保吗", body_en="Hello {name}.", body_zh="{name}您好。",
)  # fmt: skip


@pytest.fixture
def ops():
    return PersonFactory(role=Role.OPS_MANAGER)


@pytest.fixture
def manager():
    return PersonFactory(role=Role.STORE_MANAGER)


@pytest.fixture
def doubts():
    return Article.objects.get(code="doubts")


def change(page, by, *, seen=None, now=NOW, note="", **words):
    seen = page.number if seen is None else seen
    terms = replace(terms_of(page), **words)
    return change_article(article=page, seen=seen, terms=terms, note=note, by=by, now=now)


def test_a_new_page_has_its_first_version_and_is_found(ops):
    page = add_article(terms=TERMS, note="why", key=uuid4(), by=ops, now=NOW)
    assert (page.code, page.number, page.changed_by) == ("is-it-safe", 1, ops)
    assert Article.objects.filter(search__contains="环保吗").get() == page
    assert Article.objects.filter(search__contains="fup-16", pk=page.pk).exists()
    assert page.versions.get().note == "why"
    assert AuditEntry.objects.filter(verb="add_article", object_id=page.pk).exists()


def test_the_same_form_writes_one_page(ops):
    key = uuid4()
    pages = {add_article(terms=TERMS, key=key, by=ops, now=NOW).pk for _ in range(2)}
    assert len(pages) == 1
    other = add_article(terms=TERMS, key=uuid4(), by=ops, now=NOW)
    assert other.code == "is-it-safe-2"


def test_a_change_keeps_the_version_before(doubts, ops):
    old = doubts.body_zh
    change(doubts, ops, body_zh="新的话", note="更短")
    assert (doubts.number, doubts.body_zh, doubts.changed_at) == (2, "新的话", NOW)
    first, second = doubts.versions.order_by("number")
    assert (first.body_zh, second.body_zh, second.note) == (old, "新的话", "更短")
    assert "新的话" in doubts.search
    assert old[:8] not in doubts.search


def test_of_two_who_change_it_the_later_is_told(doubts, ops):
    seen = doubts.number
    change(doubts, ops, body_zh="第一个人")
    with pytest.raises(ArticleNotSaved) as refusal:
        change(doubts, ops, seen=seen, body_zh="第二个人")
    assert refusal.value.codes == ("changed_meanwhile",)
    doubts.refresh_from_db()
    assert (doubts.body_zh, doubts.versions.count()) == ("第一个人", 2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({}, "nothing_changed"),
        ({"body_zh": "打13800138000"}, "number_in_text"),
        ({"body_en": "Call １３８ ００１３ ８０００"}, "number_in_text"),
        ({"body_zh": ""}, "words_missing"),
        ({"body_zh": "{phone}"}, "unknown_slot"),
        ({"kind": "training"}, "situation_is_a_scripts"),
    ],
)
def test_what_is_refused_leaves_no_trace(doubts, ops, words, code):
    with pytest.raises(ArticleNotSaved) as refusal:
        change(doubts, ops, **words)
    assert refusal.value.codes == (code,)
    assert str(refusal.value)
    assert doubts.versions.count() == 1


def test_a_script_beside_a_step_stays_in_use(ops, doubts):
    beside = Step.objects.get(code="dealer_7d").script
    with pytest.raises(ArticleNotSaved) as refusal:
        set_article_in_use(article=beside, is_active=False, by=ops, now=NOW)
    assert refusal.value.codes == ("stands_beside_a_step",)
    assert "7" in str(refusal.value)
    for is_active in (False, True):
        set_article_in_use(article=doubts, is_active=is_active, by=ops, now=NOW)
        doubts.refresh_from_db()
        assert doubts.is_active == is_active


def propose(page, by, **words) -> ArticleProposal:
    return propose_change(
        article=page, terms=replace(terms_of(page), **words), seen=page.number, note="更顺",
        key=uuid4(), by=by, now=NOW,
    )  # fmt: skip


def test_a_proposal_changes_nothing_and_tells_those_who_decide(doubts, manager, ops):
    proposal = propose(doubts, manager, body_zh="店里的话")
    doubts.refresh_from_db()
    assert (doubts.number, proposal.based_on, proposal.is_taken) == (1, 1, None)
    told = Notice.objects.get(person=ops)
    assert (told.kind, told.path) == (
        NoticeKind.PROPOSAL, f"/knowledge/proposals/{proposal.pk}/",
    )  # fmt: skip
    assert not Notice.objects.filter(person=manager).exists()


def decide(proposal, by, *, is_taken=True, seen=None):
    seen = proposal.article.number if seen is None else seen
    return decide_proposal(
        proposal=proposal, is_taken=is_taken, seen=seen, by=by, now=NOW + timedelta(hours=1)
    )


def test_a_proposal_that_is_taken_is_the_next_version(doubts, manager, ops):
    proposal = propose(doubts, manager, body_zh="店里的话")
    page = decide(proposal, ops)
    assert (page.number, page.body_zh, page.changed_by) == (2, "店里的话", ops)
    assert page.versions.get(number=2).note == "更顺"
    proposal.refresh_from_db()
    assert (proposal.is_taken, proposal.decided_by) == (True, ops)


def test_a_proposal_that_is_declined_changes_nothing(doubts, manager, ops):
    proposal = propose(doubts, manager, body_zh="店里的话")
    decide(proposal, ops, is_taken=False)
    doubts.refresh_from_db()
    assert (doubts.number, doubts.versions.count()) == (1, 1)


@pytest.mark.parametrize(("is_taken", "verb"), [(True, "took"), (False, "declined")])
def test_whoever_proposed_is_told_what_became_of_it(doubts, manager, ops, is_taken, verb, as_):
    proposal = propose(doubts, manager, body_zh="店里的话")
    decide(proposal, ops, is_taken=is_taken)
    told = Notice.objects.get(person=manager)
    with translation.override("en"):
        assert sentence(told.kind, told.params) == (
            f"{ops.name} {verb} your change of the script “{doubts.title_en}”."
        )
    with translation.override("zh-hans"):
        assert doubts.title_zh in sentence(told.kind, told.params)
    assert as_(manager).get(told.path).status_code == 200


def test_whoever_decides_their_own_is_told_nothing(doubts, ops):
    other = PersonFactory(role=Role.OPS_MANAGER)
    decide(propose(doubts, ops, body_zh="店里的话"), ops)
    assert not Notice.objects.filter(kind=NoticeKind.PROPOSAL_DECIDED).exists()
    away = propose(doubts, other, body_zh="又一句")
    Person.objects.filter(pk=other.pk).update(is_active=False)
    decide(ArticleProposal.objects.get(pk=away.pk), ops, seen=2)
    assert not Notice.objects.filter(kind=NoticeKind.PROPOSAL_DECIDED).exists()


def test_of_two_who_decide_the_later_is_told_who_was_first(doubts, manager, ops):
    proposal = propose(doubts, manager, body_zh="店里的话")
    decide(proposal, ops, is_taken=False)
    other = PersonFactory(role=Role.MARKETING_MANAGER)
    with pytest.raises(ArticleNotSaved) as refusal:
        decide(proposal, other)
    assert refusal.value.codes == ("decided_already",)
    assert ops.name in str(refusal.value)


def test_a_page_that_changed_under_the_decider_is_not_overwritten(doubts, manager, ops):
    proposal = propose(doubts, manager, body_zh="店里的话")
    change(doubts, ops, body_zh="总部的话")
    with pytest.raises(ArticleNotSaved) as refusal:
        decide(proposal, ops, seen=1)
    assert refusal.value.codes == ("changed_meanwhile",)
    proposal.refresh_from_db()
    assert proposal.decided_at is None
    assert ArticleVersion.objects.filter(article=doubts).count() == 2


def test_nothing_is_proposed_for_a_page_out_of_use_or_as_it_is(doubts, manager, ops):
    with translation.override("en"), pytest.raises(ArticleNotSaved, match="Nothing"):
        propose(doubts, manager)
    set_article_in_use(article=doubts, is_active=False, by=ops, now=NOW)
    doubts.refresh_from_db()
    with pytest.raises(ArticleNotSaved) as refusal:
        propose(doubts, manager, body_zh="店里的话")
    assert refusal.value.codes == ("out_of_use",)
