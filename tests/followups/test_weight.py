"""The pages on which contacts are logged stay light, with everything on (NFR-01)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from followups import services
from followups.models import Survey, Task
from followups.states import State
from staff.states import Role, Trade
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory
from tests.followups.build import at
from tests.followups.surveying import delivered, shop, url

pytestmark = [pytest.mark.django_db]
NOW = at("2026-03-12 09:50")
MOST = 30 * 1024
MOST_OF_PLAIN = 28 * 1024
# Where static files carry their digest, each address is so much longer than here.
DIGEST = len(b".0123456789ab")
NOTE = "上次聊了装修进度，客户想等旧房卖掉以后再定，孩子上学的事也在考虑，约好下周再联系。"


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=[Trade.CARS, Trade.FURNITURE])
def place(request):
    """A store of eight people."""
    place = shop(request.param)
    for name in ("王秀英", "李建华", "张桂兰", "刘志强", "陈淑珍", "杨国庆"):
        PersonFactory(name=name, role=Role.SALES_STORE, store=place.store)
    return place


@pytest.fixture
def who(place):
    """Delivered yesterday, insured for three weeks more, spoken with twice."""
    who, _product = delivered(
        place,
        on=date(2026, 3, 11),
        now=NOW,
        product="远山X5 2.0T 四驱旗舰版",
        insurance_until=date(2026, 4, 2),
    )
    for hours in (46, 20):
        reached(who, now=NOW - timedelta(hours=hours), note=NOTE)
    services.touch_and_ask(customers=[who.pk], now=NOW)
    return who


def weigh(client, address: str) -> int:
    page = client.get(address, headers={"accept-language": "zh-hans"})
    assert page.status_code == 200
    assert page.context["script"] is not None
    assert len(page.context["last_contacts"]) == 2
    assert page.context["branches"].parts
    return len(page.content) + DIGEST * page.content.count(b'="/static/')


def test_the_heaviest_log_and_surveys_stay_light(who, place):
    client = Client()
    client.force_login(place.manager)
    tasks = Task.objects.filter(customer=who, state=State.OPEN, letter=None)
    assert tasks
    for task in tasks:
        assert weigh(client, f"/customers/{who.pk}/log/?task={task.pk}&plain=1") <= MOST_OF_PLAIN
        for survey in Survey.objects.all():
            assert weigh(client, url(who, task, code=survey.code)) <= MOST
