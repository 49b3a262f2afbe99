"""The bench: a dispute looked at, decided and read again, on the desk and on the phone (G14)."""

from datetime import timedelta

import pytest
import time_machine

from filings.models import Dispute, Ruling
from tests.filings.bench_scenes import START, Scene
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot
from tests.journeys.test_cases import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def day(days, hour=10, minute=0, second=0):
    return (START + timedelta(days=days)).replace(hour=hour, minute=minute, second=second)


def lapsed() -> tuple[Scene, Dispute]:
    """The salesman went silent for more than ten days; the guide filed and took the deposit."""
    from filings.services.contesting import contest

    scene = Scene()
    scene.file(scene.salesman)
    scene.call(scene.salesman, day(3, 10, 40, 33))
    scene.call(scene.salesman, day(9, 19, 22, 47))
    scene.call(scene.salesman, day(12, 11, 3, 15), reached=False)
    scene.call(scene.salesman, day(16, 18, 40, 2), reached=False)
    scene.call(scene.salesman, day(19, 10, 21, 38), reached=False)
    filed = scene.file(scene.guide, at=day(20, 14, 31, 7))
    assert filed.invalid == ""
    scene.call(scene.guide, day(21, 11, 20, 45))
    scene.call(scene.salesman, day(21, 9, 12, 40), occurred_at=day(18, 10, 30))
    scene.call(scene.guide, day(22, 18, 2, 11), reached=False)
    scene.deposit(scene.guide, day(23, 15, 42, 18), order_no="DD-260325-07")
    dispute = contest(
        customer=scene.customer, reason="甲的报备在当时是否仍受保护？", by=scene.salesman,
        now=day(24, 10, 15, 26),
    )  # fmt: skip
    return scene, dispute


def test_operations_decide_a_dispute_on_one_screen(visit):
    scene, dispute = lapsed()
    other = Scene(phone="13900139002", address="杭州市余杭区万科美景3幢2单元801室")
    other.contested()
    with time_machine.travel(day(26, 9, 42), tick=True):
        with visit(DESK) as someone:
            someone.sign_in(scene.ops.username)
            page = someone.page
            someone.go("/bench/")
            shoot(page, "bench-queue-1440")
            someone.go(f"/bench/{dispute.pk}/")
            shoot(page, "bench-case-1440")
            assert fits(page)
            page.fill("[name=text]", "甲之后十天没有有效跟进，乙报备时保护已过。")
            page.click(".decide-bar button.act")
            page.wait_for_url("**/rulings/*/")
            shoot(page, "bench-ruling-1440")
        assert Ruling.objects.latest("pk").credited_to == scene.guide
        with visit(PHONE, has_touch=True) as someone:
            someone.sign_in(scene.ops.username)
            someone.go("/bench/")
            shoot(someone.page, "bench-queue-390")
            assert fits(someone.page)
            someone.go(f"/bench/{Dispute.objects.order_by('-pk')[0].pk}/")
            shoot(someone.page, "bench-case-390")
            assert fits(someone.page)
        with visit(PHONE, has_touch=True) as someone:
            someone.sign_in(scene.salesman.username)
            someone.go(f"/disputes/{dispute.pk}/")
            shoot(someone.page, "dispute-390")
            assert "王倩" not in someone.page.inner_text("main")
            assert fits(someone.page)
