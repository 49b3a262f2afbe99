"""Every way of logging a contact of ours passes the guard: surveys, guests, a registration."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from core.models import AuditEntry
from core.phones import normalise
from customers.models import Contact, Parameters
from customers.rules import NextStep
from customers.states import Channel, NextKind, Outcome, Quiet, QuietReason, Reason
from desk.services import Reception, Typed, register
from followups.models import Invitation, SurveyResult
from followups.queries.surveys import newest_version
from followups.rules.surveys import Given
from followups.services import Pestering, log_contact, log_survey, set_quiet
from followups.services.branches import Branches
from followups.services.campaigns import CampaignTerms, plan_campaign
from followups.services.invitations import answer_invitation, invite
from followups.services.surveys import Held
from followups.states import Answer, CampaignKind, Override
from tests.factories.customers import CustomerFactory
from tests.factories.followups import task_today
from tests.factories.staff import PersonFactory
from tests.followups.build import at
from tests.followups.surveying import errors, taps, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]

NOW = at("2026-03-12 09:50")
NONE = NextStep(kind=NextKind.NONE, none_reason="cared_for")
SURVEY = "T4"


@pytest.fixture
def who(company):
    return CustomerFactory(owner=company.sales_store, name="王芳", now=NOW - timedelta(days=60))


@pytest.fixture
def colleague(company):
    return PersonFactory(store=company.store, name="小林")


@pytest.fixture
def guest(company, who):
    campaign = plan_campaign(
        terms=CampaignTerms(
            name="家装讲座", kind=CampaignKind.EVENT, store=company.store, place="二楼",
            starts_at=NOW + timedelta(days=9), ends_at=NOW + timedelta(days=9, hours=2),
            text="{day}诚邀您参加“{occasion}”。",
        ),
        by=company.store_manager, now=NOW, key=uuid4(),
    )  # fmt: skip
    invite(campaign=campaign, customers=[who.pk], by=company.sales_store, now=NOW)
    return Invitation.objects.get()


def called(who, *, by=None, now=NOW, **said):
    """A call of ours that reached them, for whatever reason it was made."""
    said = {"reason": Reason.DESIGN, "override": Override.NEEDED, **said}
    return log_contact(
        customer=who, channel=Channel.CALL, outcome=Outcome.CONNECTED, next_step=NONE,
        by=by or who.owner, now=now, key=uuid4(), **said,
    )  # fmt: skip


def surveyed(who, *, by=None, now=NOW, **said):
    """A survey by telephone, as its service is called."""
    held = Held(version=newest_version(SURVEY), answers={"use": Given(code="use", text="好用")})
    said = {"channel": Channel.CALL, "outcome": Outcome.CONNECTED, "next_step": NONE, **said}
    return log_survey(
        customer=who, held=said.pop("held", held), branches=Branches(), by=by or who.owner,
        now=now, key=uuid4(), **said,
    )  # fmt: skip


def answered(guest, *, by=None, now=NOW, **said):
    said = {"channel": Channel.CALL, "answer": Answer.COMING, **said}
    answer_invitation(
        invitation=guest, by=by or guest.customer.owner, now=now, key=uuid4(), **said
    )  # fmt: skip


def wishes(who, quiet):
    set_quiet(customer=who, quiet=quiet, reason=QuietReason.ASKED, by=who.owner, now=NOW)


def codes(act, *args, **said) -> tuple[str, ...]:
    """What the guard objects to; () where it lets the contact pass."""
    try:
        act(*args, **said)
    except Pestering as advice:
        return advice.codes
    return ()


# a survey, as a service


def test_a_survey_after_a_call_of_the_day_is_stopped_and_keeps_nothing(who, colleague):
    called(who, by=colleague, now=NOW - timedelta(hours=1))
    with pytest.raises(Pestering, match="小林"):
        surveyed(who)
    assert Contact.objects.count() == 1
    assert not SurveyResult.objects.exists()


def test_its_reason_stands_on_the_contact_and_on_the_trail(who, colleague):
    called(who, by=colleague, now=NOW - timedelta(hours=1), override="")
    contact = surveyed(who, override="news: 价格定了，电话 13812345678")
    assert contact.override == "news: 价格定了，电话 13812345678"
    told = AuditEntry.objects.get(verb="override")
    assert (told.object_type, told.object_id) == ("customers.contact", contact.pk)
    assert told.by == who.owner
    assert told.detail == {"codes": ["contacted_lately"]}
    assert told.reason.startswith("news: 价格定了")
    assert "13812345678" not in told.reason


def test_an_override_that_nobody_needed_is_not_on_the_trail(who):
    assert surveyed(who, override="news").override == ""
    assert not AuditEntry.objects.filter(verb="override").exists()


@pytest.mark.parametrize(
    "free",
    [{"is_inbound": True}, {"channel": Channel.STORE_VISIT, "outcome": Outcome.MET}],
)
def test_what_they_began_and_who_came_pass(who, colleague, free):
    called(who, by=colleague, now=NOW - timedelta(hours=1))
    wishes(who, Quiet.ALL)
    assert surveyed(who, **free).override == ""


def test_whoever_put_the_survey_off_was_not_reached(who, colleague):
    called(who, by=colleague, now=NOW - timedelta(hours=1))
    put_off = Held(version=newest_version(SURVEY), is_willing=False)
    retry = {"outcome": Outcome.DECLINED, "next_step": None, "retry_on": date(2026, 3, 14)}
    assert surveyed(who, held=put_off, **retry).override == ""


@pytest.mark.parametrize(
    ("quiet", "channel", "expected"),
    [
        (Quiet.NONE, Channel.CALL, ()),
        (Quiet.MARKETING, Channel.CALL, ()),
        (Quiet.VISITS, Channel.CALL, ()),
        (Quiet.VISITS, Channel.HOME_VISIT, ("wishes_no_visits",)),
        (Quiet.ALL, Channel.CALL, ("wishes_no_contact",)),
        (Quiet.ALL, Channel.HOME_VISIT, ("wishes_no_contact",)),
    ],
)
def test_a_survey_is_stopped_by_the_wish_in_whose_scope_it_lies(who, quiet, channel, expected):
    if quiet:
        wishes(who, quiet)
    is_visit = channel == Channel.HOME_VISIT
    outcome = Outcome.MET if is_visit else Outcome.CONNECTED
    assert codes(surveyed, who, channel=channel, outcome=outcome) == expected


def test_of_a_wish_for_no_contact_a_seller_may_not_talk_the_survey_out(who, company):
    wishes(who, Quiet.ALL)
    assert codes(surveyed, who, override="news") == ("wishes_no_contact",)
    assert codes(surveyed, who, override="needed") == ()
    later = NOW + timedelta(days=3)
    assert codes(surveyed, who, by=company.store_manager, override="news", now=later) == ()


def test_care_for_the_third_time_running_is_said_and_for_the_second_it_is_not(who):
    for days in (9, 5):
        assert codes(surveyed, who, now=NOW - timedelta(days=days)) == ()
    assert codes(surveyed, who) == ("reason_worn",)


def test_after_something_else_care_is_no_worn_reason(who):
    surveyed(who, now=NOW - timedelta(days=9))
    called(who, now=NOW - timedelta(days=5), reason=Reason.PRICE)
    assert codes(surveyed, who) == ()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-12 20:59", ()),
        ("2026-03-12 21:00", ("quiet_hours",)),
        ("2026-03-13 07:59", ("quiet_hours",)),
        ("2026-03-13 08:00", ()),
    ],
)
def test_quiet_hours_hold_for_surveys(who, moment, expected):
    Parameters.objects.create(valid_from=NOW.date(), quiet_from=time(21), quiet_until=time(8))
    assert codes(surveyed, who, now=at(moment)) == expected


# a survey, on its page


def ask(browser, who, **said):
    """Open the survey and send it, with one answer."""
    page = browser.get(url(who, code=SURVEY))
    return browser.post(
        url(who, code=SURVEY), taps(page, q_use="座椅舒服", none_reason="no_need", **said)
    )


def test_the_survey_shows_what_speaks_against_it_before_the_call(who, company, as_, colleague):
    called(who, by=colleague, now=NOW - timedelta(hours=1))
    page = as_(company.sales_store).get(url(who, code=SURVEY))
    assert [("小林" in sentence) for sentence in page.context["guard"].now] == [True]
    assert page.context["guard"].asks_when == "result:connected,is_inbound!on"
    text = page.content.decode()
    assert 'name="override"' in text
    assert 'name="is_inbound"' in text


def test_nothing_speaks_against_it_and_nothing_is_asked(who, company, as_):
    page = as_(company.sales_store).get(url(who, code=SURVEY))
    assert page.context["guard"].now == []
    assert 'name="override"' not in page.content.decode()


def test_the_worn_reason_of_a_survey_is_said_before_the_call(who, company, as_):
    for days in (9, 5):
        called(who, now=NOW - timedelta(days=days), reason=Reason.CARE)
    guard = as_(company.sales_store).get(url(who, code=SURVEY)).context["guard"]
    assert [each.code for each in guard.chosen] == ["reason_worn"]
    assert len(guard.now) == 1
    plain = as_(company.sales_store).get(f"/customers/{who.pk}/log/").context["guard"]
    assert plain.now == []  # there another reason can still be chosen


def test_who_wishes_no_contact_is_refused_in_words_and_nothing_typed_is_lost(who, company, as_):
    wishes(who, Quiet.ALL)
    browser = as_(company.sales_store)
    said = {"note": "想聊保养", "override": "news", "override_text": "他很客气"}
    page = ask(browser, who, **said)
    assert page.status_code == 200
    assert list(errors(page)) == ["override"]
    text = page.content.decode()
    for words in ("座椅舒服", "想聊保养", "他很客气"):
        assert words in text
    assert 'class="why-not" data-when="is_inbound!on"' in text
    assert not Contact.objects.exists()
    assert not SurveyResult.objects.exists()

    again = {**page.context["form"].data.dict(), "override": "needed", "override_text": "补签合同"}
    assert browser.post(url(who, code=SURVEY), again).status_code == 302
    contact = Contact.objects.get()
    assert contact.override == "needed: 补签合同"
    assert AuditEntry.objects.get(verb="override").object_id == contact.pk
    assert SurveyResult.objects.get().contact == contact


def test_who_called_us_is_asked_freely(who, company, as_, colleague):
    called(who, by=colleague, now=NOW - timedelta(hours=1))
    assert ask(as_(company.sales_store), who, is_inbound="on").status_code == 302
    contact = SurveyResult.objects.get().contact
    assert (contact.is_inbound, contact.override) == (True, "")


def test_the_task_may_be_closed_by_the_call_that_somebody_had(who, company, as_, colleague):
    task = task_today(who, now=NOW)
    contact = called(who, by=colleague)
    page = as_(company.sales_store).get(url(who, task, code=SURVEY))
    assert page.context["close_url"] == f"/tasks/{task.pk}/close/{contact.pk}/"
    assert page.context["close_url"] in page.content.decode()


# the plain form: where the guard objects to another moment than now


def test_an_objection_to_another_hour_is_answered_on_the_page_that_told_it(
    who, company, as_, colleague
):
    called(who, by=colleague, now=NOW - timedelta(days=1))
    browser, address = as_(company.sales_store), f"/customers/{who.pk}/log/"
    sent = {
        "key": str(uuid4()), "result": "connected", "reason": "price", "grade": "A",
        "next_kind": "call", "next_on": "2026-03-19", "occurred_at": "2026-03-11T15:00",
    }  # fmt: skip
    assert 'name="override"' not in browser.get(address).content.decode()
    page = browser.post(address, sent)
    assert page.context["form"].errors["override"]
    assert 'class="why-not" data-when="is_inbound!on"' in page.content.decode()
    assert browser.post(address, {**sent, "override": "logged_late"}).status_code == 302


def test_that_we_were_cut_off_is_a_chip_where_it_was_said_for_the_call(who, company, as_):
    browser = as_(company.sales_store)
    called(who)
    headers = {"Accept": "application/json"}
    browser.post(f"/customers/{who.pk}/reveal/", {"override": "cut_off"}, headers=headers)
    form = browser.get(f"/customers/{who.pk}/log/").context["form"]
    assert (form["override"].value(), form["override_text"].value()) == ("cut_off", "")
    sent = {
        "key": str(uuid4()), "result": "connected", "reason": "price", "grade": "A",
        "next_kind": "call", "next_on": "2026-03-19", "override": "cut_off",
    }  # fmt: skip
    assert browser.post(f"/customers/{who.pk}/log/", sent).status_code == 302
    assert Contact.objects.latest("pk").override == "cut_off"


# a guest


def test_a_talk_with_a_guest_passes_the_guard(guest, colleague):
    called(guest.customer, by=colleague, now=NOW - timedelta(hours=1))
    assert codes(answered, guest) == ("contacted_lately",)
    guest.refresh_from_db()
    assert (guest.answer, guest.contact) == ("", None)
    answered(guest, override="customer_asked")
    guest.refresh_from_db()
    assert (guest.answer, guest.contact.override) == ("coming", "customer_asked")
    assert AuditEntry.objects.get(verb="override").object_id == guest.contact_id


@pytest.mark.parametrize(
    ("quiet", "said", "expected"),
    [
        (Quiet.NONE, {}, ()),
        (Quiet.VISITS, {}, ()),
        (Quiet.MARKETING, {}, ("wishes_no_marketing",)),
        (Quiet.MARKETING, {"override": "customer_asked"}, ()),
        (Quiet.MARKETING, {"is_inbound": True}, ()),
        (Quiet.MARKETING, {"channel": ""}, ()),
        (Quiet.ALL, {"override": "news"}, ("wishes_no_contact",)),
        (Quiet.ALL, {"is_inbound": True}, ()),
    ],
)
def test_a_guest_who_wished_silence_meanwhile_is_left_alone(guest, quiet, said, expected):
    if quiet:
        wishes(guest.customer, quiet)
    assert codes(answered, guest, **said) == expected


def test_the_page_of_a_guest_says_it_asks_why_and_loses_nothing(guest, company, as_, colleague):
    browser, address = as_(company.sales_store), f"/invitations/{guest.pk}/"
    assert 'name="override"' not in browser.get(address).content.decode()
    called(guest.customer, by=colleague, now=NOW - timedelta(hours=1))
    page = browser.get(address)
    assert page.context["guard"].asks_when == "channel:call|wechat,is_inbound!on"
    assert "小林" in page.content.decode()

    said = {"answer": "coming", "channel": "call", "note": "带太太来", "key": str(uuid4())}
    refused = browser.post(f"{address}answer/", said)
    assert refused.context["answer_form"].errors["override"]
    assert "带太太来" in refused.content.decode()
    assert Contact.objects.count() == 1
    answer = browser.post(
        f"{address}answer/", {**said, "override": "news", "override_text": "换了日子"}
    )
    assert answer.status_code == 302
    assert Contact.objects.latest("pk").override == "news: 换了日子"


def test_a_guest_who_calls_us_needs_no_reason_and_a_note_neither(guest, company, as_, colleague):
    browser, address = as_(company.sales_store), f"/invitations/{guest.pk}/answer/"
    called(guest.customer, by=colleague, now=NOW - timedelta(hours=1))
    said = {"answer": "undecided", "channel": "noted", "key": str(uuid4())}
    assert browser.post(address, said).status_code == 302
    said = {"answer": "undecided", "channel": "wechat", "key": str(uuid4()), "is_inbound": "on"}
    assert browser.post(address, said).status_code == 302
    assert Contact.objects.latest("pk").is_inbound


def test_the_reason_for_the_call_is_not_asked_again_of_a_guest(guest, company, as_):
    browser = as_(company.sales_store)
    called(guest.customer)
    browser.post(
        f"/customers/{guest.customer_id}/reveal/",
        {"override": "news", "override_text": "座位不多了"},
        headers={"Accept": "application/json"},
    )
    form = browser.get(f"/invitations/{guest.pk}/").context["answer_form"]
    assert (form["override"].value(), form["override_text"].value()) == ("news", "座位不多了")


# a registration


@pytest.mark.parametrize("channel", [Channel.HOME_VISIT, Channel.CALL])
def test_whoever_is_met_at_night_is_registered(company, channel):
    """They gave name and number themselves; nobody was disturbed."""
    Parameters.objects.create(valid_from=NOW.date(), quiet_from=time(21), quiet_until=time(8))
    step = NextStep(kind=NextKind.CALL, on=date(2026, 3, 13))
    new = register(
        typed=Typed(
            name="夜访客户", phones=[normalise("13912345678")], keeper=company.sales_store,
            grade="B1", card={}, reception=Reception(channel=channel, next_step=step),
        ),
        by=company.sales_store, now=at("2026-03-12 22:30"), key=uuid4(),
    )  # fmt: skip
    assert new.contacts.get().override == ""
    assert codes(called, new, override="", now=at("2026-03-13 22:30")) == ("quiet_hours",)
