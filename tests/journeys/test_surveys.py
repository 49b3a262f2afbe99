"""A survey by thumb: the manager's first call, somebody who would rather not, a yearly visit."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import Appointment, Customer
from customers.states import Quiet
from followups.models import Case, Question, SurveyResult, Task
from followups.queries.surveys import newest_version
from followups.states import State
from staff.models import Person
from staff.states import Role, Trade
from tests.factories.staff import PersonFactory
from tests.followups.surveying import delivered, shop, task_asking, url
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Thumb:
    """Taps on one page, counted."""

    def __init__(self, page) -> None:
        self.page, self.taps = page, 0

    def chip(self, name: str, value: str = "") -> None:
        wanted = f"[value={value!r}]" if value else ""
        self.page.locator(f"label:has(input[name={name}]{wanted})").click()
        self.taps += 1

    def press(self, selector: str) -> None:
        self.page.locator(selector).click()
        self.taps += 1


@pytest.fixture
def owner():
    """A car delivered yesterday: the manager's call stands on today's list."""
    place = shop(Trade.CARS)
    Person.objects.filter(pk=place.seller.pk).update(name="林晓月")
    Person.objects.filter(pk=place.manager.pk).update(name="陈立")
    now = timezone.now()
    who, _car = delivered(place, on=timezone.localdate() - timedelta(days=1), now=now)
    return place, who, task_asking(who, "dealer_24h", now=now)


def test_the_managers_call_is_held_in_talking_order_with_an_appointment_and_a_lead(visit, owner):
    place, who, task = owner
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.manager.username)
        someone.go("/today/")
        page, thumb = someone.page, Thumb(someone.page)
        someone.go(f"/customers/{who.pk}/log/?task={task.pk}")
        shoot(page, "survey-390-open")
        assert not page.locator("#ask_feeling").is_visible()
        thumb.chip("willing", "yes")
        thumb.chip("q_feeling", "5")
        thumb.chip("q_unclear", "no")
        thumb.chip("q_store_service", "4")
        thumb.chip("q_person_service", "2")
        page.fill("[name=q_person_service_text]", "说好的脚垫没给")
        thumb.chip("q_complaint", "no")
        thumb.chip("q_plate", "under_way")
        page.locator(".branches summary").click()
        thumb.chip("to_appointment")
        thumb.chip("ap_hour", "14:00")
        thumb.chip("to_lead")
        page.fill("[name=lead_name]", "赵新")
        page.fill("[name=lead_phone]", "13811112222")
        page.fill("[name=lead_need]", "家用SUV")
        shoot(page, "survey-390-filled")
        page.locator(".bar button:visible").click()
        page.wait_for_url("**/today/**")
        shoot(page, "survey-390-done")
    assert Customer.objects.get(name="赵新").referrer == who
    assert Case.objects.get().assignee == place.manager
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert timezone.localdate(Appointment.objects.get().starts_at) == tomorrow
    assert Task.objects.filter(customer=who, day=tomorrow, is_timed=True).exists()


@pytest.mark.parametrize("instead", ["later", "quiet"])
def test_whoever_would_rather_not_talk_is_done_with_in_two_taps(visit, owner, instead):
    place, who, task = owner
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.manager.username)
        someone.go(url(who, task))
        thumb = Thumb(someone.page)
        thumb.chip("willing", "no")
        shoot(someone.page, f"survey-390-unwilling-{instead}")
        thumb.press(f".bar button[value={instead}]")
        someone.page.wait_for_url("**/today/**")
        assert thumb.taps == 2
    who.refresh_from_db()
    assert not SurveyResult.objects.get().is_willing
    assert who.quiet == (Quiet.ALL if instead == "quiet" else "")
    left = Task.objects.filter(customer=who, assignee=place.manager, state=State.OPEN)
    assert not left.filter(shown_on__lte=timezone.localdate()).exists()


def test_a_survey_at_the_desk_keeps_what_was_typed_when_the_page_is_left(visit, owner):
    place, who, task = owner
    with visit(DESK) as someone:
        someone.sign_in(place.manager.username)
        page, thumb = someone.page, Thumb(someone.page)
        someone.go(url(who, task))
        thumb.chip("willing", "yes")
        step = page.locator("input[name=next_kind][value=call]")
        assert not step.is_checked()
        thumb.chip("q_feeling", "1")
        assert step.is_checked(), "what opens a case is not well"
        assert page.locator("input[name=next_on]").first.is_checked()
        page.fill("[name=q_feeling_text]", "异响")
        page.locator(".branches summary").click()
        thumb.chip("to_appointment")
        shoot(page, "survey-1440")
        someone.go("/me/")
        someone.go(url(who, task))
        assert page.input_value("[name=q_feeling_text]") == "异响"
        assert page.locator("input[name=q_feeling][value='1']").is_checked()
        page.click(".bar button:visible")
        page.wait_for_url("**/today/**")
    assert Case.objects.count() == 1


def test_the_plain_form_takes_branches_too(visit, owner):
    place, who, _task = owner
    with visit(PHONE, has_touch=True) as someone:
        someone.sign_in(place.seller.username)
        page, thumb = someone.page, Thumb(someone.page)
        someone.go(f"/customers/{who.pk}/log/")
        thumb.chip("result", "connected")
        thumb.chip("reason", "care")
        page.locator(".branches summary").click()
        thumb.chip("to_replacement")
        thumb.chip("replacement", "year")
        shoot(page, "log-390-branches")
        page.click(".bar button:visible")
        page.wait_for_url(f"**/customers/{who.pk}/**")
    assert who.products.get().replacement == "year"


def test_operations_see_what_changes_and_publish_it_without_scripts(visit):
    ops = PersonFactory(role=Role.OPS_MANAGER, name="周运营")
    with visit(PHONE, java_script_enabled=False) as someone:
        someone.sign_in(ops.username)
        page = someone.page
        someone.go("/surveys/T1/")
        page.fill("[name=questions-6-options-0-text_zh]", "已经上牌")
        page.locator(".more-choices summary").first.click()
        page.fill("[name=questions-6-options-3-text_zh]", "不用上牌")
        page.fill("[name=questions-6-options-3-text_en]", "No need")
        page.click("#editor button.act")
        shoot(page, "survey-390-changes")
        expect(page.locator(".differences ins").last).to_contain_text("不用上牌")
        page.press("[name=note]", "Enter")
        page.locator(".error-summary").wait_for()
        page.fill("[name=note]", "店长反映")
        page.press("[name=note]", "Enter")
        page.wait_for_selector(".versions")
    version = newest_version("T1")
    assert (version.number, version.note) == (2, "店长反映")
    options = version.asked[6].options.order_by("position")
    assert [(each.code, each.text_zh) for each in options][-1] == ("no_need", "不用上牌")
    assert options[0].code == shipped_code("T1")


def shipped_code(code: str) -> str:
    """The code that the first answer of the seventh question shipped with."""
    first = Question.objects.get(version__survey__code=code, version__number=1, position=7)
    return first.options.order_by("position").first().code
