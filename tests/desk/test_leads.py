"""The pages of leads: accepting, passing, handing out, who sees what, no number before its time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import (
    Customer,
    DispatchRule,
    GradeProposal,
    Lead,
    LeadOffer,
    LeadSource,
)
from customers.services import register as register_services
from customers.states import LeadState, OfferState
from desk.services import leads as leads_desk
from desk.services.leads import accept_lead
from followups.models import Obligation, Task
from followups.states import Anchor, State
from staff.models import RotaDay
from staff.states import Role, StoreKind
from tests.factories.customers import CustomerFactory
from tests.factories.leads import lead, on_duty, source
from tests.factories.staff import StoreFactory

NUMBER, REAL = "13812345678", "13911204476"


@pytest.fixture
def origin(company):
    return source("douyin", store=company.store, name="抖音")


@pytest.fixture
def offered(company, origin):
    """A lead offered to the store's salesperson."""
    now = timezone.now()
    on_duty(company.store, company.sales_store, on=company.store.today(now))
    return lead(
        origin=origin, now=now, phone=NUMBER, name=f"许文博{NUMBER}", wechat="zumuzumu14",
        need=f"沙发 {NUMBER}", campaign="618",
    )  # fmt: skip


@pytest.fixture
def waiting(company, origin):
    return lead(origin=origin, now=timezone.now(), phone=NUMBER)


def test_accepted_it_is_a_customer_with_a_call_due(company, offered, as_):
    answer = as_(company.sales_store).post(f"/leads/{offered.pk}/accept/")
    customer = Customer.objects.get()
    assert answer.url == f"/customers/{customer.pk}/"
    assert (customer.owner, customer.source, customer.campaign) == (
        company.sales_store, "online", "618",
    )  # fmt: skip
    offered.refresh_from_db()
    assert (offered.state, offered.customer) == (LeadState.ACCEPTED, customer)
    assert LeadOffer.objects.get().state == OfferState.ACCEPTED
    call = Obligation.objects.get(step__anchor=Anchor.LEAD)
    assert (call.assignee, call.state) == (company.sales_store, State.OPEN)
    assert Task.objects.filter(customer=customer, assignee=company.sales_store).exists()
    again = as_(company.sales_store).post(f"/leads/{offered.pk}/accept/")
    assert again.url == answer.url
    assert Customer.objects.count() == 1


def test_accepted_by_wechat_alone(company, origin, as_):
    found = lead(origin=origin, now=timezone.now(), phone="", wechat="zumu14", name="")
    as_(company.sales_store).post(f"/leads/{found.pk}/accept/")
    found.refresh_from_db()
    assert (found.state, found.customer.wechat) == (LeadState.ACCEPTED, "zumu14")


def test_a_number_known_meanwhile_joins_without_saying_whose(company, offered, as_):
    known = CustomerFactory(owner=company.stranger, phone="13900000001")
    known.phones.update(key=bytes(offered.key))
    answer = as_(company.sales_store).post(f"/leads/{offered.pk}/accept/", follow=True)
    text = answer.content.decode()
    assert company.stranger.name not in text
    offered.refresh_from_db()
    assert (offered.state, offered.customer) == (LeadState.JOINED, known)
    assert Obligation.objects.get(step__anchor=Anchor.LEAD).assignee == company.stranger


def test_a_customer_who_asks_again_is_the_keepers_call(company, origin):
    known = CustomerFactory(owner=company.stranger, phone=NUMBER, grade="D")
    lead(origin=origin, now=timezone.now(), phone=NUMBER)
    call = Obligation.objects.get(step__anchor=Anchor.LEAD)
    assert (call.customer, call.assignee) == (known, company.stranger)


def test_the_second_to_accept_is_told_in_words(company, waiting, as_):
    accept_lead(lead=waiting, by=company.sales_store, now=timezone.now())
    answer = as_(company.store_manager).post(f"/leads/{waiting.pk}/accept/", follow=True)
    assert "已" in answer.content.decode() or "accepted" in answer.content.decode()
    assert Customer.objects.count() == 1


def test_passed_on_it_waits_and_the_manager_hands_it_out(company, offered, as_):
    as_(company.sales_store).post(f"/leads/{offered.pk}/pass/")
    offered.refresh_from_db()
    assert offered.state == LeadState.WAITING
    manager = as_(company.store_manager)
    to = {"to": f"person-{company.sales_store.pk}"}
    assert manager.post(f"/leads/{offered.pk}/hand-out/", to).status_code == 302
    offer = LeadOffer.objects.get(lead=offered, state=OfferState.OPEN)
    assert (offer.person, offer.offered_by) == (company.sales_store, company.store_manager)
    foreign = {"to": f"person-{company.stranger.pk}"}
    assert manager.post(f"/leads/{offered.pk}/hand-out/", foreign).status_code == 200
    assert offer.pk == LeadOffer.objects.get(lead=offered, state=OfferState.OPEN).pk


