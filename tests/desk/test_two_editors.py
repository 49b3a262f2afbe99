"""Two tabs, one text: the later is told who was quicker and with what, and saves on top of it."""

import pytest
import time_machine

from followups.models import Article, Campaign, Wording
from followups.services.campaigns import plan_campaign
from tests.desk.test_campaign_edges import NOW, terms
from tests.tabs import tab

pytestmark = pytest.mark.django_db
KEY = "5a0f9a52-3c6b-4a5e-9d0c-0d9a5a6c7e11"


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def wording():
    row = Wording.objects.get(code="friday_tracked_plain")
    return f"/wordings/{row.pk}/", row, ("text_zh", "name_en", "text_en")


@pytest.fixture
def article():
    row = Article.objects.get(code="doubts")
    return f"/knowledge/{row.pk}/edit/", row, ("body_zh", "title_en", "body_en")


@pytest.fixture
def campaign(company):
    row = plan_campaign(terms=terms(company.store), by=company.store_manager, now=NOW, key=KEY)
    return f"/campaigns/{row.pk}/edit/", row, ("text", "place", "name")


@pytest.mark.parametrize("what", ["wording", "article", "campaign"])
def test_the_later_of_two_keeps_what_they_typed_and_saves_on_top(company, as_, request, what):
    address, row, (one, other, third) = request.getfixturevalue(what)
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    theirs = tab(first.get(address), having="base") | {"act": "save"}
    mine = tab(second.get(address), having="base") | {"act": "save"}
    was = {name: getattr(row, name) for name in (one, other, third)}

    assert first.post(address, theirs | {one: "QUICKER", third: "theirs"}).status_code == 302
    told = second.post(address, mine | {one: "我的话", other: "mine"})

    assert told.status_code == 200
    conflict = told.context_data["conflict"]
    assert conflict.who == company.marketing_manager.name
    assert [each.is_both for each in conflict.rows].count(True) == 1
    assert len(conflict.rows) == 2
    words = told.content.decode()
    assert "<ins>" in words
    assert "QUICKER</ins>" in words
    again = tab(told, having="base") | {"act": "save"}
    assert (again[one][0].strip(), again[other], again[third]) == ("我的话", ["mine"], ["theirs"])
    row.refresh_from_db()
    assert getattr(row, other) == was[other]

    assert second.post(address, again).status_code == 302
    row.refresh_from_db()
    assert [getattr(row, name) for name in (one, other, third)] == ["我的话", "mine", "theirs"]


@pytest.mark.parametrize("what", ["wording", "article", "campaign"])
def test_who_is_beaten_twice_is_told_twice(company, as_, request, what):
    address, row, (one, other, _third) = request.getfixturevalue(what)
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    mine = tab(second.get(address), having="base") | {"act": "save", other: "mine"}
    for text in ("一", "二"):
        theirs = tab(first.get(address), having="base") | {"act": "save", one: text}
        assert first.post(address, theirs).status_code == 302
        told = second.post(address, mine)
        (changed,) = told.context_data["conflict"].rows
        assert not changed.is_both
        mine = tab(told, having="base") | {"act": "save"}
    assert second.post(address, mine).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, one), getattr(row, other)) == ("二", "mine")


@pytest.mark.parametrize("what", ["wording", "article", "campaign"])
def test_a_page_that_knows_no_more_what_stood_still_tells_and_loses_nothing(
    company, as_, request, what
):
    address, row, (one, _other, _third) = request.getfixturevalue(what)
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    mine = tab(second.get(address), having="base") | {"act": "save", one: "我的话", "base": "x"}
    theirs = tab(first.get(address), having="base") | {"act": "save", one: "他们的话"}
    assert first.post(address, theirs).status_code == 302
    told = second.post(address, mine)
    assert [each.is_both for each in told.context_data["conflict"].rows] == [True]
    again = tab(told, having="base") | {"act": "save"}
    assert second.post(address, again).status_code == 302
    row.refresh_from_db()
    assert getattr(row, one) == "我的话"


def test_what_both_typed_alike_leaves_nothing_to_save(company, as_, wording):
    address, _row, (one, *_more) = wording
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    both = tab(second.get(address), having="base") | {"act": "save", one: "一样"}
    assert first.post(address, both).status_code == 302
    assert second.post(address, both).context_data["conflict"].is_same


def test_a_campaigns_numbers_stay_masked_in_what_the_other_changed(company, as_, campaign):
    address, row, _names = campaign
    first, second = as_(company.marketing_manager), as_(company.ops_manager)
    mine = tab(second.get(address), having="base") | {"name": "mine"}
    theirs = tab(first.get(address), having="base") | {"text": "致电 13811112222 报名"}
    assert first.post(address, theirs).status_code == 302
    told = second.post(address, mine)
    assert "13811112222" not in told.content.decode()
    assert second.post(address, tab(told, having="base")).status_code == 302
    row.refresh_from_db()
    assert row.text == "致电 13811112222 报名"
    assert Campaign.objects.get(pk=row.pk).name == "mine"
