"""One act on many customers: seen first, then done, and just that."""

import re

import pytest
from django.utils import timezone

from core.models import Job
from customers.models import Customer, Tag
from customers.services.tags import make_tag, tag_customers
from desk.services.bulk_acts import MOST, Act, NotDoneToMany, foresee
from desk.tasks import act_on_many
from orders.states import OrderState
from staff.scope import reach_of
from tests.factories import orders as papers
from tests.factories.customers import CustomerFactory

URL = "/customers/many/"


@pytest.fixture
def mine(company):
    return [CustomerFactory(owner=company.sales_store, name=f"客户{n}") for n in range(3)]


def go_ahead(browser, page):
    """Press the button of the preview; the job that was queued."""
    fields = dict(re.findall(r'name="(key|shown)" value="([^"]*)"', page.content.decode()))
    answer = browser.post("/customers/many/do/", fields)
    assert answer.status_code == 302, answer.content
    return Job.objects.get(pk=int(re.search(r"/(\d+)/$", answer.url)[1]))


@pytest.mark.django_db(transaction=True)
def test_a_manager_gives_ticked_customers_to_another_keeper(company, as_, mine):
    browser = as_(company.store_manager)
    receiver = company.store_manager
    data = {
        "act": "reassign",
        "keeper": receiver.pk,
        "reason": "shift",
        "whom": "ticked",
        "customer": [mine[0].pk, mine[1].pk],
    }
    page = browser.post(URL, data)
    assert "客户0" in page.content.decode()
    assert Customer.objects.filter(owner=receiver).count() == 0

    job = go_ahead(browser, page)
    act_on_many(job.pk)
    job.refresh_from_db()
    assert job.result == {"updated": 2, "unchanged": 0}
    assert set(Customer.objects.filter(owner=receiver)) == {mine[0], mine[1]}


@pytest.mark.django_db(transaction=True)
def test_all_found_are_tagged_and_untagged_again(company, as_, mine):
    browser = as_(company.sales_store)
    page = browser.post(URL + "?grade=A", {"act": "tag", "tag": "fair", "whom": "found"})
    act_on_many(go_ahead(browser, page).pk)
    assert Tag.objects.get(name="fair").tagged.count() == 3

    page = browser.post(URL, {"act": "untag", "tag": "FAIR", "whom": "found"})
    act_on_many(go_ahead(browser, page).pk)
    assert Tag.objects.get(name="fair").tagged.count() == 0


def test_the_same_go_ahead_twice_is_one_job(company, as_, mine):
    browser = as_(company.sales_store)
    page = browser.post(URL, {"act": "tag", "tag": "fair", "whom": "found"})
    assert go_ahead(browser, page) == go_ahead(browser, page)


@pytest.mark.django_db(transaction=True)
def test_a_stranger_s_customer_is_left_alone(company, as_, mine):
    foreign = CustomerFactory(owner=company.stranger)
    browser = as_(company.sales_store)
    data = {"act": "tag", "tag": "fair", "whom": "ticked", "customer": [foreign.pk, mine[0].pk]}
    act_on_many(go_ahead(browser, browser.post(URL, data)).pk)
    assert [row.customer_id for row in Tag.objects.get().tagged.all()] == [mine[0].pk]


def test_what_was_shown_cannot_be_exchanged(company, as_, mine):
    browser = as_(company.sales_store)
    page = browser.post(URL, {"act": "tag", "tag": "fair", "whom": "found"})
    shown = re.search(r'name="shown" value="([^"]*)"', page.content.decode())[1]
    other = as_(company.store_manager)
    for sender, text in ((other, shown), (browser, shown[:-3] + "xyz"), (browser, "x")):
        sender.post("/customers/many/do/", {"key": "0" * 32, "shown": text})
    assert not Job.objects.exists()