def test_marketing_gives_a_lead_without_a_store_to_one(company, as_):
    found = lead(origin=source(), now=timezone.now())
    answer = as_(company.marketing_manager).post(
        f"/leads/{found.pk}/hand-out/", {"to": f"store-{company.store.pk}"}
    )
    found.refresh_from_db()
    assert (answer.status_code, found.store) == (302, company.store)


def test_an_invalid_lead_needs_its_reason(company, waiting, as_):
    manager = as_(company.store_manager)
    assert manager.post(f"/leads/{waiting.pk}/discard/", {"reason": ""}).status_code == 200
    manager.post(f"/leads/{waiting.pk}/discard/", {"reason": "推销"})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.close_note) == (LeadState.INVALID, "推销")


SEES_WAITING = {"sales_store", "store_manager", "marketing_manager", "ops_manager"}
HANDS_OUT = {"store_manager", "marketing_manager", "ops_manager"}


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_who_may_see_and_do_what(company, waiting, as_, role):
    browser = as_(getattr(company, role))
    no_leads = role in {"merchandiser", "finance", "admin"}
    assert browser.get("/leads/").status_code == (403 if no_leads else 200)
    page = browser.get(f"/leads/{waiting.pk}/").status_code
    assert page == (403 if no_leads else 200 if role in SEES_WAITING else 404)
    serves = {"sales_store", "sales_field", "store_manager", "field_supervisor"}
    dispatches = HANDS_OUT | {"field_supervisor"}
    handed = browser.post(f"/leads/{waiting.pk}/hand-out/", {"to": ""}).status_code
    assert handed == (200 if role in HANDS_OUT else 404 if role in dispatches else 403)
    sources = 200 if role in {"marketing_manager", "ops_manager"} else 403
    for address in ("/leads/sources/", "/leads/import/"):
        assert browser.get(address).status_code == sources
    rota = browser.get(f"/leads/rota/{company.store.pk}/").status_code
    assert rota == (200 if role in HANDS_OUT else 404 if role == "field_supervisor" else 403)
    accepted = browser.post(f"/leads/{waiting.pk}/accept/").status_code
    takes = {"sales_store", "store_manager"}
    assert accepted == (302 if role in takes else 404 if role in serves else 403)


def test_a_lead_offered_to_another_is_nobody_elses(company, offered, as_):
    colleague_of_store = as_(company.stranger)
    assert colleague_of_store.get(f"/leads/{offered.pk}/").status_code == 404
    assert colleague_of_store.post(f"/leads/{offered.pk}/pass/").status_code == 404
    assert as_(company.store_manager).get(f"/leads/{offered.pk}/").status_code == 200


@pytest.mark.parametrize(
    "role", ["sales_store", "store_manager", "ops_manager", "marketing_manager"]
)
def test_no_page_says_the_number_before_it_is_accepted(company, offered, as_, role):
    browser = as_(getattr(company, role))
    for address in (
        "/leads/", f"/leads/{offered.pk}/", "/leads/?state=all&cols=campaign&cols=need&cols=phone",
        "/today/", "/reports/first-response/?show=leads",
    ):  # fmt: skip
        answer = browser.get(address)
        text = answer.content.decode()
        assert answer.status_code == 200, address
        found = [secret for secret in (NUMBER, "12345678", "zumuzumu14") if secret in text]
        assert found == [], address


def test_a_list_asks_as_often_for_twelve_leads_as_for_one(company, origin, as_):
    browser = as_(company.store_manager)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/leads/").status_code == 200
        return len(queries)

    lead(origin=origin, now=timezone.now())
    browser.get("/leads/")
    one = asked()
    for _n in range(11):
        lead(origin=origin, now=timezone.now())
    assert asked() == one


def test_a_number_typed_into_a_name_is_not_spelled_out_by_searching(company, offered, as_):
    browser = as_(company.marketing_manager)
    for text, found in (
        (NUMBER, True), ("许文", True), ("许文博138", False), (NUMBER[:7], False), ("2345", False),
    ):  # fmt: skip
        page = browser.get(f"/leads/?q={text}").content.decode()
        assert (f'href="/leads/{offered.pk}/"' in page) == found, text


