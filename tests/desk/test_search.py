"""The one box, the front door and the bar."""

import pytest

from desk.navigation import ENTRIES, HOMES
from staff.states import Role
from tests.factories.customers import CustomerFactory

URL = "/search/"


@pytest.fixture
def people(company):
    CustomerFactory(name="许文博", phone="13800138001", owner=company.sales_store)
    CustomerFactory(name="许晴 13800138000", phone="13800138002", owner=company.stranger)


@pytest.mark.parametrize(
    ("role", "text", "found"),
    [
        ("sales_store", "许", {"许文博"}),
        ("sales_store", "xwb", {"许文博"}),
        ("sales_store", "13800138001", {"许文博"}),
        ("sales_store", "8001", {"许文博"}),
        ("sales_store", "８００１", {"许文博"}),
        ("sales_store", "１３８００１３８００１", {"许文博"}),
        ("sales_store", "ｘｗｂ", {"许文博"}),
        ("sales_store", "13800138002", set()),
        ("stranger", "许", {"许晴"}),
        ("ops_manager", "许", {"许文博", "许晴"}),
        ("marketing_manager", "8002", {"许晴"}),
        ("ops_manager", "", set()),
        ("ops_manager", "   ", set()),
        ("ops_manager", "1", set()),
        ("ops_manager", "138", set()),
        ("ops_manager", "%", set()),
        ("ops_manager", "_", set()),
    ],
)
def test_the_box_finds_within_reach_and_never_hands_out_the_list(
    people, company, as_, role, text, found
):
    browser = as_(getattr(company, role))
    page = browser.get(URL, {"q": text})
    assert page.status_code == 200
    part = browser.get(URL, {"q": text}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    for answer in (page.content.decode(), part.content.decode()):
        assert {name for name in ("许文博", "许晴") if f">{name}" in answer} == found


def test_suggestions_show_no_hidden_digits(people, company, as_):
    answer = as_(company.marketing_manager).get(URL, {"q": "许"}).content.decode()
    assert "138****8002" in answer
    assert "138****8000" in answer
    assert "13800138000" not in answer


@pytest.mark.parametrize("role", ["merchandiser", "finance", "admin"])
def test_the_box_is_not_for_everybody(company, as_, role):
    assert as_(getattr(company, role)).get(URL, {"q": "许"}).status_code == 403


def test_each_role_has_a_day_that_begins_somewhere(company, as_):
    for role in Role:
        answer = as_(getattr(company, role.value)).get("/")
        assert answer.status_code == 302
    assert as_(company.sales_store).get("/").url == "/today/"
    assert as_(company.marketing_manager).get("/").url == "/customers/"
    assert set(HOMES.values()) <= {*(entry.view for entry in ENTRIES), "staff:profile"}


def test_the_bar_offers_what_one_may_open(company, as_):
    for role in Role:
        browser = as_(getattr(company, role.value))
        page = browser.get("/me/")
        for entry in page.context["nav"]:
            assert browser.get(entry.url).status_code == 200, (role, entry.url)


@pytest.mark.parametrize(
    ("role", "text", "found"),
    [
        ("sales_store", "zumu_14", True),
        ("sales_store", "ZUMU_14", True),
        ("sales_store", "13700137000", True),
        ("sales_store", "zumu", False),
        ("marketing_manager", "zumu_14", True),
        ("marketing_manager", "umu_14", False),
        ("marketing_manager", "1370", False),
        ("stranger", "zumu_14", False),
    ],
)
def test_a_wechat_id_finds_whole_and_within_reach(company, as_, role, text, found):
    for name, wechat in (("许文博", "Zumu_14"), ("许晴", "13700137000")):
        CustomerFactory(name=name, phone="", wechat=wechat, owner=company.sales_store)
    answer = as_(getattr(company, role)).get(URL, {"q": text}).content.decode()
    assert (">许" in answer) is found
