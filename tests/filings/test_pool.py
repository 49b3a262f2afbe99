"""The pool: who is free and why, and taking a customer, which is a normal filing."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer, GradeChange
from customers.states import Grade, Quiet
from desk.services.cross_region import approve_across_regions
from desk.services.pool import NotTaken, take_from_pool
from filings import services
from filings.models import Filing, Violation
from filings.queries.pool import pool
from filings.services import Sale
from filings.states import CrossReason, Invalid
from filings.states.lights import WhyFree
from followups import services as followups
from staff.models import Person
from tests.customers.test_pictures import picture
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.filings.filed import began_long_ago
from tests.filings.held import file, filed, in_english, lead_of

pytestmark = pytest.mark.django_db


def free() -> dict[int, str]:
    now = timezone.now()
    found = pool(now=now, day=timezone.localdate(now))
    return {row.pk: row.why_free for row in found}


def lapsed(person, **card) -> Filing:
    return filed(person, days_ago=12, **card)


def test_each_way_of_becoming_free_is_named(company):
    me, field = company.sales_store, company.sales_field
    released, given_up = filed(me), filed(me)
    services.release(filing=released, by=me, is_manager=False)
    followups.regrade(customer=given_up.customer, grade=Grade.D, by=me, now=timezone.now())
    leaver = PersonFactory(role="sales_store", store=company.store)
    unkept, left = lead_of(leaver), lead_of(leaver)
    Customer.objects.filter(pk=unkept.pk).update(owner=None)
    Person.objects.filter(pk=leaver.pk).update(is_active=False)
    expected = {
        lapsed(me).customer_id: WhyFree.SILENCE,
        filed(field, days_ago=16).customer_id: WhyFree.UNMEASURED,
        released.customer_id: WhyFree.RELEASED,
        given_up.customer_id: WhyFree.GRADE_D,
        unkept.pk: WhyFree.NEVER_KEPT,
        left.pk: WhyFree.LEAVER,
    }
    assert free() == expected


def test_who_is_held_kept_bought_silent_or_without_a_number_is_not_in_the_pool(company):
    me, now = company.sales_store, timezone.now()
    filed(me)
    lead_of(me)
    bought, silent, sold, nameless, again = (lapsed(me) for _each in range(5))
    Customer.objects.filter(pk=bought.customer_id).update(bought_count=1)
    Customer.objects.filter(pk=silent.customer_id).update(quiet=Quiet.ALL)
    nameless.customer.phones.all().delete()
    file(again.customer, company.stranger)
    assert set(free()) == {sold.customer_id}
    services.settle(
        Sale(customer=sold.customer, project=sold.project, closer=me, store=me.store,
             order_no="DD-1"), by=me, now=now,
    )  # fmt: skip
    assert free() == {}


def test_where_only_a_deposit_ends_it_a_silent_filing_keeps_others_out(company, as_):
    store, field = lapsed(company.sales_store), filed(company.sales_field, days_ago=16)
    type(store.policy).objects.update(lapse_by="deposit")
    assert set(free()) == {field.customer_id}


def test_shoe_shops_have_no_pool_unless_they_file(company):
    gone = lapsed(company.sales_store)
    assert gone.customer_id in free()
    type(company.store).objects.filter(pk=company.store.pk).update(trade="shoes")
    assert free() == {}


@pytest.mark.parametrize(
    ("role", "page", "taking"),
    [
        ("sales_store", 200, 200), ("sales_field", 200, 200), ("store_manager", 200, 200),
        ("ops_manager", 200, 403), ("marketing_manager", 200, 403), ("finance", 403, 403),
        ("merchandiser", 403, 403), ("admin", 403, 403),
    ],
)  # fmt: skip
def test_who_sees_the_pool_and_who_takes(company, as_, role, page, taking):
    gone = lapsed(company.stranger)
    browser = as_(getattr(company, role))
    assert browser.get("/pool/").status_code == page
    assert browser.get(f"/pool/{gone.customer_id}/take/").status_code == taking


def test_the_pool_shows_no_name_and_no_number(company, as_):
    lapsed(company.stranger, name="机密", phone="13955556666", need="沙发 13812345678",
           address="杭州市余杭区秘密花园7幢3单元502室")  # fmt: skip
    browser = as_(company.sales_store)
    assert "139****6666" not in browser.get("/pool/").content.decode()
    page = browser.get("/pool/?store=all").content.decode()
    assert "139****6666" in page
    assert "沙发" in page
    for secret in ("机密", "13955556666", "13812345678", "秘密花园"):
        assert secret not in page


def test_the_pool_is_narrowed_by_why_since_and_grade(company, as_):
    me = company.sales_store
    old, new = filed(me, days_ago=60), filed(me, grade=Grade.B1)
    services.release(filing=new, by=me, is_manager=False)
    browser = as_(me)

    def rows(query):
        return [row.pk for row in browser.get(f"/pool/?{query}").context["list"].page.rows]

    assert rows("") == [new.customer_id, old.customer_id]
    assert rows("sort=since") == [old.customer_id, new.customer_id]
    assert rows("since=week") == rows("why=released") == rows("grade=B1") == [new.customer_id]
    assert rows("why=silence") == [old.customer_id]


def test_pages_follow_each_other_and_ask_no_more_for_twelve_than_for_one(company, as_):
    browser, made = as_(company.sales_store), [lapsed(company.sales_store)]
    browser.get("/pool/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/pool/")
    made += [filed(company.sales_store, days_ago=12 + n % 3) for n in range(11)]
    with CaptureQueriesContext(connection) as twelve:
        browser.get("/pool/")
    assert len(one) == len(twelve)
    seen, url = [], "/pool/?page_size=5"
    while url:
        found = browser.get(url).context["list"]
        seen += [row.pk for row in found.page.rows]
        url = f"/pool/{found.next_url}" if found.next_url else ""
    assert sorted(seen) == sorted(row.customer_id for row in made)


def test_taking_is_a_filing_that_opens_the_card(company, as_):
    gone = lapsed(company.stranger, name="机密", phone="13955556666")
    browser = as_(company.sales_field)
    card = f"/customers/{gone.customer_id}/"
    assert browser.get(card).status_code == 404
    answer = browser.post(f"/pool/{gone.customer_id}/take/")
    assert answer.url == card
    assert "机密" in browser.get(card).content.decode()
    taken = Filing.objects.latest("pk")
    assert (taken.is_from_pool, taken.holder, taken.channel) == (True, company.sales_field, "field")
    assert taken.acquired_at == taken.submitted_at
    assert Customer.objects.get(pk=gone.customer_id).owner == company.sales_field
    assert gone.customer_id not in free()


def test_somebody_given_up_is_a_prospect_again_when_taken(company, as_):
    gone = filed(company.stranger)
    followups.regrade(
        customer=gone.customer, grade=Grade.D, by=company.stranger, now=timezone.now()
    )
    as_(company.sales_store).post(f"/pool/{gone.customer_id}/take/")
    assert Customer.objects.get(pk=gone.customer_id).grade == Grade.C2


def test_who_was_given_up_and_never_filed_is_kept_by_whoever_takes_them(company, as_):
    unfiled, now = lead_of(company.stranger), timezone.now()
    followups.regrade(customer=unfiled, grade=Grade.D, by=company.stranger, now=now)
    assert free() == {unfiled.pk: WhyFree.GRADE_D}
    as_(company.sales_store).post(f"/pool/{unfiled.pk}/take/")
    unfiled.refresh_from_db()
    assert (unfiled.owner, unfiled.grade) == (company.sales_store, Grade.C2)


def test_taking_answers_the_same_for_held_strange_and_unknown_customers(company, as_):
    held = filed(company.stranger)
    browser, answers = as_(company.sales_store), set()
    for pk in (held.customer_id, lead_of(company.stranger).pk, 999_999):
        for ask in (browser.get, browser.post):
            answer = ask(f"/pool/{pk}/take/", follow=True)
            said = [str(message) for message in answer.context["messages"]]
            answers.add((answer.redirect_chain[0], *said))
    assert len(answers) == 1
    assert Filing.objects.count() == 1


def test_who_gave_a_customer_up_waits_before_taking_them(company, as_):
    me = in_english(company.sales_store)
    gone = filed(me)
    services.release(filing=gone, by=me, is_manager=False)
    url = f"/pool/{gone.customer_id}/take/"
    answer = as_(me).post(url)
    assert "You gave this customer up" in answer.content.decode()
    assert as_(company.stranger).post(url).status_code == 302


def test_who_filed_too_late_does_not_give_up_and_take_at_once(company, as_):
    me, now = in_english(company.sales_store), timezone.now()
    began_long_ago()
    kept = lead_of(me, now=now - timedelta(days=5))
    assert file(kept, me).invalid == Invalid.LATE_24H
    followups.regrade(customer=kept, grade=Grade.D, by=me, now=now)
    url = f"/pool/{kept.pk}/take/"
    assert "You gave this customer up" in as_(me).post(url).content.decode()
    assert not Filing.objects.filter(invalid="", submitted_at__isnull=False).exists()
    GradeChange.objects.update(at=now - timedelta(hours=25))
    as_(me).post(url)
    assert Filing.objects.filter(invalid="", submitted_at__isnull=False).count() == 1


def test_an_incomplete_card_is_not_taken_and_stays_closed(company, as_):
    me = in_english(company.sales_field)
    unkept = lead_of(company.stranger, address="")
    Customer.objects.filter(pk=unkept.pk).update(owner=None)
    answer = as_(me).post(f"/pool/{unkept.pk}/take/")
    assert "Detailed address is missing" in answer.content.decode()
    assert not Filing.objects.exists()


def test_of_two_who_take_one_customer_the_second_is_told(company, as_):
    gone = lapsed(company.store_manager)
    url = f"/pool/{gone.customer_id}/take/"
    later = timezone.now() + timedelta(seconds=1)
    assert as_(company.sales_store).post(url).status_code == 302
    answer = as_(company.stranger).post(url)
    assert answer.url == "/pool/"
    assert Filing.objects.filter(submitted_at__gt=later - timedelta(minutes=1)).count() == 1


# other trades, other regions


def test_a_customer_is_taken_by_people_of_the_same_trade_alone(company, as_):
    gone = lapsed(company.stranger, phone="13955556666")
    dealer = in_english(PersonFactory(store=StoreFactory(trade="cars", region=company.region)))
    browser, url = as_(dealer), f"/pool/{gone.customer_id}/take/"
    assert "139****6666" not in browser.get("/pool/?store=all").content.decode()
    assert company.store.name not in browser.get("/pool/").content.decode()
    assert browser.post(url).url == "/pool/"
    with pytest.raises(NotTaken) as refusal:
        take_from_pool(customer=gone.customer, by=dealer)
    assert refusal.value.codes == ("other_trade",)
    assert Filing.objects.count() == 1
    assert as_(company.sales_store).post(url).url == f"/customers/{gone.customer_id}/"


@pytest.fixture
def far(company):
    region = RegionFactory(name="西安", places="西安、雁塔")
    gone, address = lapsed(company.stranger), "西安市雁塔区曲江公馆3幢2单元501"
    gone.customer.projects.update(address=address)  # corrected after it was filed
    return gone, region


def test_the_pool_names_the_region_of_the_home(company, as_, far):
    filing, region = far
    near = lapsed(company.stranger, address="望京花园7幢3单元502室")
    in_english(company.sales_store)
    text = as_(company.sales_store).get("/pool/?store=all").content.decode()
    assert text.count("Other region") == 1

    def rows(query):
        found = as_(company.sales_store).get(f"/pool/?{query}").context["list"]
        return [row.pk for row in found.page.rows]

    assert rows(f"region={region.pk}") == [filing.customer_id]
    assert rows(f"region={company.region.pk}") == [near.customer_id]


def test_a_customer_of_another_region_is_asked_for_and_nobody_is_blamed(company, as_, far):
    filing, region = far
    me = in_english(company.sales_store)
    browser, url = as_(me), f"/pool/{filing.customer_id}/take/"
    assert region.name in browser.get(url).content.decode()
    page = browser.post(url)
    assert set(page.context["form"].errors) == {"cross_reason", "proof"}
    with pytest.raises(NotTaken) as refusal:
        take_from_pool(customer=filing.customer, by=me)
    assert refusal.value.codes == ("other_region",)
    assert not Violation.objects.exists()
    assert Filing.objects.count() == 1
    proof = SimpleUploadedFile("proof.jpg", picture(), "image/jpeg")
    answer = browser.post(url, {"cross_reason": CrossReason.TENDER, "proof": proof})
    asked = Filing.objects.get(filer=me)
    assert answer.url == f"/filings/{asked.pk}/"
    assert (asked.cross_state, asked.submitted_at, asked.is_from_pool) == ("asked", None, True)
    assert browser.get(answer.url).status_code == 200
    assert browser.get(f"/customers/{filing.customer_id}/").status_code == 404
    later = timezone.now() + timedelta(hours=30)  # the hours to file pass while they decide
    approve_across_regions(filing=asked, by=company.ops_manager, now=later)
    assert Customer.objects.get(pk=filing.customer_id).owner == me
    assert not Violation.objects.exists()
