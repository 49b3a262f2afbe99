"""Greetings, wordings and campaigns on the screen: one at a time, scoped, masked."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from core.models import Job
from customers.models import Contact, Customer, PhoneReveal
from desk.services import inviting
from desk.services.inviting import do_invite
from followups.models import Campaign, Festival, Greeting, Invitation, Wording
from followups.services.campaigns import CampaignTerms, plan_campaign, version_of_review
from followups.services.invitations import invite
from followups.states import CampaignKind
from reports.registry import run
from tests.factories.customers import CustomerFactory
from tests.followups.build import at
from tests.test_conventions import our_patterns

pytestmark = pytest.mark.django_db

FRIDAY = at("2026-03-13 17:30")
STARTS = at("2026-03-21 14:00")


@pytest.fixture(autouse=True)
def _evening():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def who(company):
    before = FRIDAY - timedelta(days=20)
    return CustomerFactory(owner=company.sales_store, name="王芳", title="ms", now=before)


@pytest.fixture
def campaign(company):
    return plan_campaign(
        terms=CampaignTerms(
            name="家装讲座", kind=CampaignKind.EVENT, store=company.store, place="二楼",
            starts_at=STARTS, ends_at=STARTS + timedelta(hours=2),
            text="{day}诚邀您参加“{occasion}”。",
        ),
        by=company.store_manager, now=FRIDAY, key=uuid4(),
    )  # fmt: skip


@pytest.fixture
def guest(company, campaign, who):
    invite(campaign=campaign, customers=[who.pk], by=company.sales_store, now=FRIDAY)
    return Invitation.objects.get()


def text_on(page) -> str:
    return page.context_data["up"]["form"]["text"].value()


def test_a_greeting_is_shown_put_right_and_sent(company, as_, who):
    browser = as_(company.sales_store)
    page = browser.get("/greetings/")
    text = text_on(page)
    assert text.startswith("王女士") or "王女士" in text[:20]
    assert company.store.name in text
    assert company.sales_store.name in text
    url = page.context_data["up"]["send_url"]
    assert url == f"/greetings/friday/{who.pk}/sent/"
    answer = browser.post(url, {"text": text.replace("周末", "这个周末"), "way": "wechat"})
    assert (answer.status_code, answer.url) == (302, "/greetings/?occasion=friday")
    assert Greeting.objects.get().way == "wechat"
    again = browser.post(url, {"text": text, "way": "wechat"})
    assert again.status_code == 200
    assert again.context_data["up"]["form"].non_field_errors()
    done = browser.get("/greetings/?occasion=friday").context_data
    assert (done["done"], done["total"], done["up"]) == (1, 1, None)


def test_several_ids_send_one_and_a_way_is_needed(company, as_, who):
    other = CustomerFactory(owner=company.sales_store, now=FRIDAY - timedelta(days=3))
    browser = as_(company.sales_store)
    url = f"/greetings/friday/{who.pk}/sent/"
    text = text_on(browser.get(f"/greetings/?who={who.pk}"))
    assert browser.post(url, {"text": text}).status_code == 200
    assert not Greeting.objects.exists()
    many = {"text": [text, text], "way": ["sms", "wechat"], "customer": [who.pk, other.pk],
            "pk": [who.pk, other.pk], "who": [other.pk]}  # fmt: skip
    browser.post(url, many)
    assert list(Greeting.objects.values_list("customer", flat=True)) == [who.pk]


def test_no_address_takes_more_than_one_customer_to_send_to():
    sending = {
        name: address
        for name, address, _view in our_patterns()
        if address.startswith(("greetings/", "invitations/")) and "sent" in address
    }
    assert sending == {
        "followups:send_greeting": "greetings/<slug:occasion>/<int:pk>/sent/",
        "desk:send_invitation": "invitations/<int:pk>/sent/",
    }
    words = ("bulk", "mass", "send_all", "send_many", "greet_all")
    names = [name for name, _address, _view in our_patterns()]
    assert [name for name in names if any(word in name for word in words)] == []


def test_the_page_has_one_form_that_sends(company, as_, who):
    for _more in range(3):
        CustomerFactory(owner=company.sales_store, now=FRIDAY - timedelta(days=3))
    page = as_(company.sales_store).get("/greetings/").content.decode()
    assert page.count("/sent/") == 1


def test_the_text_message_is_a_counted_reveal(company, as_, who):
    browser = as_(company.sales_store)
    url = f"/customers/{who.pk}/message/"
    answer = browser.post(url, {"text": "您好 & 周末"}, headers={"accept": "application/json"})
    assert answer.json()["tel"].startswith("sms:+86139")
    assert "body=%E6%82%A8%E5%A5%BD%20%26" in answer.json()["tel"]
    assert browser.post(url, {"text": "x"}).status_code == 200
    assert PhoneReveal.objects.count() == 1
    assert browser.get(url).status_code == 405
    assert as_(company.stranger).post(url).status_code == 404
    assert as_(company.marketing_manager).post(url).status_code == 403


def test_the_strip_of_the_day_says_how_many_are_left(company, as_, who):
    strip = as_(company.sales_store).get("/greetings/waiting/").content.decode()
    assert "0/1" in strip
    assert as_(company.ops_manager).get("/greetings/waiting/").context_data["strips"] == []


def test_after_its_day_nothing_is_noted(company, as_, who):
    with time_machine.travel(FRIDAY + timedelta(days=1), tick=False):
        answer = as_(company.sales_store).post(
            f"/greetings/friday/{who.pk}/sent/", {"text": "x", "way": "sms"}
        )
    assert answer.status_code == 302
    assert not Greeting.objects.exists()


def test_the_list_costs_the_same_for_1_and_for_12(company, as_, who, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = as_(company.sales_store)
    browser.get("/greetings/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        browser.get("/greetings/")
    for _more in range(11):
        CustomerFactory(owner=company.sales_store, now=FRIDAY - timedelta(days=3))
    with django_assert_num_queries(len(one)):
        browser.get("/greetings/")


ROLES = (
    "sales_store", "store_manager", "stranger", "sales_field", "marketing_manager", "ops_manager",
    "merchandiser", "finance", "admin",
)  # fmt: skip


def statuses(company, as_, address, method="get", data=None):
    return [
        getattr(as_(getattr(company, role)), method)(address, data or {}).status_code
        for role in ROLES
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/greetings/", [200, 200, 200, 200, 403, 403, 403, 403, 403]),
        ("/wordings/", [200, 200, 200, 200, 200, 200, 403, 403, 403]),
        ("/wordings/new/", [403, 403, 403, 403, 200, 200, 403, 403, 403]),
        ("/campaigns/", [200, 200, 200, 200, 200, 200, 403, 403, 403]),
        ("/campaigns/new/", [403, 200, 403, 403, 200, 200, 403, 403, 403]),
        ("/campaigns/{campaign}/", [200, 200, 404, 404, 200, 200, 403, 403, 403]),
        ("/campaigns/{campaign}/edit/", [403, 200, 403, 403, 200, 200, 403, 403, 403]),
        ("/campaigns/{campaign}/guests/", [200, 200, 404, 404, 200, 200, 403, 403, 403]),
        ("/campaigns/{campaign}/invite/", [200, 200, 404, 404, 200, 200, 403, 403, 403]),
        ("/campaigns/{campaign}/door/", [200, 200, 404, 404, 200, 200, 403, 403, 403]),
        ("/invitations/{guest}/", [200, 200, 404, 404, 200, 200, 403, 403, 403]),
        ("/invitations/{guest}/ticket/", [200, 200, 404, 404, 200, 200, 403, 403, 403]),
        ("/tickets/{ticket}/", [200, 200, 404, 404, 200, 200, 403, 403, 403]),
        ("/campaigns/999999/", [404, 404, 404, 404, 404, 404, 403, 403, 403]),
        ("/tickets/unknown/", [404, 404, 404, 404, 404, 404, 403, 403, 403]),
    ],
)
def test_who_may_open_what(company, as_, guest, address, expected):
    named = address.format(campaign=guest.campaign_id, guest=guest.pk, ticket=guest.ticket)
    assert statuses(company, as_, named) == expected


def test_who_may_send_an_invitation(company, as_, guest):
    found = statuses(company, as_, f"/invitations/{guest.pk}/sent/", "post")
    assert found == [200, 200, 404, 404, 403, 200, 403, 403, 403]
    guest.refresh_from_db()
    assert guest.sent_at is None


def test_a_wording_is_changed_and_an_unknown_place_is_named(company, as_):
    wording = Wording.objects.get(code="friday_tracked_plain")
    browser = as_(company.marketing_manager)
    page = browser.get(f"/wordings/{wording.pk}/")
    fields = {bound.name: bound.value() for bound in page.context_data["form"]}
    said = {name: value for name, value in fields.items() if value}
    said |= {"is_active": "on", "act": "save"}
    wrong = browser.post(f"/wordings/{wording.pk}/", {**said, "text_zh": "{nobody}好"})
    assert "nobody" in str(wrong.context_data["form"].non_field_errors())
    # The preview is asked for while the button has the focus, and is named with it.
    seen = browser.post(
        f"/wordings/{wording.pk}/", {**said, "text_zh": "{name}好"}, headers={"HX-Request": "true"}
    )
    assert (seen.status_code, b'value="save"' in seen.content) == (200, False)
    right = browser.post(f"/wordings/{wording.pk}/", {**said, "text_zh": "{name}好"})
    assert right.status_code == 302
    late = browser.post(f"/wordings/{wording.pk}/", {**said, "text_zh": "好"})
    assert late.context_data["conflict"]
    wording.refresh_from_db()
    assert wording.text_zh == "{name}好"


def test_a_festival_is_switched_off_and_on(company, as_):
    festival = Festival.objects.get(code="laba")
    browser = as_(company.ops_manager)
    browser.post(f"/festivals/{festival.pk}/use/")
    festival.refresh_from_db()
    assert not festival.is_active
    browser.post(f"/festivals/{festival.pk}/use/", {"is_active": "on"})
    festival.refresh_from_db()
    assert festival.is_active
    assert as_(company.store_manager).post(f"/festivals/{festival.pk}/use/").status_code == 403


def test_a_campaign_is_planned_from_a_wording(company, as_):
    browser = as_(company.store_manager)
    wording = Wording.objects.get(code="lecture")
    page = browser.get(f"/campaigns/new/?wording={wording.pk}")
    form = page.context_data["form"]
    said = {
        "kind": "event", "name": "讲座", "store": str(company.store.pk), "place": "二楼",
        "starts_at": "2026-03-21T14:00", "ends_at": "2026-03-21T16:00",
        "text": form["text"].value(), "deals_within_days": "30", "key": str(uuid4()),
        "target_invited": "40", "target_amount": "50000",
    }  # fmt: skip
    answer = browser.post("/campaigns/new/", said)
    campaign = Campaign.objects.get()
    assert answer.url == f"/campaigns/{campaign.pk}/"
    assert browser.post("/campaigns/new/", said).url == answer.url
    assert "{occasion}" in campaign.text
    wrong = browser.post("/campaigns/new/", {**said, "ends_at": "2026-03-20T14:00"})
    assert list(wrong.context_data["form"].errors) == ["ends_at"]


def test_a_filter_is_looked_at_and_exactly_these_are_invited(company, as_, campaign, who):
    quiet = CustomerFactory(owner=company.sales_store, now=FRIDAY)
    Customer.objects.filter(pk=quiet.pk).update(quiet="marketing")
    CustomerFactory(owner=company.sales_store, grade="C2", now=FRIDAY)
    browser = as_(company.sales_store)
    page = browser.get(f"/campaigns/{campaign.pk}/invite/?grade=A")
    context = page.context_data
    assert (context["ready"], [row["count"] for row in context["withheld"]]) == (1, [1])
    form = context["form"]
    said = {"shown": form["shown"].value(), "key": str(form["key"].value())}
    answer = browser.post(f"/campaigns/{campaign.pk}/invite/?grade=A", said)
    assert answer.url == f"/campaigns/{campaign.pk}/"
    rows = dict(Invitation.objects.values_list("customer", "withheld"))
    assert rows == {who.pk: "", quiet.pk: "quiet"}
    stolen = as_(company.store_manager).post(f"/campaigns/{campaign.pk}/invite/", said)
    assert "/invite/" in stolen.url


def test_many_are_invited_by_a_job_as_far_as_the_asker_sees_them(
    company, as_, campaign, who, monkeypatch
):
    monkeypatch.setattr(inviting, "AT_ONCE", 1)
    other = CustomerFactory(owner=company.sales_store, now=FRIDAY - timedelta(days=9))
    foreign = CustomerFactory(owner=company.stranger, now=FRIDAY - timedelta(days=9))
    job = inviting.ask_to_invite(
        campaign=campaign, customers=[who.pk, other.pk, foreign.pk], by=company.sales_store,
        key=uuid4(),
    )  # fmt: skip

    class Work:
        def __init__(self, job):
            self.job = job

        def advance(self, done, total):
            """Nobody waits in a test."""

    do_invite(Work(job))
    assert set(Invitation.objects.values_list("customer", flat=True)) == {who.pk, other.pk}
    assert job.result == {"listed": 2, "kept_off": 0, "left_out": 1}
    browser = as_(company.sales_store)
    assert browser.get(f"/invitations/jobs/{job.pk}/").url == f"/campaigns/{campaign.pk}/"
    assert as_(company.store_manager).get(f"/invitations/jobs/{job.pk}/").status_code == 404
    assert Job.objects.count() == 1


def test_one_guest_is_written_to_answers_and_comes(company, as_, guest):
    browser = as_(company.sales_store)
    page = browser.get(f"/invitations/{guest.pk}/")
    text = page.context_data["send_form"]["text"].value()
    assert "家装讲座" in text
    answer = browser.post(f"/invitations/{guest.pk}/sent/", {"text": text})
    assert answer.url == f"/invitations/{guest.pk}/"
    said = {"answer": "coming", "channel": "call", "note": "带太太来", "key": str(uuid4())}
    assert browser.post(f"/invitations/{guest.pk}/answer/", said).status_code == 302
    assert Contact.objects.get().reason == "event"
    early = browser.post(f"/invitations/{guest.pk}/came/", follow=True)
    assert guest.attended_at is None
    assert early.status_code == 200
    with time_machine.travel(STARTS, tick=False):
        page = browser.post(f"/tickets/{guest.ticket}/")
        assert page.context_data["came"]
        again = browser.post(f"/tickets/{guest.ticket}/")
        assert company.sales_store.name in again.context_data["refused"]
    guest.refresh_from_db()
    assert guest.attended_noted_by == company.sales_store


def test_a_colleague_may_scan_a_guest_whose_card_they_do_not_see(company, as_, guest):
    from tests.factories.staff import PersonFactory

    colleague = as_(PersonFactory(store=company.store))
    assert colleague.get(f"/invitations/{guest.pk}/").status_code == 404
    page = colleague.get(f"/tickets/{guest.ticket}/")
    assert page.status_code == 200
    assert f"/customers/{guest.customer_id}/" not in page.content.decode()


def test_who_came_unasked_is_found_and_noted_at_the_door(company, as_, campaign, who):
    browser = as_(company.sales_store)
    with time_machine.travel(STARTS, tick=False):
        page = browser.get(f"/campaigns/{campaign.pk}/door/?q=王芳")
        assert [row["pk"] for row in page.context_data["unasked"]] == [who.pk]
        browser.post(f"/campaigns/{campaign.pk}/walk-in/{who.pk}/")
    assert Invitation.objects.get().attended_at == STARTS


def test_each_figure_opens_its_people(company, as_, guest):
    browser = as_(company.sales_store)
    page = browser.get(f"/campaigns/{guest.campaign_id}/")
    for stat in page.context_data["stats"] + page.context_data["counts"]:
        shown = browser.get(stat["url"])
        assert shown.status_code == 200
        if str(stat.get("count", "")):
            assert shown.context_data["list"].total == stat["count"]
    everybody = browser.get(f"/campaigns/{guest.campaign_id}/guests/").content.decode()
    assert "****" in everybody


def test_lists_of_campaigns_and_guests_cost_the_same_for_1_and_for_12(
    company, as_, campaign, who, guest, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = as_(company.store_manager)
    paths = ("/campaigns/", f"/campaigns/{campaign.pk}/guests/", f"/campaigns/{campaign.pk}/door/")
    counts = {}
    for path in paths:
        browser.get(path)
        with CaptureQueriesContext(connection) as caught:
            browser.get(path)
        counts[path] = len(caught)
    more = [CustomerFactory(owner=company.sales_store, now=FRIDAY) for _each in range(11)]
    invite(
        campaign=campaign, customers=[each.pk for each in more], by=company.sales_store, now=FRIDAY
    )
    for at_ in range(11):
        plan_campaign(
            terms=CampaignTerms(
                name=f"c{at_}", kind="event", store=company.store, place="", starts_at=STARTS,
                ends_at=STARTS, text="x",
            ),
            by=company.store_manager, now=FRIDAY, key=uuid4(),
        )  # fmt: skip
    for path in paths:
        with django_assert_num_queries(counts[path]):
            browser.get(path)


def test_the_report_puts_campaigns_side_by_side(company, guest):
    told = run("campaigns", {}, reach=None, now=FRIDAY)
    assert [(row["invited"], row["came"], row["amount"]) for row in told["rows"]] == [
        (1, 0, "0.00")
    ]
    assert run("campaigns", {"from": "2026-04-01"}, reach=None, now=FRIDAY)["rows"] == []


def test_the_review_is_kept(company, as_, campaign):
    browser = as_(company.store_manager)
    said = {"review": "茶点少了", "seen": version_of_review(campaign)}
    browser.post(f"/campaigns/{campaign.pk}/review/", said)
    campaign.refresh_from_db()
    assert campaign.review == "茶点少了"


def test_a_number_typed_into_a_campaign_is_masked(company, as_, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(
        name="讲座13900001234", place="问13900001234", text="打13900001234", review="13900001234"
    )
    for path in ("", "edit/", "guests/", "door/", "invite/"):
        page = as_(company.marketing_manager).get(f"/campaigns/{campaign.pk}/{path}")
        assert "13900001234" not in page.content.decode(), path
    assert "13900001234" not in as_(company.marketing_manager).get("/campaigns/").content.decode()
