"""Knowledge through real pages: who reads, who proposes, who writes."""

from uuid import uuid4

import pytest

from followups.models import Article, ArticleProposal
from followups.services.articles import set_article_in_use
from staff.states import Role
from tests.factories.customers import CustomerFactory
from tests.factories.followups import task_today
from tests.followups.build import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
NOW = at("2026-03-12 09:50")
READERS = (
    "sales_store", "sales_field", "store_manager", "field_supervisor", "marketing_manager",
    "ops_manager",
)  # fmt: skip
PROPOSERS = ("store_manager", "field_supervisor")
EDITORS = ("marketing_manager", "ops_manager")


@pytest.fixture
def doubts():
    return Article.objects.get(code="doubts")


def typed(page: Article, **changes) -> dict[str, str]:
    """The editor's form as it comes, with some fields changed."""
    return {
        "key": str(uuid4()), "seen": str(page.number), "kind": page.kind,
        "situation": page.situation, "clauses": ", ".join(page.clauses),
        "title_zh": page.title_zh, "title_en": page.title_en,
        "body_zh": page.body_zh, "body_en": page.body_en, "note": "", "act": "save", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("role", Role.values)
def test_who_may_do_what(company, as_, doubts, role):
    browser = as_(getattr(company, role))
    page = f"/knowledge/{doubts.pk}/"
    allowed = {
        "/knowledge/": READERS,
        page: READERS,
        f"{page}versions/": READERS,
        f"{page}versions/1/": READERS,
        f"{page}propose/": PROPOSERS,
        f"{page}edit/": EDITORS,
        "/knowledge/new/": EDITORS,
        "/knowledge/proposals/": (*PROPOSERS, *EDITORS),
    }
    for address, roles in allowed.items():
        assert browser.get(address).status_code == (200 if role in roles else 403), address
    used = browser.post(f"{page}use/", {"is_active": "yes"}).status_code
    assert used == (302 if role in EDITORS else 403)


@pytest.mark.parametrize("sought", ["疑虑", "DOUBT", "fup-16", "ＦＵＰ－１６", "疑虑 保修"])
def test_a_word_finds_its_script(company, as_, sought):
    answer = as_(company.sales_store).get("/knowledge/", {"q": sought})
    pages = [row["pk"] for group in answer.context_data["groups"] for row in group["rows"]]
    assert Article.objects.get(code="doubts").pk in pages
    assert len(pages) < Article.objects.count()


def test_what_was_found_is_marked_and_escaped(company, as_, doubts):
    browser = as_(company.sales_store)
    assert "〔姓名〕" in browser.get("/knowledge/?q=您好").content.decode()
    assert "<mark>疑虑</mark>" in browser.get("/knowledge/?q=疑虑").content.decode()
    Article.objects.filter(pk=doubts.pk).update(body_zh="<b>疑虑</b>", body_en="<b>x</b>")
    said = browser.get("/knowledge/?q=疑虑", headers={"HX-Request": "true"}).content.decode()
    assert "<b>疑虑" not in said
    assert "<html" not in said


@pytest.mark.parametrize("sought", ["没有这样的词", "%", "_", "\ufffd", "疑" * 90, "'", " "])
def test_a_search_for_nonsense_finds_nothing_or_all(company, as_, sought):
    assert as_(company.sales_store).get("/knowledge/", {"q": sought}).status_code == 200


def test_the_list_takes_the_same_queries_for_few_and_many(
    company, as_, django_assert_max_num_queries
):
    browser = as_(company.ops_manager)
    browser.get("/knowledge/")
    for sought in ("疑虑", ""):
        with django_assert_max_num_queries(9):
            browser.get("/knowledge/", {"q": sought})


def test_a_page_is_read_in_the_readers_language(company, as_, doubts):
    browser = as_(company.sales_store)
    said = browser.get(f"/knowledge/{doubts.pk}/")
    assert "<h2>让他说出来</h2>" in said.content.decode()
    assert browser.get("/knowledge/999999/").status_code == 404
    assert browser.get(f"/knowledge/{doubts.pk}/versions/7/").status_code == 404


def test_a_change_is_a_version_and_the_old_one_stays_readable(company, as_, doubts):
    browser = as_(company.marketing_manager)
    data = typed(doubts, body_zh=doubts.body_zh.replace("尽管说", "一样一样说"), note="更顺")
    answer = browser.post(f"/knowledge/{doubts.pk}/edit/", data)
    assert answer.url == f"/knowledge/{doubts.pk}/"
    reader = as_(company.sales_store)
    old = reader.get(f"/knowledge/{doubts.pk}/versions/1/")
    assert "尽管说" in old.content.decode()
    new = reader.get(f"/knowledge/{doubts.pk}/versions/2/")
    assert "<del>尽管</del><ins>一样一样</ins>" in new.content.decode()


def test_a_look_changes_nothing(company, as_, doubts):
    browser = as_(company.ops_manager)
    data = typed(doubts, body_zh="## 新\n\n**好**", act="look")
    for headers in ({}, {"HX-Request": "true"}):
        said = browser.post(f"/knowledge/{doubts.pk}/edit/", data, headers=headers)
        assert "<strong>好</strong>" in said.content.decode()
    doubts.refresh_from_db()
    assert doubts.number == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"body_zh": ""},
        {"body_zh": "打13800138000"},
        {"body_zh": "x" * 20_001},
        {"kind": "training"},
        {"kind": "poem"},
        {"seen": "0"},
        {"seen": "x"},
        {"clauses": "KNW"},
        {"title_zh": "题" * 121},
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(company, as_, doubts, changes):
    data = typed(doubts, title_en="Mine", **changes)
    answer = as_(company.ops_manager).post(f"/knowledge/{doubts.pk}/edit/", data)
    assert answer.status_code == 200
    assert "Mine" in answer.content.decode()
    assert "13800138000" not in answer.content.decode() or "138" in changes.get("body_zh", "")
    doubts.refresh_from_db()
    assert doubts.number == 1


