"""Goods meet customers: whose interest fits is called once, whom the guard keeps off is named."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, Interest
from customers.states import QuietReason
from desk.services.goods_calls import NotCalled, call_about
from followups.models import Campaign, Invitation, Obligation
from followups.services.campaigns import CampaignNotSaved
from followups.services.quiet import set_quiet
from followups.states import Anchor
from staff.states import Trade
from stock.models import OfficePrice, Series
from stock.states import FigureLevel, StyleClass
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.factories.opportunities import lost, opportunity
from tests.factories.stock import FigureFactory, SizeStockFactory, StyleFactory
from tests.followups.build import at

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 10:00")


@pytest.fixture(autouse=True)
def _morning(monkeypatch):
    monkeypatch.setattr("staff.middleware.LANGUAGES", ("en", "zh-hans"))
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def style(company):
    """A style of a series, marked down in the store from ¥499 to ¥399."""
    made = StyleFactory.create(number="KC-1204", tag_price=Decimal(499))
    made.series = Series.objects.create(brand=made.brand, name="云感")
    made.save()
    OfficePrice.objects.create(
        style=made, office=company.store, from_on=NOW.date(), current_price=399
    )
    return made


def known(person, *, days=30, **said):
    said = {"grade": "A", **said}
    return CustomerFactory(owner=person, now=NOW - timedelta(days=days), **said)


def left_in_peace(customer, quiet):
    set_quiet(customer=customer, quiet=quiet, reason=QuietReason.ASKED, by=customer.owner, now=NOW)
    return customer


def likes(customer, **said):
    Interest.objects.create(customer=customer, noted_by=customer.owner, **said)
    return customer


def look(browser, style, **asked):
    answer = browser.get(f"/goods/{style.pk}/calls/", asked)
    return answer.status_code, answer.content.decode(), getattr(answer, "context_data", {})


def test_whose_interest_fits_is_found_and_whom_the_guard_keeps_off_is_named(company, style, as_):
    sales = company.sales_store
    near = [
        likes(known(sales), style=style),
        likes(known(sales, grade="B1"), text="看了 kc-1204，嫌贵"),
        likes(known(sales, grade="B2"), text="喜欢云感系列"),
        likes(known(sales), brand=style.brand),
    ]
    wish = known(sales)
    opportunity(customer=wish, product="KC-1204 两双")
    lost(opportunity(customer=known(sales), product="KC-1204"))
    for far in ({"grade": "C1"}, {"grade": "D"}):
        likes(known(sales, **far), style=style)
    likes(known(sales), text="KC-12045")
    likes(known(company.stranger), style=style)
    quiet = left_in_peace(likes(known(sales), style=style), "marketing")
    status, said, context = look(as_(company.store_manager), style)
    assert status == 200
    assert "6 customers by recorded interest" in said
    assert "1 withheld by the guard" in said
    assert "¥399 (was ¥499)" in said
    assert context["rows"][0].url.endswith(f"/{near[0].pk}/")
    assert len(context["rows"]) == 5
    assert [(row.count, row.names) for row in context["withheld"]] == [(1, [quiet.name])]


def test_words_of_a_kind_count_in_the_trade_of_the_goods_alone(company, style, as_):
    style.series.name = "舒适"
    style.series.save()
    style.brand.name = "HP"
    style.brand.save()
    shoes = likes(known(company.sales_store), text="想要舒适一点的")
    car = known(company.stranger)
    opportunity(customer=car, product="远山X5 1.5T 两驱舒适版")
    likes(known(company.sales_store), text="有一台 HPE 服务器")

    def called():
        return {row.url for row in look(as_(company.ops_manager), style)[2]["rows"]}

    both = {f"/customers/{who.pk}/" for who in (shoes, car)}
    assert called() == both  # it never lay anywhere: nobody knows its trade
    SizeStockFactory.create(style=style, office=company.store, quantity=0)
    assert called() == both  # both stores are of one trade
    company.stranger.store.trade = Trade.CARS
    company.stranger.store.save()
    assert called() == {f"/customers/{shoes.pk}/"}


def test_the_list_becomes_tasks_once(company, style, as_):
    chosen = [likes(known(company.sales_store), style=style) for _each in range(3)]
    quiet = left_in_peace(likes(known(company.sales_store), style=style), "all")
    browser = as_(company.store_manager)
    _status, _said, context = look(browser, style)
    form = context["form"]
    sent = {"shown": form["shown"].value(), "key": str(form["key"].value())}
    for _twice in range(2):
        answer = browser.post(f"/goods/{style.pk}/calls/", sent)
        assert answer.status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.style, campaign.store) == (style, company.store)
    rows = dict(Invitation.objects.values_list("customer", "withheld"))
    assert rows == {**{who.pk: "" for who in chosen}, quiet.pk: "quiet"}
    calls = Obligation.objects.filter(step__anchor=Anchor.CAMPAIGN)
    assert {call.customer_id for call in calls} == {who.pk for who in chosen}
    assert {call.text for call in calls} == {campaign.name}
    assert campaign.name == f"{style.brand.name} KC-1204 ¥399 (was ¥499)"
    assert {call.task and call.task.assignee for call in calls} == {company.sales_store}
    today = as_(company.sales_store).get("/today/").content.decode()
    assert f"call about {campaign.name}" in today
    _status, said, context = look(browser, style)
    assert "3 are on a list for this style already." in said
    assert context["may_call"] is False


def test_three_of_twelve_are_withheld_and_told_why(company, style, as_):
    sales = company.sales_store
    ready = [likes(known(sales), style=style) for _each in range(9)]
    quiet = left_in_peace(likes(known(sales), style=style), "marketing")
    recent, alone = (likes(known(sales), style=style) for _each in range(2))
    reached(recent, now=NOW - timedelta(hours=2))
    Customer.objects.filter(pk=alone.pk).update(owner=None)
    browser = as_(company.store_manager)
    _status, said, context = look(browser, style)
    assert "12 customers by recorded interest" in said
    assert "3 withheld by the guard" in said
    why = {quiet: "Wishes no marketing", recent: "Contacted too recently", alone: "Has no keeper"}
    told = [(row.label, row.names) for row in context["withheld"]]
    assert sorted(told) == sorted((label, [who.name]) for who, label in why.items())
    assert len(context["rows"]) == len(ready)
    form = context["form"]
    sent = {"shown": form["shown"].value(), "key": str(form["key"].value())}
    page = browser.post(f"/goods/{style.pk}/calls/", sent, follow=True).content.decode()
    assert "9 calls are on the lists" in page
    assert "3 are kept off by the guard." in page
    assert "Calls about goods" in page
    assert "Event with invited guests" not in page
    assert f"{company.store.name} has {style.brand.name} KC-1204 now for ¥399." in page
    assert Obligation.objects.filter(step__anchor=Anchor.CAMPAIGN).count() == len(ready)
    kept_off = browser.get(f"/campaigns/{Campaign.objects.get().pk}/guests/?show=withheld")
    listed = kept_off.content.decode()
    assert all(who.name in listed and label in listed for who, label in why.items())


def test_a_list_of_several_stores_names_none_of_them(company, style, as_):
    FigureFactory.create(
        style=style, level=FigureLevel.COMPANY, office=None, region=None,
        style_class=StyleClass.SLOW,
    )  # fmt: skip
    who = [likes(known(person), style=style) for person in (company.sales_store, company.stranger)]
    campaign, _job = call_about(
        style=style, store=None, customers=[each.pk for each in who], by=company.ops_manager,
        key=uuid4(), now=NOW,
    )  # fmt: skip
    page = as_(company.ops_manager).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "The customer&#x27;s store" in page
    assert "{store}" not in page


def test_a_list_grows_and_a_lower_price_begins_another(company, style):
    def call(*customers):
        return call_about(
            style=style, store=company.store, customers=[who.pk for who in customers],
            by=company.store_manager, key=uuid4(), now=NOW,
        )[0]  # fmt: skip

    first, second = (likes(known(company.sales_store), style=style) for _each in range(2))
    with CaptureQueriesContext(connection) as asked:
        campaign = call(first)
    held = [each["sql"] for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
    assert any('FROM "stock_style"' in sql for sql in held)
    assert call(first, second) == campaign
    with pytest.raises(NotCalled) as refusal:
        call(first, second)
    assert refusal.value.codes == ("nobody",)
    assert Invitation.objects.count() == 2
    OfficePrice.objects.update(current_price=299)
    third = likes(known(company.sales_store), style=style)
    assert call(third) != campaign


def test_nobody_is_called_about_what_sells_by_itself(company, style, as_):
    OfficePrice.objects.all().delete()
    who = likes(known(company.sales_store), style=style)
    _status, said, context = look(as_(company.store_manager), style)
    assert "nobody is called about it" in said
    assert context["may_call"] is False
    with pytest.raises(NotCalled) as refusal:
        call_about(
            style=style, store=company.store, customers=[who.pk], by=company.store_manager,
            key=uuid4(), now=NOW,
        )  # fmt: skip
    assert refusal.value.codes == ("sells_by_itself",)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"style_class": StyleClass.DEAD}, "sells slowly"),
        ({"aged_pairs": 2, "pair_days": 181}, "lies for long"),
        ({"aged_pairs": 2, "pair_days": 180}, "nobody is called about it"),
    ],
)
def test_slow_and_old_goods_are_called_about_too(company, style, as_, said, word):
    OfficePrice.objects.all().delete()
    FigureFactory.create(style=style, office=company.store, closing=2, **said)
    likes(known(company.sales_store), style=style)
    assert word in look(as_(company.store_manager), style)[1]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"closing": 0}, "None of it is left there"),
        ({"closing": -1}, "None of it is left there"),
        ({"closing": 0, "in_transit": 3}, "sells slowly"),
        ({"closing": 1}, "sells slowly"),
    ],
)
def test_nobody_is_called_about_goods_that_are_gone(company, style, as_, said, word):
    """A slow style stays slow when its last pair is sold."""
    FigureFactory.create(
        style=style, office=company.store, style_class=StyleClass.SLOW, purchased=6, **said
    )
    who = likes(known(company.sales_store), style=style)
    _status, told, context = look(as_(company.store_manager), style)
    assert word in told
    assert context["may_call"] is (word == "sells slowly")
    if not context["may_call"]:
        with pytest.raises(NotCalled) as refusal:
            call_about(
                style=style, store=company.store, customers=[who.pk], by=company.store_manager,
                key=uuid4(), now=NOW,
            )  # fmt: skip
        assert refusal.value.codes == ("gone",)


def test_who_sees_whom(company, style, as_):
    first = likes(known(company.sales_store, name="王女士"), style=style)
    likes(known(company.stranger, name="李先生"), style=style)
    twin = likes(known(company.sales_store), style=style)
    Customer.objects.filter(pk=twin.pk).update(merged_into=first)
    FigureFactory.create(
        style=style, level=FigureLevel.COMPANY, office=None, region=None,
        style_class=StyleClass.SLOW,
    )  # fmt: skip
    status, said, _context = look(as_(company.merchandiser), style)
    assert status == 200
    assert "2 customers by recorded interest" in said
    assert "王女士" not in said
    assert as_(company.merchandiser).post(f"/goods/{style.pk}/calls/").status_code == 403
    _status, said, _context = look(as_(company.ops_manager), style)
    assert "王女士" in said
    assert "李先生" in said
    assert "李先生" not in look(as_(company.store_manager), style)[1]
    other = {"store": company.stranger.store_id}
    assert look(as_(company.store_manager), style, **other)[0] == 404
    for person in (company.sales_store, company.finance):
        assert look(as_(person), style)[0] == 403
    assert as_(company.ops_manager).get("/goods/0/calls/").status_code == 404


def test_a_manager_calls_the_own_store_s_customers_alone(company, style):
    who = likes(known(company.stranger), style=style)
    OfficePrice.objects.create(
        style=style, office=company.other, from_on=NOW.date(), current_price=399
    )
    with pytest.raises(CampaignNotSaved):
        call_about(
            style=style, store=company.other, customers=[who.pk], by=company.store_manager,
            key=uuid4(), now=NOW,
        )  # fmt: skip


def test_of_those_that_are_sent_the_chosen_store_s_alone_are_called(company, style, as_):
    ours, theirs = (
        likes(known(person), style=style) for person in (company.sales_store, company.stranger)
    )
    sent = {"shown": f"{ours.pk},{theirs.pk}", "key": str(uuid4()), "store": company.store.pk}
    answer = as_(company.ops_manager).post(f"/goods/{style.pk}/calls/", sent)
    assert answer.status_code == 302
    assert Invitation.objects.get().customer == ours


def test_no_number_that_was_typed_is_on_the_list(company, style, as_):
    typed = "13800138000"
    likes(known(company.sales_store, name=f"王{typed}"), text=f"KC-1204 {typed}")
    left_in_peace(likes(known(company.sales_store, name=f"李{typed}"), style=style), "marketing")
    _status, said, context = look(as_(company.store_manager), style)
    assert len(context["rows"]) == len(context["withheld"]) == 1
    assert typed not in said
    assert said.count("138****8000") == 3


def test_the_page_asks_as_much_for_one_customer_as_for_many(company, style, as_):
    browser = as_(company.store_manager)
    counts = []
    for more in (1, 11):
        for _each in range(more):
            likes(known(company.sales_store), text="KC-1204")
        look(browser, style)
        with CaptureQueriesContext(connection) as ran:
            look(browser, style)
        counts.append(len(ran))
    assert counts[0] == counts[1]
