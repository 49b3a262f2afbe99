"""The bell, what reaches a person, and operations' robots, in a real browser."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.utils import timezone

from staff.models import Installation, Notice, Outgoing, Person
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind, OutgoingState, RobotKind, Role
from tests.factories.outgoing import ADDRESSES, robot_of, waiting
from tests.factories.staff import PersonFactory, StoreFactory
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = pytest.mark.browser


@pytest.fixture
def people(db):
    place = StoreFactory(code="HZ01", name="杭州一店")
    seller = PersonFactory(username="lin", name="林小雨", store=place, email="lin@example.com")
    PersonFactory(username="he", name="何经理", role=Role.OPS_MANAGER)
    now = timezone.now()
    things = [
        (NoticeKind.CASE_LATE, {"number": 31}),
        (NoticeKind.STANDING_IN, {"person": "陈国强", "from": "11月20日", "until": "11月24日"}),
        (NoticeKind.HANDED_OVER, {"by": "周店长", "count": 12}),
        (NoticeKind.PLAN_CHANGED, {"by": "何经理", "plan": "家具 60 个月"}),
        (NoticeKind.CASE_ASSIGNED, {"by": "周店长", "number": 34}),
    ]
    for number, (kind, params) in enumerate(things):
        telling = Telling(
            person_id=seller.pk, kind=kind, key=str(number), params=params, path="/me/"
        )
        tell_many([telling], now=now - timedelta(hours=30 - number * 7))
    Notice.objects.filter(key="0").update(read_at=now)
    return place


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_person_reads_notices_and_makes_a_calendar(people, visit, size):
    name = "phone" if size is PHONE else "desk"
    with visit(size) as someone:
        page = someone.page
        someone.sign_in("lin")
        someone.go("/me/")
        shoot(page, f"me-{name}")
        if size is PHONE:
            assert page.locator(".dock .bell-dot").count() == 1
            page.locator("nav.places a[href='/notices/']").click()
        else:
            assert page.locator(".bell b").inner_text() == "4"
            page.click(".bell")
        page.wait_for_selector(".told")
        shoot(page, f"notices-{name}")
        page.locator(".told .is-new button").first.click()
        page.wait_for_url("**/me/")
        someone.go("/notices/")
        assert page.locator(".told .is-new").count() == 3
        page.locator("form[action='/notices/read/'] button").click()
        page.wait_for_selector(".told")
        assert page.locator(".told .is-new").count() == 0

        someone.go("/me/notices/")
        page.uncheck("input[name=told][value=plan_changed]")
        page.check("input[name=by_mail]")
        page.fill("input[name=digest_at]", "07:45")
        page.click(".form-page .act")
        page.wait_for_selector(".notice.is-success")
        page.click("form[action='/me/feed/'] button")
        page.wait_for_selector("#feed-address")
        shoot(page, f"settings-{name}")
        address = page.locator("#feed-address").inner_text().removeprefix(settings.BASE_URL)
        answer = page.request.get(urljoin(page.url, address))
        assert (answer.status, answer.text()[:15]) == (200, "BEGIN:VCALENDAR")
        someone.go("/me/notices/")
        assert page.locator("#feed-address").count() == 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_operations_add_a_robot_and_look_after_messages(people, visit, size):
    name = "phone" if size is PHONE else "desk"
    robot = robot_of(RobotKind.DINGTALK, store=people, name="杭州一店大群")
    for number, (state, error) in enumerate(
        [("failed", "no_right:310000"), ("waiting", "too_many:130101"), ("held", ""), ("sent", "")]
    ):
        row = waiting(robot, key=f"r:{number}", subject="杭州一店，11月22日 (周日)")
        sent_at = timezone.now() if state == OutgoingState.SENT else None
        Outgoing.objects.filter(pk=row.pk).update(
            state=state, error=error, attempts=2, sent_at=sent_at, may_be_twice=number == 3
        )
    person = Person.objects.get(username="lin")
    waiting(person=person, key="p", subject="11月22日 (周日)：到期 5，逾期 2")
    Installation.objects.create(mark="elsewhere")
    with visit(size) as someone:
        page = someone.page
        someone.sign_in("he")
        someone.go("/outgoing/")
        shoot(page, f"outgoing-{name}")
        page.click(".silent .act")
        page.wait_for_selector(".notice.is-success")
        assert page.locator(".silent").count() == 0
        page.locator(".sendings form button").first.click()
        page.wait_for_selector(".notice.is-success")

        someone.go("/robots/")
        page.select_option("[name=kind]", "feishu")
        page.fill("[name=name]", "全国大群")
        page.fill("[name=address]", "https://evil.example/hook")
        page.click(".form-page .act")
        page.wait_for_selector(".invalid-feedback, .wrong, [aria-invalid]")
        shoot(page, f"robots-wrong-{name}")
        page.fill("[name=address]", ADDRESSES[RobotKind.FEISHU])
        page.click(".form-page .act")
        page.wait_for_url("**/robots/*/")
        page.click(".acts button")
        page.wait_for_selector(".sendings li")
        shoot(page, f"robot-{name}")
        someone.go("/robots/")
        shoot(page, f"robots-{name}")
