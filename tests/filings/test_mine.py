"""What one holds: the list of filings, one filing's page, and the acts on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from filings import services
from filings.models import ExtensionRequest, Filing
from filings.rules.lights import light_of, lost_by, next_limit
from filings.states import Invalid, Lost
from filings.states.lights import Light
from tests.factories.staff import PersonFactory
from tests.filings.held import DAY, file, filed, in_english, lead_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(company):
    return filed(in_english(company.sales_field), name="周雅琴", phone="13911204476")


@pytest.mark.parametrize(
    ("ends_in", "is_over", "has_deal", "light"),
    [
        (4, False, False, Light.VALID), (3, False, False, Light.SOON), (0, False, False, "lapsed"),
        (-1, False, False, Light.LAPSED), (5, True, False, Light.LAPSED),
        (-1, False, True, Light.DEAL),
    ],
)  # fmt: skip
def test_the_light_says_how_a_filing_stands(ends_in, is_over, has_deal, light):
    now = timezone.now()
    found = light_of(
        is_draft=False, is_void=False, is_over=is_over, has_deal=has_deal,
        protected_until=now + ends_in * DAY, now=now,
    )  # fmt: skip
    assert found == light


def test_what_is_owed_next_is_the_first_limit_and_nothing_after_a_deal():
    now = timezone.now()
    limits = {"update_due_at": now + DAY, "protected_until": now + 9 * DAY}
    assert next_limit(**limits, limit_at=now, measured_at=None, has_deal=False) == now
    assert next_limit(**limits, limit_at=now, measured_at=now, has_deal=False) == now + DAY
    assert next_limit(**limits, limit_at=now, measured_at=None, has_deal=True) is None


def test_what_was_lost_without_a_sweep_is_said_by_what_has_passed():
    now = timezone.now()
    lost = [lost_by(ended="", limit_at=at, measured_at=None, now=now) for at in (now, None)]
    assert lost == [Lost.VOID_15D, Lost.LAPSED_10D]
    assert lost_by(ended="RELEASED_D", limit_at=now, measured_at=None, now=now) == "RELEASED_D"


@pytest.mark.parametrize(
    ("role", "list_status", "page_status"),
    [
        ("sales_field", 200, 200), ("field_supervisor", 200, 200), ("ops_manager", 200, 200),
        ("sales_store", 200, 404), ("store_manager", 200, 404), ("stranger", 200, 404),
        ("marketing_manager", 200, 403), ("merchandiser", 403, 403), ("finance", 403, 403),
        ("admin", 403, 403),
    ],
)  # fmt: skip
def test_who_reads_filings(held, company, as_, role, list_status, page_status):
    browser = as_(getattr(company, role))
    assert browser.get("/filings/").status_code == list_status
    assert browser.get(f"/filings/{held.pk}/").status_code == page_status
    assert browser.get("/filings/999999/").status_code in (404, 403)


def test_a_row_says_number_seconds_limits_and_time_left(held, company, as_):
    page = as_(company.sales_field).get("/filings/").content.decode()
    assert held.number in page
    assert "周雅琴" in page
    assert "139****4476" in page
    local = held.submitted_at.astimezone(company.team.tzinfo)
    assert f"{local:%H:%M:%S}" in page
    assert "13911204476" not in page


def test_the_marketing_manager_reads_figures_alone(held, company, as_):
    page = as_(company.marketing_manager).get("/filings/").content.decode()
    assert company.team.name in page
    assert held.number not in page
    assert "周雅琴" not in page


def test_the_list_opens_with_what_has_least_time_left(company, as_):
    late = filed(company.sales_store, days_ago=5, phone="13900000001")
    early = filed(company.sales_store, phone="13900000002")
    page = as_(company.sales_store).get("/filings/").content.decode()
    assert page.index(late.number) < page.index(early.number)
    turned = as_(company.sales_store).get("/filings/?sort=-due").content.decode()
    assert turned.index(early.number) < turned.index(late.number)


def test_pages_of_the_list_follow_each_other_without_gap(company, as_):
    rows = [filed(company.sales_store, days_ago=n % 4) for n in range(7)]
    browser, seen, url = as_(company.sales_store), [], "/filings/?page_size=3"
    while url:
        found = browser.get(url).context["list"]
        seen += [row.pk for row in found.page.rows]
        url = f"/filings/{found.next_url}" if found.next_url else ""
    assert sorted(seen) == sorted(row.pk for row in rows)


def test_the_list_asks_no_more_for_twelve_rows_than_for_one(company, as_):
    browser = as_(company.sales_store)
    filed(company.sales_store)
    browser.get("/filings/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/filings/")
    for _each in range(11):
        filed(company.sales_store)
    with CaptureQueriesContext(connection) as twelve:
        browser.get("/filings/")
    assert len(twelve) == len(one)


def test_tabs_part_what_is_held_drafted_refused_and_over(company, as_):
    me = company.sales_store
    draft = file(lead_of(me, address=""), me)
    lapsed = filed(me, days_ago=12)
    theirs = filed(company.stranger, name="机密", phone="13955556666")
    refused = file(theirs.customer, me)
    assert refused.invalid == Invalid.LATER_FILER
    browser = as_(me)
    for tab, filing in (("drafts", draft), ("over", lapsed), ("refused", refused)):
        found = browser.get(f"/filings/?scope={tab}")
        assert [row.pk for row in found.context["list"].page.rows] == [filing.pk]
    assert not browser.get("/filings/").context["list"].page.rows


def test_what_owes_nothing_says_how_it_stands_in_a_word(company, as_):
    me = in_english(company.sales_store)
    file(lead_of(me, address=""), me)
    filed(me, days_ago=12)
    file(filed(company.stranger).customer, me)
    said = {}
    for tab in ("drafts", "over", "refused"):
        row = next(iter(as_(me).get(f"/filings/?scope={tab}").context["list"].table.rows))
        said[tab] = row.get_cell("due")
    assert "Draft" in said["drafts"]
    assert "Lapsed" in said["over"]
    assert "Void" in said["refused"]


@pytest.mark.parametrize(("role", "has_quota"), [("sales_field", True), ("sales_store", False)])
def test_field_people_see_what_of_the_month_is_used(company, as_, role, has_quota):
    filed(getattr(company, role))
    page = as_(getattr(company, role)).get("/filings/").content.decode()
    assert ("1/20" in page) == has_quota


def test_a_draft_leads_to_its_completion_and_a_refusal_to_the_bench(company, as_):
    me = in_english(company.sales_field)
    draft = file(lead_of(me, address=""), me)
    rival = filed(company.sales_store)
    refused = file(rival.customer, me)
    for filing, act in ((draft, "Complete"), (refused, "Ask for a ruling")):
        page = as_(me).get(f"/filings/{filing.pk}/")
        assert act in [each["label"] for each in page.context["acts"]]
    assert as_(me).get(f"/contest/{refused.customer_id}/").status_code == 200


@pytest.mark.parametrize(
    ("role", "is_led"), [("ops_manager", True), ("field_supervisor", True), ("sales_field", False)]
)
def test_who_reviews_a_filing_is_led_to_its_review(held, company, as_, role, is_led):
    page = as_(getattr(company, role)).get(f"/filings/{held.pk}/")
    url = f"/filings/reviews/#filing-{held.pk}"
    assert (url in [act["url"] for act in page.context["acts"]]) == is_led
    if is_led:
        queue = as_(getattr(company, role)).get(url).content.decode()
        assert f'id="filing-{held.pk}"' in queue


def test_who_else_filed_is_read_with_the_filing(held, company, as_):
    browser = as_(company.field_supervisor)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(f"/filings/{held.pk}/")
    assert len(page.context["acts"]) > 1
    pairs = 'SELECT "filings_filing"."filer_id"'
    assert not [each["sql"] for each in asked.captured_queries if each["sql"].startswith(pairs)]


def test_who_was_refused_learns_neither_name_nor_store_nor_when(company, as_):
    theirs = filed(company.stranger, name="机密", phone="13955556666", need="水晶灯")
    in_english(company.sales_store)
    refused = file(theirs.customer, company.sales_store)
    browser = as_(company.sales_store)
    for url in ("/filings/?scope=refused", f"/filings/{refused.pk}/"):
        page = browser.get(url).content.decode()
        for secret in ("机密", "水晶灯", company.other.name, company.stranger.name, theirs.number):
            assert secret not in page
        assert "can be filed again" not in page
    found = browser.get("/filings/?scope=refused&q=机密").context["list"]
    assert list(found.page.rows) == []


def test_a_refused_filing_says_when_the_customer_is_free_again(company, as_):
    theirs = filed(company.stranger, phone="13955556666")
    file(theirs.customer, in_english(company.sales_store))
    services.release(filing=theirs, by=company.stranger, is_manager=False)
    page = as_(company.sales_store).get("/filings/?scope=refused").content.decode()
    assert "can be filed again" in page


def test_the_holder_releases_once_and_is_told_before(held, company, as_):
    browser = as_(company.sales_field)
    url = f"/filings/{held.pk}/release/"
    assert "24" in browser.get(url).content.decode()
    assert browser.post(url).status_code == 302
    held.refresh_from_db()
    assert held.ended == Lost.RELEASED_D
    again = browser.post(url)
    assert again.status_code == 200
    assert "protects nobody any more" in again.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("field_supervisor", 302), ("ops_manager", 302), ("sales_store", 404), ("stranger", 404),
     ("store_manager", 404), ("marketing_manager", 403)],
)  # fmt: skip
def test_who_may_release_anothers_filing(held, company, as_, role, status):
    browser, url = as_(getattr(company, role)), f"/filings/{held.pk}/release/"
    assert browser.post(url).status_code == (200 if status == 302 else status)
    assert browser.post(url, {"reason": "客户要换人"}).status_code == status


def test_the_filer_takes_back_within_ten_minutes_a_manager_later(company, as_):
    fresh, old = filed(in_english(company.sales_field)), filed(company.sales_field, days_ago=1)
    mine, theirs = as_(company.sales_field), as_(company.field_supervisor)
    said = {"reason": "登记错了"}
    assert mine.post(f"/filings/{fresh.pk}/take-back/", {}).status_code == 200
    assert mine.post(f"/filings/{fresh.pk}/take-back/", said).status_code == 302
    late = mine.post(f"/filings/{old.pk}/take-back/", said)
    assert "Ten minutes have passed" in late.content.decode()
    assert theirs.post(f"/filings/{old.pk}/take-back/", said).status_code == 302
    assert set(Filing.objects.values_list("withdrawn", flat=True)) == {"voided"}


def asked(browser, filing, **said):
    url = f"/filings/{filing.pk}/ask/"
    form = browser.get(url).context["asks"]
    chips = form.fields["until_limit"].choices
    filled = {"kind": "limit", "until_limit": chips[0][0], "reason": "travel", "text": "",
              "key": str(form["key"].value()), **said}  # fmt: skip
    return browser.post(url, filled)


def test_an_extension_is_asked_for_once_and_shown_as_waiting(held, company, as_):
    browser = as_(company.sales_field)
    assert asked(browser, held).status_code == 302
    assert ExtensionRequest.objects.get().filing == held
    page = browser.get(f"/filings/{held.pk}/").content.decode()
    assert "waits, held until" in page
    again = asked(browser, held)
    assert "asked for already" in again.content.decode()


def test_the_same_form_sent_twice_asks_once(held, company, as_):
    browser = as_(company.sales_field)
    key = "5f2f4f6e-1d3d-4c38-9d5d-0b3e0a4d2f11"
    assert [asked(browser, held, key=key).status_code for _twice in "12"] == [302, 302]
    assert ExtensionRequest.objects.count() == 1


def test_too_late_or_too_far_is_refused_in_words(held, company, as_):
    browser = as_(company.sales_field)
    day = (timezone.localdate() + 60 * DAY).isoformat()
    far = asked(browser, held, until_limit="other", other_day=day)
    assert "days after the present limit" in far.content.decode()
    lapsed = filed(company.sales_field, days_ago=16)
    page = browser.get(f"/filings/{lapsed.pk}/ask/").content.decode()
    assert 'class="act"' not in page
    assert "has lapsed" in asked(browser, lapsed).content.decode()
    assert as_(company.field_supervisor).get(f"/filings/{held.pk}/ask/").status_code == 403


def test_a_manager_hands_over_and_the_customer_goes_along(held, company, as_):
    colleague = PersonFactory(role="sales_field", store=company.team)
    browser = as_(company.field_supervisor)
    url, said = f"/filings/{held.pk}/hand-over/", {"holder": colleague.pk, "reason": "离职"}
    assert browser.post(url, {**said, "holder": company.sales_store.pk}).status_code == 200
    assert browser.post(url, said).status_code == 302
    held.refresh_from_db()
    held.customer.refresh_from_db()
    assert (held.holder, held.filer, held.customer.owner) == (
        colleague, company.sales_field, colleague,
    )  # fmt: skip
    assert as_(company.sales_field).post(url, said).status_code == 403
    assert as_(company.store_manager).post(url, said).status_code == 404


def test_the_page_tells_what_happened_to_the_second(held, company, as_):
    page = as_(company.sales_field).get(f"/filings/{held.pk}/")
    local = held.submitted_at.astimezone(company.team.tzinfo)
    assert [f"{local:%H:%M:%S}" in event.label for event in page.context["events"]] == [True]
    assert len(page.context["stretches"]) == 1
