"""The filing light on the card and in the list of customers, and grade D that keeps a filing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer, CustomerPhone, GradeProposal
from customers.services import GradeNotChanged
from customers.services.keeping import give_access
from customers.states import Grade
from desk import card as cards
from desk.views.cards import get_customer_for
from filings.models import Filing, Policy
from filings.states import Element, NeededToFile
from followups import services as followups
from staff.scope import reach_of
from tests.filings.held import file, filed, in_english, lead_of

pytestmark = pytest.mark.django_db


def light_for(person, filing):
    reach = reach_of(person, today=timezone.localdate())
    found = get_customer_for(reach, filing.customer_id, has_leads=True)
    return cards.filing_of(found, reach, now=timezone.now())


def test_the_holder_reads_number_limits_and_time_left(company, as_):
    filing = filed(company.sales_field)
    light = light_for(company.sales_field, filing)
    assert (light.tone, light.icon, light.number) == ("good", "shield-check-filled", filing.number)
    assert [mark.state for mark in light.marks] == ["next", "plain", "plain"]
    assert light.left
    page = as_(company.sales_field).get(f"/customers/{filing.customer_id}/").content.decode()
    assert f"/filings/{filing.pk}/" in page
    assert "shield-check-filled" in page


@pytest.mark.parametrize(
    ("days", "tone", "icon"),
    [(0, "good", "shield-check-filled"), (8, "soon", "shield-half"), (12, "late", "shield-x")],
)
def test_the_light_turns_amber_and_red_with_a_shape_of_its_own(company, days, tone, icon):
    light = light_for(company.sales_store, filed(company.sales_store, days_ago=days))
    assert (light.tone, light.icon) == (tone, icon)


def test_a_draft_says_what_it_lacks(company):
    draft = file(lead_of(company.sales_store, address=""), company.sales_store)
    light = light_for(company.sales_store, draft)
    assert light.missing == Element.ADDRESS.label
    assert light.marks == []


def test_what_its_rules_do_not_need_a_draft_does_not_lack(company):
    Policy.objects.update(store_needs=NeededToFile.NAME_PHONE)
    lead = lead_of(company.sales_store, address="")
    CustomerPhone.objects.filter(customer=lead).update(is_placeholder=True)
    light = light_for(company.sales_store, file(lead, company.sales_store))
    assert light.missing == Element.PHONE.label


@pytest.mark.parametrize(
    ("role", "sees"),
    [("sales_field", True), ("field_supervisor", True), ("ops_manager", True),
     ("marketing_manager", False), ("stranger", False)],
)  # fmt: skip
def test_who_has_access_alone_learns_filed_and_nothing_else(company, as_, role, sees):
    filing = filed(company.sales_field)
    give_access(customer=filing.customer, person=company.stranger)
    light = light_for(getattr(company, role), filing)
    assert bool(light.number and light.holder and light.left) == sees
    page = as_(getattr(company, role)).get(f"/customers/{filing.customer_id}/").content.decode()
    assert (filing.number in page) == sees


@pytest.mark.parametrize("is_draft", [True, False])
def test_the_card_asks_one_query_for_the_light(company, is_draft):
    filing = filed(company.sales_field, **({"address": ""} if is_draft else {}))
    reach = reach_of(company.sales_field, today=timezone.localdate())
    found = get_customer_for(reach, filing.customer_id, has_leads=True)
    with CaptureQueriesContext(connection) as asked:
        cards.filing_of(found, reach, now=timezone.now())
    assert len(asked) == 1


def test_the_list_of_customers_shows_own_filings_without_a_query_a_row(company, as_):
    browser = as_(company.sales_store)
    filed(company.sales_store)
    browser.get("/customers/")
    with CaptureQueriesContext(connection) as one:
        page = browser.get("/customers/")
    assert page.context["list"].page.rows[0].filed_until is not None
    for _each in range(11):
        filed(company.sales_store)
    with CaptureQueriesContext(connection) as twelve:
        browser.get("/customers/")
    assert len(one) == len(twelve)


def test_whoever_reads_figures_alone_sees_no_end_of_a_filing(company, as_):
    filed(company.sales_store)
    page = as_(company.marketing_manager).get("/customers/")
    assert [row.filed_until for row in page.context["list"].page.rows] == [None]


def test_grade_d_says_before_the_tap_that_it_releases(company, as_):
    filing, unfiled = filed(company.sales_store), lead_of(company.sales_store)
    browser = as_(company.sales_store)
    for act in ("grade", "log"):
        page = browser.get(f"/customers/{filing.customer_id}/{act}/").content.decode()
        assert filing.number in page
        assert 'name="keeps_filing"' in page
        page = browser.get(f"/customers/{unfiled.pk}/{act}/").content.decode()
        assert 'name="keeps_filing"' not in page


@pytest.mark.parametrize("keeps", [True, False])
def test_d_releases_the_filing_unless_it_is_kept(company, as_, keeps):
    filing = filed(company.sales_store)
    said = {"grade": "D", "reason": "不买了", **({"keeps_filing": "on"} if keeps else {})}
    url = f"/customers/{filing.customer_id}/grade/"
    assert as_(company.sales_store).post(url, said).status_code == 302
    filing.refresh_from_db()
    assert (filing.ended == "") == keeps
    followups.undo_regrade(customer=filing.customer, by=company.sales_store, now=timezone.now())
    filing.refresh_from_db()
    assert filing.ended == ""
    assert filing.protected_until > timezone.now()


def test_a_contact_that_gives_d_keeps_the_filing_where_it_says_so(company, as_):
    filing = filed(company.sales_store)
    browser, url = as_(company.sales_store), f"/customers/{filing.customer_id}/log/"
    form = browser.get(url).context["form"]
    said = {
        "key": str(form["key"].value()), "result": "connected", "reason": "price", "grade": "D",
        "next_kind": "none", "none_reason": "bought_elsewhere", "keeps_filing": "on",
        "note": "不买了",
    }  # fmt: skip
    said["none_reason"] = form.fields["none_reason"].choices[0][0]
    answer = browser.post(url, said)
    assert answer.status_code == 302, answer.context["form"].errors
    filing.refresh_from_db()
    filing.customer.refresh_from_db()
    assert (filing.customer.grade, filing.ended) == (Grade.D, "")


def test_a_confirmed_proposal_of_d_keeps_the_filing_where_it_says_so(company, as_):
    rows = [filed(company.sales_store), filed(company.sales_store)]
    GradeProposal.objects.all().delete()
    made = [
        GradeProposal.objects.create(
            customer=row.customer, before=row.customer.grade, after=Grade.D,
            because="unreached", basis="5",
        )
        for row in rows
    ]  # fmt: skip
    browser = as_(company.sales_store)
    page = browser.get(f"/grades/proposals/{made[0].pk}/confirm/")
    assert page.status_code == 200
    assert 'name="keeps_filing"' in page.content.decode()
    said = {"why": "so", "keeps_filing": "on"}
    assert browser.post(f"/grades/proposals/{made[0].pk}/confirm/", said).status_code == 302
    many = {"why": "so", "proposal": [made[1].pk], "keeps_filing": "on"}
    assert browser.post("/grades/proposals/?to=D", many).status_code == 302
    assert set(Filing.objects.values_list("ended", flat=True)) == {""}


def test_nobody_gives_up_what_a_colleague_holds(company):
    filing = filed(company.sales_field)
    customer, said = filing.customer, {"by": company.stranger, "now": timezone.now()}
    give_access(customer=customer, person=company.stranger)
    with pytest.raises(GradeNotChanged) as refusal:
        followups.regrade(customer=customer, grade=Grade.D, **said)
    assert refusal.value.codes == ("held_by_another",)
    customer.refresh_from_db()
    assert customer.grade != Grade.D
    Customer.objects.filter(pk=customer.pk).update(owner=company.stranger)
    followups.regrade(customer=Customer.objects.get(pk=customer.pk), grade=Grade.D, **said)
    customer.refresh_from_db()
    filing.refresh_from_db()
    assert (customer.grade, filing.ended) == (Grade.D, ""), "the keeper gives up their own alone"


def test_today_counts_what_lapses_soon_and_leads_there(company, as_):
    filed(company.sales_store, days_ago=8)
    filed(company.sales_store)
    browser = as_(company.sales_store)
    page = browser.get("/leads/waiting/")
    assert 'href="/filings/?state=soon"' in page.content.decode()
    assert len(browser.get("/filings/?state=soon").context["list"].page.rows) == 1


def test_the_card_of_a_draft_says_each_thing_it_lacks_once(company, as_):
    draft = file(lead_of(in_english(company.sales_store), address=""), company.sales_store)
    page = as_(company.sales_store).get(f"/customers/{draft.customer_id}/")
    assert page.context["filing"].lacking == [Element.ADDRESS]
    assert "Missing: Detailed address." in page.content.decode()
    assert "address" not in page.context["missing"]
    assert page.context["missing"], "what the filing does not need is still asked for"
