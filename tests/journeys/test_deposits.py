"""A deposit at the till: whose the credit is, before the button and on the receipt (M43)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot
from tests.orders.stage import HOME, customer_of, filed, stage
from tests.orders.stage import PHONE as NUMBER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_a_colleague_takes_a_deposit_and_the_filer_has_the_credit(visit, window):
    cast = stage()
    customer = customer_of(cast.filer, now=timezone.now() - timedelta(hours=1))
    filed(customer, cast.filer, now=None)
    width = window["width"]
    with visit(window) as here:
        here.sign_in(cast.closer.username)
        here.go("/deposits/new/")
        page = here.page
        shoot(here.page, f"deposit-empty-{width}")
        page.locator("#id_phone").fill("13900139000")
        page.locator("#address-must .must").wait_for()
        shoot(here.page, f"deposit-address-{width}")
        page.locator("#id_address").fill(HOME)
        page.locator("#id_payer").focus()
        page.locator("#answer input[value=ruled]").wait_for(state="attached")
        assert page.locator("#address-must .must").count() == 0
        shoot(here.page, f"deposit-ruled-{width}")
        page.locator("#id_address").fill("")
        page.locator("#id_payer").focus()
        page.locator("#address-must .must").wait_for()
        page.locator("#id_phone").fill(NUMBER)
        page.locator("#answer .is-filed").wait_for()
        assert cast.filer.name not in page.content()
        page.locator("#id_amount").fill("5000")
        page.locator("#id_payer").fill("李先生")
        page.locator("input[name=method][value=wechat]").check(force=True)
        shoot(here.page, f"deposit-filed-{width}")
        page.locator("button.act").click()
        page.locator(".receipt").wait_for()
        assert cast.filer.name in page.locator(".whose").inner_text()
        shoot(here.page, f"deposit-receipt-{width}")
        address = page.url.removeprefix(here.address)
    with visit(window) as boss:
        boss.sign_in(cast.manager.username)
        boss.go(f"{address}return/")
        shoot(boss.page, f"deposit-return-{width}")
    with visit(window) as filer:
        filer.sign_in(cast.filer.username)
        filer.go(f"/customers/{customer.pk}/")
        shoot(filer.page, f"deposit-card-{width}")
