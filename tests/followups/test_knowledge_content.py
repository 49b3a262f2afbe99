"""What ships: every page whole in both languages, every clause of training taught somewhere."""

from pathlib import Path

import pytest

from core.markdown import as_html
from core.phones import mask_in_text
from followups.knowledge import FOLDER, ShippedArticle, read_article, shipped
from followups.models import Article, Step
from followups.rules.articles import SLOTS, slots_in
from followups.states import ArticleKind, Situation, Way

CLAUSES = (Path(__file__).parents[1] / "data/training_clauses.txt").read_text().split()
PAGES = shipped()
HEAD = "---\nkind: script\nposition: 1\ntitle_zh: 题\ntitle_en: T\n---\n\n## 一\n\n---\n\n## One\n"


def untaught(clauses: list[str], pages: list[ShippedArticle]) -> list[str]:
    """The clauses that no page names."""
    taught = {clause for page in pages for clause in page.clauses}
    return [clause for clause in clauses if clause not in taught]


def test_every_clause_of_training_is_named_by_a_page():
    assert len(CLAUSES) == 41
    assert untaught(CLAUSES, PAGES) == []


def test_the_control_a_clause_without_a_page_is_found():
    without = [page for page in PAGES if "KNW-03" not in page.clauses]
    assert untaught(CLAUSES, without) == ["KNW-03"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_a_page_is_whole_in_both_languages(page):
    assert page.kind in ArticleKind.values
    assert page.situation in Situation.values
    assert page.clauses
    assert any("\u4e00" <= sign <= "\u9fff" for sign in page.title_zh)
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in page.title_en + page.body_en)
    headings = [body.count("\n## ") for body in ("\n" + page.body_zh, "\n" + page.body_en)]
    assert headings[0] == headings[1] > 0
    for body in (page.body_zh, page.body_en):
        assert 100 < len(body) < 20_000
        assert "**" not in as_html(body)
        assert mask_in_text(body) == body
        assert set(slots_in(body)) <= set(SLOTS)


def test_pages_differ_in_code_title_and_place():
    for names in (
        [page.title_zh for page in PAGES],
        [page.title_en for page in PAGES],
        [page.position for page in PAGES],
    ):
        assert len(set(names)) == len(names) == len(list(FOLDER.glob("*.md")))


def test_each_situation_has_its_script():
    asked = {page.situation for page in PAGES if page.kind == ArticleKind.SCRIPT}
    assert asked == set(Situation.values)


def test_a_page_without_its_second_language_is_refused():
    assert read_article("t", HEAD).body_en == "## One"
    with pytest.raises(ValueError, match="English"):
        read_article("t", HEAD.rpartition("\n---\n")[0])


@pytest.mark.django_db
def test_the_pages_are_shipped_with_their_first_version():
    pages = Article.objects.prefetch_related("versions")
    assert pages.count() == len(PAGES)
    for page in pages:
        (version,) = page.versions.all()
        assert (version.number, version.body_zh) == (1, page.body_zh)
        assert page.title_zh.lower() in page.search


@pytest.mark.django_db
def test_every_shipped_step_in_which_people_talk_has_its_script():
    silent = [step.code for step in Step.objects.filter(script=None) if step.way != Way.LETTER]
    assert silent == []
    assert Step.objects.get(code="dealer_7d").script.code == "dealer-7d"


@pytest.mark.django_db
def test_steps_that_a_page_names_exist():
    codes = set(Step.objects.values_list("code", flat=True))
    named = {step for page in PAGES for step in page.steps}
    assert named - codes == set()