@pytest.mark.django_db(transaction=True)
def test_a_number_written_on_a_card_in_this_very_moment_joins_that_card(
    company, offered, monkeypatch
):
    """Who writes on a card or brings a sheet in holds no number: the database says who won."""
    first = CustomerFactory(owner=company.sales_store)
    register = leads_desk.customers.register_customer

    def written(phones):
        try:
            register_services.add_numbers(first, phones, has_primary=True)
        finally:
            connection.close()

    def overtaken(**said):
        with ThreadPoolExecutor(1) as another:
            another.submit(written, said["phones"]).result()
        return register(**said)

    monkeypatch.setattr(leads_desk.customers, "register_customer", overtaken)
    done = accept_lead(lead=offered, by=company.sales_store, now=timezone.now())
    assert (done.customer, done.is_known) == (first, True)
    offered.refresh_from_db()
    assert (offered.state, offered.customer) == (LeadState.JOINED, first)


def test_whom_we_gave_up_and_who_asks_again_is_proposed_at_once(company, origin):
    given_up = CustomerFactory(phone=REAL, owner=company.sales_store, grade="D", need="沙发")
    lead(origin=origin, now=timezone.now(), phone=REAL)
    proposal = GradeProposal.objects.get(customer=given_up)
    assert (proposal.state, proposal.because, proposal.after) == ("open", "back", "A")


def test_a_card_without_a_name_says_no_more_of_a_number_than_its_mask(company, origin):
    now = timezone.now()
    on_duty(company.store, company.sales_store, on=company.store.today(now))
    abroad = lead(origin=origin, now=now, phone="+1 212 555 0171", name="")
    done = accept_lead(lead=abroad, by=company.sales_store, now=now)
    assert done.customer.name.endswith("71")
    assert "0171" not in done.customer.name


def test_today_asks_how_many_wait(company, offered, as_):
    browser = as_(company.sales_store)
    assert 'hx-get="/leads/waiting/"' in browser.get("/today/").content.decode()
    strip = browser.get("/leads/waiting/")
    assert 'href="/leads/"' in strip.content.decode()
    assert 'href="/leads/"' not in as_(company.stranger).get("/leads/waiting/").content.decode()


def test_a_source_shows_its_secret_once(company, as_):
    browser = as_(company.marketing_manager)
    said = {"code": "Tmall", "name": "天猫", "source": "online"}
    answer = browser.post("/leads/sources/", said)
    made = LeadSource.objects.get()
    assert (made.code, answer.url) == ("tmall", f"/leads/sources/{made.pk}/")
    assert browser.get(answer.url).context["secret"]
    assert browser.get(answer.url).context["secret"] == ""
    assert browser.post("/leads/sources/", said).status_code == 200
    browser.post(f"/leads/sources/{made.pk}/secret/")
    assert browser.get(answer.url).context["secret"]
    browser.post(answer.url, {"name": "天猫", "source": "online"})
    made.refresh_from_db()
    assert not made.is_active


def test_a_week_is_written_by_ticking(company, as_):
    browser = as_(company.store_manager)
    today = company.store.today(timezone.now())
    name = f"on-{company.sales_store.pk}-{today.isoformat()}"
    address = f"/leads/rota/{company.store.pk}/"
    assert browser.post(address, {name: "on"}).status_code == 302
    assert RotaDay.objects.get().person == company.sales_store
    browser.post(address, {})
    assert not RotaDay.objects.exists()
    browser.post(address, {"method": "load", "accept_minutes": "5"})
    rule = DispatchRule.objects.get()
    assert (rule.method, rule.accept_minutes) == ("load", 5)
    assert browser.post(address, {"method": "x", "accept_minutes": "0"}).status_code == 200
    for week in ("x", "1900-01-01"):
        assert browser.get(f"{address}?week={week}").status_code == 404


def test_a_sheet_is_sent_in_from_the_page(company, origin, as_):
    sheet = SimpleUploadedFile("a.csv", f"线索编号,电话\nB1,{NUMBER}\n".encode())
    browser = as_(company.ops_manager)
    key = browser.get("/leads/import/").context["form"]["key"].value()
    answer = browser.post("/leads/import/", {"key": key, "origin": origin.pk, "file": sheet})
    assert answer.url.startswith("/jobs/")
    assert Lead.objects.get().way == "file"
    assert browser.get(answer.url).status_code == 200
    assert browser.post("/leads/import/", {"key": key}).status_code == 200


def test_an_office_is_led_to_the_rota_and_the_calendar_of_a_store(company, as_):
    boss = company.ops_manager
    boss.store = StoreFactory(name="总部办公室", kind=StoreKind.OFFICE)
    boss.save(update_fields=["store"])
    browser = as_(boss)

    rota_store = browser.get("/leads/").context["rota_store"]

    assert rota_store not in (None, boss.store_id)
    assert browser.get(f"/leads/rota/{rota_store}/").status_code == 200
    assert browser.get("/appointments/").context["place"] != "总部办公室"