def test_a_salesperson_hands_nobody_over(company, as_, mine):
    page = as_(company.sales_store).post(URL, {"act": "reassign", "whom": "found"})
    assert page.status_code == 200
    assert "shown" not in re.findall(r'name="(\w+)"', page.content.decode())
    reach = reach_of(company.sales_store, today=timezone.localdate())
    with pytest.raises(NotDoneToMany):
        foresee(customers=[mine[0].pk], act=Act.REASSIGN, keeper=None, tag=None, reach=reach)


@pytest.mark.parametrize(("count", "code"), [(0, "nobody_chosen"), (MOST + 1, "too_many")])
def test_nobody_and_too_many_are_refused_in_words(company, count, code):
    reach = reach_of(company.ops_manager, today=timezone.localdate())
    with pytest.raises(NotDoneToMany) as refusal:
        foresee(customers=list(range(count)), act=Act.TAG, keeper=None, tag=None, reach=reach)
    assert refusal.value.codes == (code,)


@pytest.mark.parametrize("role", ["merchandiser", "finance", "admin", "marketing_manager"])
def test_others_have_no_business_here(company, as_, role):
    browser = as_(getattr(company, role))
    assert browser.get(URL).status_code == 403
    assert browser.post("/customers/many/do/").status_code == 403


def test_who_has_the_tag_already_is_counted_as_staying(company, mine):
    now, by = timezone.now(), company.ops_manager
    tag = make_tag(name="fair", by=by, now=now)
    tag_customers(tag=tag, customers=[mine[0].pk], by=by, now=now)
    reach = reach_of(by, today=timezone.localdate())
    seen = foresee(customers=[c.pk for c in mine], act=Act.TAG, keeper=None, tag=tag, reach=reach)
    assert (len(seen.ids), seen.stays) == (2, 1)


def test_a_list_is_kept_by_name_and_let_go(company, as_, mine):
    browser = as_(company.sales_store)
    browser.post("/lists/customers/keep/", {"name": "Warm", "query": "grade=A"})
    page = browser.get("/customers/?grade=A").content.decode()
    assert 'href="?grade=A"' in page
    assert "Warm" in page
    pk = re.search(r"/lists/filters/(\d+)/drop/", page)[1]
    assert as_(company.store_manager).post(f"/lists/filters/{pk}/drop/").status_code == 404
    browser.post(f"/lists/filters/{pk}/drop/")
    assert "Warm" not in browser.get("/customers/").content.decode()


@pytest.mark.parametrize(
    ("asked", "wanted"), [("orders=0", [1]), ("orders=1", [0, 2]), ("orders=2", [0])]
)
def test_the_list_narrows_by_how_often_somebody_ordered(company, as_, mine, asked, wanted):
    for number in (0, 0, 2):
        papers.order(customer=mine[number])
    papers.order(customer=mine[1], state=OrderState.CANCELLED)
    page = as_(company.sales_store).get(f"/customers/?{asked}&cols=orders")
    found = re.findall(r'class="fig" href="/customers/(\d+)/"', page.content.decode())
    assert sorted(map(int, found)) == sorted(mine[number].pk for number in wanted)
    assert (">2</td>" in page.content.decode()) == (0 in wanted)


@pytest.mark.parametrize("asked", ["bought=never", "bought=year", "worth=10000", "sort=-total"])
def test_the_list_narrows_and_sorts_by_value(company, as_, mine, asked):
    Customer.objects.filter(pk=mine[0].pk).update(
        bought_total=20000, bought_count=1, last_bought_on=timezone.localdate()
    )
    page = as_(company.sales_store).get(f"/customers/?{asked}&cols=total&cols=bought&cols=tags")
    assert page.status_code == 200
    found = re.findall(r'class="fig" href="/customers/(\d+)/"', page.content.decode())
    wanted = {
        "bought=never": [mine[1].pk, mine[2].pk],
        "bought=year": [mine[0].pk],
        "worth=10000": [mine[0].pk],
        "sort=-total": [mine[0].pk, mine[2].pk, mine[1].pk],
    }[asked]
    assert sorted(map(int, found)) == sorted(wanted)
    if asked.startswith("sort"):
        assert int(found[0]) == mine[0].pk