def test_a_new_page_stands_in_the_list(company, as_, doubts):
    data = typed(doubts, title_zh="新话术", title_en="New", clauses="fup-16，KNW-01", seen="0")
    answer = as_(company.ops_manager).post("/knowledge/new/", data)
    page = Article.objects.get(title_zh="新话术")
    assert answer.url == f"/knowledge/{page.pk}/"
    assert page.clauses == ["FUP-16", "KNW-01"]


def test_a_page_out_of_use_stays_readable_and_leaves_the_list(company, as_, doubts):
    set_article_in_use(article=doubts, is_active=False, by=company.ops_manager, now=NOW)
    for role, is_listed in (("sales_store", False), ("ops_manager", True)):
        browser = as_(getattr(company, role))
        said = browser.get("/knowledge/").content.decode()
        assert (f'href="/knowledge/{doubts.pk}/"' in said) == is_listed
        assert browser.get(f"/knowledge/{doubts.pk}/").status_code == 200


def test_a_refusal_to_take_it_out_of_use_is_said(company, as_):
    page = Article.objects.get(code="dealer-7d")
    browser = as_(company.ops_manager)
    said = browser.post(f"/knowledge/{page.pk}/use/", {"is_active": "no"}, follow=True)
    assert "7" in " ".join(str(message) for message in said.context["messages"])
    page.refresh_from_db()
    assert page.is_active


def proposed(company, as_, page: Article) -> ArticleProposal:
    data = typed(page, body_zh="店里的话", note="更顺")
    as_(company.store_manager).post(f"/knowledge/{page.pk}/propose/", data)
    return ArticleProposal.objects.get()


def test_a_proposal_is_seen_by_its_maker_and_those_who_decide(company, as_, doubts):
    proposal = proposed(company, as_, doubts)
    address = f"/knowledge/proposals/{proposal.pk}/"
    for role, status in (
        ("store_manager", 200), ("field_supervisor", 404), ("ops_manager", 200),
        ("marketing_manager", 200), ("sales_store", 403),
    ):  # fmt: skip
        assert as_(getattr(company, role)).get(address).status_code == status
    as_(company.store_manager).post(address, {"act": "take", "seen": "1"})
    proposal.refresh_from_db()
    assert proposal.decided_at is None


@pytest.mark.parametrize(("act", "number"), [("take", 2), ("decline", 1)])
def test_a_proposal_is_taken_or_declined(company, as_, doubts, act, number):
    proposal = proposed(company, as_, doubts)
    browser = as_(company.ops_manager)
    address = f"/knowledge/proposals/{proposal.pk}/"
    assert browser.post(address, {"act": act, "seen": "1"}).url == "/knowledge/proposals/"
    doubts.refresh_from_db()
    assert doubts.number == number
    again = browser.post(address, {"act": act, "seen": "2"})
    assert company.ops_manager.name in again.content.decode()


def test_the_sheet_of_a_task_and_what_it_may_turn_to(company, as_):
    who = CustomerFactory(owner=company.sales_store, now=NOW)
    task = task_today(who, now=NOW, text="看样")
    browser = as_(company.sales_store)
    whole = browser.get(f"/customers/{who.pk}/script/?task={task.pk}").content.decode()
    part = browser.get(
        f"/customers/{who.pk}/script/?task={task.pk}", headers={"HX-Request": "true"}
    ).content.decode()
    assert 'id="script-in"' in whole
    assert part.strip().startswith('<div id="script-in"')
    on_form = browser.get(f"/customers/{who.pk}/log/?task={task.pk}").content.decode()
    assert 'id="script"' in on_form


@pytest.mark.parametrize("asked", ["task=x", "task=999999", "article=x", "task=" + "9" * 30])
def test_nonsense_names_no_script(company, as_, asked):
    who = CustomerFactory(owner=company.sales_store, now=NOW)
    assert as_(company.sales_store).get(f"/customers/{who.pk}/script/?{asked}").status_code == 404


def test_a_strangers_customer_has_no_script(company, as_):
    who = CustomerFactory(owner=company.sales_store, now=NOW)
    task = task_today(who, now=NOW, text="看样")
    other = CustomerFactory(owner=company.stranger, now=NOW)
    assert as_(company.stranger).get(f"/customers/{who.pk}/script/").status_code == 404
    address = f"/customers/{other.pk}/script/?task={task.pk}"
    assert as_(company.stranger).get(address).status_code == 404
    assert as_(company.ops_manager).get(f"/customers/{who.pk}/script/").status_code == 403
