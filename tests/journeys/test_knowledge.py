"""Scripts and training pages in a real browser: beside the form, found, written, compared."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from followups import services
from followups.models import Article, ArticleProposal, Task
from staff.models import Person, Store
from staff.states import Role, Trade
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory
from tests.followups.build import shop
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import SHOTS, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    found = shop(Trade.CARS)
    Store.objects.filter(pk=found.store.pk).update(name="望京店")
    for person, name in ((found.seller, "林晓月"), (found.manager, "周文")):
        Person.objects.filter(pk=person.pk).update(name=name)
        person.refresh_from_db()
    return found


@pytest.fixture
def task(place):
    """The 7-day call of somebody who took delivery six days ago."""
    now = timezone.now()
    who = CustomerFactory(
        name="周雅琴", title="ms", owner=place.seller, grade="B2", now=now - timedelta(days=20)
    )
    services.record_delivery(
        customer=who, product="远山X5 2.0T", sold_by=place.seller, by=place.seller, now=now,
        delivered_on=timezone.localdate() - timedelta(days=6), key=uuid4(),
    )  # fmt: skip
    services.ask(now=now, customers=[who.pk])
    return Task.objects.get(customer=who, obligations__step__code="dealer_7d")


def test_the_script_opens_over_the_form_and_closes_again(visit, place, task):
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page = someone.page
        someone.go(f"/customers/{task.customer_id}/log/?task={task.pk}")
        shoot(page, "log-390")
        assert page.locator("#script").is_hidden()
        page.click(".script-open")
        words = page.inner_text("#script-words")
        assert "周雅琴女士您好，我是望京店的林晓月" in words
        assert "远山X5 2.0T" in words
        assert "{" not in words
        shoot(page, "script-390", full_page=False)
        page.click("#script .turn a")
        page.wait_for_selector("#script details[open]")
        shoot(page, "script-others-390", full_page=False)
        page.locator("#script .turn a", has_text="有疑虑").click()
        page.wait_for_selector("#script-title:has-text('疑虑')")
        shoot(page, "script-doubts-390", full_page=False)
        page.click("#script [data-close]")
        assert page.locator("#script").is_hidden()
        page.locator("label:has(input[value=connected])").click()
        assert page.locator("[value=connected]").is_checked()


def test_the_script_stands_in_a_column_on_the_desk(visit, place, task):
    with visit(DESK) as someone:
        someone.sign_in(place.seller.username)
        someone.go(f"/customers/{task.customer_id}/log/?task={task.pk}")
        shoot(someone.page, "log-1440")
        assert someone.page.locator("#script-words").is_visible()
        assert someone.page.locator(".script-open").is_hidden()
    with visit(PHONE, java_script_enabled=False) as plain:
        plain.sign_in(place.seller.username)
        plain.go(f"/customers/{task.customer_id}/log/?task={task.pk}")
        plain.page.click(".script-open")
        assert "周雅琴女士您好" in plain.page.inner_text("#script-words")
        shoot(plain.page, "script-page-390")


def test_a_word_finds_its_script_and_a_proposal_becomes_a_version(visit, place):
    ops = PersonFactory(role=Role.OPS_MANAGER, name="何明")
    doubts = Article.objects.get(code="doubts")
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.manager.username)
        page = someone.page
        someone.go("/knowledge/")
        shoot(page, "list-390")
        page.fill("main [name=q]", "疑虑")
        page.wait_for_selector("mark")
        shoot(page, "found-390")
        page.locator("#found a", has_text="客户有疑虑时").click()
        shoot(page, "article-390")
        page.click(f"a[href='/knowledge/{doubts.pk}/propose/']")
        text = page.input_value("[name=body_zh]")
        page.fill("[name=body_zh]", text.replace("尽管说", "一样一样说"))
        page.fill("[name=note]", "店里这样说更自然")
        page.click("button[value=look]")
        page.wait_for_selector("#look:has-text('一样一样说')")
        shoot(page, "propose-390")
        page.click("button[value=save]")
        page.wait_for_url(f"**/knowledge/{doubts.pk}/")
    proposal = ArticleProposal.objects.get()
    with visit(DESK) as someone:
        someone.sign_in(ops.username)
        page = someone.page
        someone.go("/knowledge/")
        shoot(page, "list-1440")
        someone.go("/knowledge/?q=疑虑")
        shoot(page, "found-1440")
        someone.go(f"/knowledge/{doubts.pk}/edit/")
        shoot(page, "edit-1440")
        someone.go(f"/knowledge/proposals/{proposal.pk}/")
        shoot(page, "proposal-1440")
        page.click("button[value=take]")
        page.wait_for_url("**/knowledge/proposals/")
        shoot(page, "proposals-1440")
        someone.go(f"/knowledge/{doubts.pk}/versions/2/")
        shoot(page, "version-1440")
        someone.go(f"/knowledge/{doubts.pk}/versions/1/")
        assert "尽管说" in page.inner_text(".prose")
        someone.go(f"/knowledge/{Article.objects.get(code='buyers-roles').pk}/")
        shoot(page, "article-1440")
        if SHOTS:
            page.pdf(path=str(Path(SHOTS) / "article.pdf"), format="A4")
    doubts.refresh_from_db()
    assert doubts.number == 2
