"""Notices, what reaches a person, messages out, robots: who gets which page, and what it does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.keyring import keyring
from core.models import AuditEntry
from staff.models import FeedKey, Installation, Notice, NoticeSettings, Outgoing, Person, Robot
from staff.services.notices import tell
from staff.states import NoticeKind, OutgoingState, RobotKind, Role
from tests.factories.outgoing import ADDRESSES, robot_of, waiting
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
ROLES = [role.value for role in Role]
OPS = "ops_manager"
FOR_ALL = ["/notices/", "/me/notices/"]
FOR_OPS = ["/outgoing/", "/outgoing/?state=failed", "/robots/", "/robots/{robot}/"]


def told(person: Person, count: int = 1, **said) -> list[Notice]:
    for number in range(count):
        tell(
            person=person,
            kind=said.get("kind", NoticeKind.CASE_ASSIGNED),
            key=f"case:{number}",
            params={"number": number},
            path=said.get("path", "/me/"),
            now=timezone.now() - timedelta(minutes=count - number),
        )
    return list(Notice.objects.filter(person=person).order_by("pk"))


@pytest.fixture
def english(company):
    """Everybody reads English here, so that sentences can be compared."""
    Person.objects.update(language="en")
    return company


def unread_queries(context: CaptureQueriesContext) -> int:
    return sum("staff_notice" in query["sql"] for query in context.captured_queries)


@pytest.mark.parametrize("url", [*FOR_ALL, *FOR_OPS])
def test_pages_open_for_their_roles_only(company, as_, client, url):
    address = url.format(robot=robot_of().pk)
    answers = {role: as_(getattr(company, role)).get(address).status_code for role in ROLES}
    allowed = ROLES if url in FOR_ALL else [OPS]
    assert answers == {role: 200 if role in allowed else 403 for role in ROLES}
    assert client.get(address)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "url", ["/outgoing/{row}/again/", "/outgoing/confirm/", "/robots/", "/robots/{robot}/try/"]
)
def test_acts_of_operations_are_refused_to_others(company, as_, url):
    robot = robot_of()
    address = url.format(robot=robot.pk, row=waiting(robot).pk)
    for role in set(ROLES) - {OPS}:
        assert as_(getattr(company, role)).post(address).status_code == 403
    if url != "/robots/":
        assert as_(company.ops_manager).get(address).status_code == 405
        assert as_(company.ops_manager).post(address).status_code == 302
    assert Robot.objects.count() == 1


@pytest.mark.parametrize("url", ["/robots/99999/", "/outgoing/?state=lost"])
def test_what_is_not_there_is_404(company, as_, url):
    assert as_(company.ops_manager).get(url).status_code == 404


# --- the bell ---


def test_the_bell_counts_unread_in_one_query(english, as_):
    person = english.store_manager
    told(person, 3)
    told(english.sales_store, 2)
    with CaptureQueriesContext(connection) as context:
        page = as_(person).get("/people/").content.decode()
    assert "Notices, 3 unread" in page
    assert "bell-dot" in page
    assert unread_queries(context) == 1


def test_the_bell_the_store_and_the_standing_come_with_the_person(english, as_):
    told(english.store_manager)
    browser = as_(english.store_manager)
    browser.get("/people/")
    with CaptureQueriesContext(connection) as ran:
        browser.get("/people/")
    about = ("staff_notice", "staff_absence", "staff_duty", "staff_person_other_stores")
    asking = [query["sql"] for query in ran if any(table in query["sql"] for table in about)]
    assert sum('FROM "staff_person"' in sql for sql in asking if "staff_absence" in sql) == 1
    assert sum("staff_notice" in sql for sql in asking) == 1
    assert sum("staff_absence" in sql for sql in asking) == 1


def test_more_than_ninety_nine_are_not_counted(english, as_):
    told(english.finance, 101)
    assert "<b>99+</b>" in as_(english.finance).get("/me/").content.decode()


# --- notices ---


def test_opening_a_notice_marks_it_and_goes_there(english, as_):
    row = told(english.finance)[0]
    answer = as_(english.finance).post(f"/notices/{row.pk}/open/")
    row.refresh_from_db()
    assert (answer["Location"], row.read_at is not None) == ("/me/", True)


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "", "javascript:1"])
def test_a_notice_never_leads_out(english, as_, path):
    row = told(english.finance, path=path)[0]
    assert as_(english.finance).post(f"/notices/{row.pk}/open/")["Location"] == "/notices/"


def test_nobody_opens_anothers_notice(english, as_):
    row = told(english.finance)[0]
    assert as_(english.merchandiser).post(f"/notices/{row.pk}/open/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_all_read_leaves_what_came_since(english, as_):
    rows = told(english.finance, 4)
    other = told(english.merchandiser)[0]
    as_(english.finance).post("/notices/read/", {"up_to": rows[2].pk})
    unread = Notice.objects.filter(read_at=None)
    assert set(unread) == {rows[3], other}
    for nonsense in ("", "x", "9" * 40):
        assert as_(english.finance).post("/notices/read/", {"up_to": nonsense}).status_code == 302


def test_notices_are_worded_in_the_readers_language_newest_first(english, as_):
    told(english.finance, 2)
    page = as_(english.finance).get("/notices/").content.decode()
    assert page.index("Service case 1 is yours") < page.index("Service case 0 is yours")


def test_the_list_goes_on_by_keyset_and_costs_the_same_for_all(english, as_):
    told(english.finance, 30)
    browser = as_(english.finance)
    with CaptureQueriesContext(connection) as whole:
        first = browser.get("/notices/")
    page = first.context["page"]
    assert (len(page.rows), page.is_first) == (25, True)
    second = browser.get("/notices/", {"before": page.older}).context["page"]
    assert (len(second.rows), second.older) == (5, "")
    assert not {row.pk for row in page.rows} & {row.pk for row in second.rows}
    Notice.objects.exclude(pk=page.rows[0].pk).delete()
    with CaptureQueriesContext(connection) as one:
        browser.get("/notices/")
    assert len(one) == len(whole)


@pytest.mark.parametrize("before", ["x", "2026_1", "2026-01-01_1", "_", "2026-01-01T00:00:00Z_x"])
def test_a_place_that_is_none_is_the_top(english, as_, before):
    told(english.finance)
    assert as_(english.finance).get("/notices/", {"before": before}).status_code == 200


# --- what reaches me ---


def test_a_person_chooses_kinds_and_a_mail(english, as_):
    person = english.sales_store
    Person.objects.filter(pk=person.pk).update(email="li@example.com")
    browser = as_(person)
    assert NoticeSettings.objects.count() == 0
    kept = {"told": [NoticeKind.CASE_LATE], "by_mail": "on", "digest_at": "07:45"}
    assert browser.post("/me/notices/", kept).status_code == 302
    row = NoticeSettings.objects.get()
    assert (row.person, row.by_mail, f"{row.digest_at:%H:%M}") == (person, True, "07:45")
    assert set(row.muted) >= {NoticeKind.PLAN_CHANGED, NoticeKind.PROPOSAL}
    assert NoticeKind.CASE_LATE not in row.muted
    assert 'value="07:45"' in browser.get("/me/notices/").content.decode()


def test_without_an_address_there_is_no_mail(english, as_):
    answer = as_(english.sales_store).post("/me/notices/", {"by_mail": "on", "digest_at": "08:00"})
    assert "Enter your e-mail" in answer.content.decode()
    assert not NoticeSettings.objects.exists()


def test_a_feed_is_shown_once_renewed_and_withdrawn(english, as_, client):
    browser = as_(english.sales_store)
    browser.post("/me/feed/")
    page = browser.get("/me/notices/").content.decode()
    address = page.split('<code id="feed-address">')[1].split("</code>")[0]
    path = address[address.index("/feed/") :]
    assert client.get(path).status_code == 200
    assert "/feed/" + path[6:] not in browser.get("/me/notices/").content.decode()
    browser.post("/me/feed/")
    assert client.get(path).status_code == 404
    browser.post("/me/feed/withdraw/")
    assert not FeedKey.objects.exists()
    key = path.removeprefix("/feed/").removesuffix(".ics")
    assert not any(key in str(entry.detail) for entry in AuditEntry.objects.all())
    assert Session.objects.count() == 1


# --- messages out ---


def test_a_failure_is_worded_and_sent_again(english, as_):
    row = waiting(robot_of())
    Outgoing.objects.update(state=OutgoingState.FAILED, error="gone:93000")
    browser = as_(english.ops_manager)
    page = browser.get("/outgoing/").content.decode()
    assert "The robot or the mailbox exists no more" in page
    assert "code 93000" in page
    assert row.body not in page
    browser.post(f"/outgoing/{row.pk}/again/")
    row.refresh_from_db()
    assert row.state == OutgoingState.WAITING
    answer = browser.post(f"/outgoing/{row.pk}/again/", follow=True)
    assert "There is nothing to do" in answer.content.decode()


def test_a_copy_is_told_to_operations_alone_until_they_say_so(english, as_):
    Installation.objects.create(mark="elsewhere")
    browser = as_(english.ops_manager)
    assert "runs in another place" in browser.get("/people/").content.decode()
    assert "runs in another place" not in as_(english.admin).get("/people/").content.decode()
    browser.post("/outgoing/confirm/")
    assert "runs in another place" not in browser.get("/people/").content.decode()
    assert Installation.objects.get().confirmed_by == english.ops_manager


def test_where_the_settings_say_copy_the_page_says_so(english, as_, settings):
    settings.RESTORED = True
    answer = as_(english.ops_manager).post("/outgoing/confirm/", follow=True).content.decode()
    assert "This is a restored copy" in answer
    assert "takes it out" in answer


# --- robots ---


def robot_form(kind: RobotKind, **more) -> dict[str, object]:
    return {
        "key": uuid4(), "kind": kind.value, "name": "shop floor", "digest_at": "08:30",
        "address": ADDRESSES[kind], "secret": "SEC-very-secret", **more,
    }  # fmt: skip


@pytest.mark.parametrize("kind", RobotKind)
def test_a_robot_is_added_once_sealed_and_shown_shortened(english, as_, kind):
    browser = as_(english.ops_manager)
    form = robot_form(kind, store=english.store.pk)
    for _tap in range(2):
        assert browser.post("/robots/", form).status_code == 302
    robot = Robot.objects.get()
    assert keyring().decrypt(robot.address_cipher) == ADDRESSES[kind]
    assert keyring().decrypt(robot.secret_cipher) == "SEC-very-secret"
    assert robot.store == english.store
    for page in ("/robots/", f"/robots/{robot.pk}/"):
        said = browser.get(page).content.decode()
        assert robot.address_shown in said
        assert ADDRESSES[kind] not in said
        assert "SEC-very-secret" not in said
    assert not any("SEC-very" in str(entry.detail) for entry in AuditEntry.objects.all())


def test_an_address_of_somewhere_else_is_refused_in_words(english, as_):
    form = robot_form(RobotKind.WECOM, address="https://evil.example/cgi-bin/webhook/send?key=1")
    page = as_(english.ops_manager).post("/robots/", form).content.decode()
    assert "qyapi.weixin.qq.com" in page
    assert not Robot.objects.exists()


def test_a_robot_keeps_what_is_left_empty_and_forgets_what_it_is_told(english, as_):
    robot = robot_of(secret="abc")
    browser = as_(english.ops_manager)
    kept = {"name": "door", "digest_at": "09:00", "is_active": "on", "address": "", "secret": ""}
    browser.post(f"/robots/{robot.pk}/", kept)
    changed = Robot.objects.get()
    assert (changed.name, f"{changed.digest_at:%H:%M}") == ("door", "09:00")
    assert keyring().decrypt(changed.secret_cipher) == "abc"
    browser.post(f"/robots/{robot.pk}/", {**kept, "no_secret": "on", "is_active": ""})
    changed = Robot.objects.get()
    assert (changed.secret_cipher, changed.is_active) == (None, False)


def test_a_robot_is_tried_once_a_tap(english, as_):
    robot = robot_of()
    browser = as_(english.ops_manager)
    key = uuid4()
    for _tap in range(2):
        browser.post(f"/robots/{robot.pk}/try/", {"key": key})
    assert Outgoing.objects.get().robot == robot
    Robot.objects.update(is_active=False)
    answer = browser.post(f"/robots/{robot.pk}/try/", {"key": uuid4()}, follow=True)
    assert "out of use" in answer.content.decode()
    assert Outgoing.objects.count() == 1


def test_the_first_digest_of_a_new_robot_is_tomorrows(english, as_):
    """Nobody has tried yet whether it speaks in the right group."""
    as_(english.ops_manager).post("/robots/", robot_form(RobotKind.WECOM, digest_at="00:01"))
    assert Robot.objects.get().digested_on == timezone.localdate()


def test_what_waits_for_a_robot_out_of_use_is_said_not_to_be_sent(english, as_):
    robot = robot_of()
    row = waiting(robot)
    browser = as_(english.ops_manager)
    off = {"name": "door", "digest_at": "09:00", "address": "", "secret": ""}
    browser.post(f"/robots/{robot.pk}/", off)
    row.refresh_from_db()
    assert row.state == OutgoingState.FAILED
    page = browser.get(f"/robots/{robot.pk}/").content.decode()
    assert "It is not sent" in page
    assert f"/outgoing/{row.pk}/again/" not in page
    browser.post(f"/robots/{robot.pk}/", {**off, "is_active": "on"})
    assert f"/outgoing/{row.pk}/again/" in browser.get(f"/robots/{robot.pk}/").content.decode()


def test_the_page_asks_for_what_became_of_a_message_until_it_ended(english, as_):
    robot = robot_of()
    row = waiting(robot)
    browser = as_(english.ops_manager)
    assert 'hx-trigger="every 2s"' in browser.get(f"/robots/{robot.pk}/").content.decode()
    Outgoing.objects.filter(pk=row.pk).update(state=OutgoingState.FAILED, error="gone")
    part = browser.get(f"/robots/{robot.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "exists no more" in part
    assert "hx-trigger" not in part


def test_lists_cost_no_more_for_twelve_than_for_one(english, as_):
    browser = as_(english.ops_manager)

    def asked(url: str) -> int:
        with CaptureQueriesContext(connection) as context:
            assert browser.get(url).status_code == 200
        return len(context)

    waiting(robot_of(), key="first")
    one = {url: asked(url) for url in ("/outgoing/", "/robots/")}
    for number in range(11):
        waiting(robot_of(), key=f"r:{number}")
        waiting(person=PersonFactory(), key=f"p:{number}")
    assert {url: asked(url) for url in one} == one
