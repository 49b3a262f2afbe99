"""A leaver's hand-over, an old ledger, and a sheet that comes back, in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from core.services import audit
from customers.models import Appointment, Customer, HandOver, Opportunity, Stage
from staff.states import Role
from tests.desk.import_sheets import xlsx
from tests.desk.test_returning import Sheet
from tests.factories.customers import CustomerFactory
from tests.factories.followups import reached
from tests.factories.staff import PersonFactory, StoreFactory
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.shots import shoot

pytestmark = pytest.mark.browser


@pytest.fixture
def store(db):
    place = StoreFactory(code="HZ01", name="杭州一店")
    PersonFactory(username="zhou", name="周店长", role=Role.STORE_MANAGER, store=place)
    leaver = PersonFactory(username="lin", name="林小雨", store=place)
    PersonFactory(username="chen", name="陈国强", store=place)
    PersonFactory(username="wu", name="吴敏", store=place)
    now = timezone.now()
    for number in range(12):
        card = CustomerFactory(
            name=f"客户{number}", phone=f"138001380{number:02}", owner=leaver, now=now,
            grade=("A", "B1", "C2")[number % 3], need="沙发三件套",
            address="翠苑一区3幢", budget="3万",
        )  # fmt: skip
        reached(card, now=now, on=place.today(now) + timedelta(days=number))
        audit.record(verb="reveal", of=card, by=leaver)
    card = Customer.objects.first()
    Opportunity.objects.create(
        customer=card, store=place, owner=leaver, product="沙发", amount=38000, opened_by=leaver,
        stage=Stage.objects.get(code="furniture_proposal"),
    )  # fmt: skip
    at = now + timedelta(hours=20)
    for person in (leaver, leaver):
        Appointment.objects.create(
            customer=card, kind="home_visit", starts_at=at, ends_at=at + timedelta(hours=1),
            person=person, made_by=person,
        )  # fmt: skip
    return place


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_manager_hands_a_leaver_over(store, visit, size, live_server):
    wide = size["width"]
    with visit(size) as boss:
        boss.sign_in("zhou")
        leaver = store.people.get(username="lin")
        boss.go(f"/people/{leaver.pk}/")
        shoot(boss.page, f"person-{wide}")
        boss.page.click(f"a[href='/people/{leaver.pk}/hand-over/']")
        boss.page.locator("[name=receivers]").nth(0).check()
        boss.page.locator("[name=receivers]").nth(1).check()
        boss.page.fill("[name=reason]", "离职")
        boss.page.click(".bar button[type=submit]")
        shoot(boss.page, f"hand-over-{wide}")
        boss.page.click("button[name=go]")
        boss.page.wait_for_url(re.compile(r"/hand-overs/\d+/"))
        shoot(boss.page, f"hand-over-report-{wide}")
    assert HandOver.objects.get().moved["is_done"]
    assert not Customer.objects.filter(owner__username="lin").exists()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_manager_brings_an_old_ledger_in(store, visit, size, tmp_path, live_server):
    wide = size["width"]
    rows = [
        ("13800138000", "2025-11-03 15:30", "电话", "接通", "打13911112222", "", "", "lin"),
        ("13800138001", "2025-12-03", "到店", "", "看了床垫", "邀约", "", "林小雨"),
        ("13900000000", "2025-12-03", "到店", "", "看了床垫", "", "", ""),
    ]  # fmt: skip
    headers = ("电话", "时间", "方式", "结果", "内容", "下一步", "下次联系日期", "人员")
    sales = [("电话", "阶段", "金额", "产品"), ("13800138002", "方案报价", 38000, "沙发")]
    more = {"机会": sales, "报备": [("电话", "报备时间"), ("13800138000", "2025-11-01")]}
    file = tmp_path / "旧记录.xlsx"
    file.write_bytes(xlsx(rows, headers=headers, name="跟进记录", more=more))
    with visit(size) as boss:
        boss.sign_in("zhou")
        boss.go("/customers/import/histories/")
        boss.page.set_input_files("[name=file]", str(file))
        shoot(boss.page, f"histories-{wide}")
        boss.page.click("form.import-form button[type=submit]")
        boss.page.wait_for_url("**/customers/import/histories/looks/*/")
        shoot(boss.page, f"history-preview-refused-{wide}")
        boss.page.click(".counts a[href='?fate=contacts']")
        shoot(boss.page, f"history-preview-{wide}")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_sheet_comes_back(store, visit, size, tmp_path, live_server):
    wide = size["width"]
    with visit(size) as boss:
        boss.sign_in("zhou")
        boss.go("/customers/export/")
        boss.page.fill("[name=reason]", "整理")
        boss.page.check("[name=whole]")
        shoot(boss.page, f"export-{wide}")
        with boss.page.expect_download() as got:
            boss.page.click("form.screen .bar button[type=submit]")
        found = CalamineWorkbook.from_path(got.value.path()).get_sheet_by_index(0)
        sheet = Sheet([list(row) for row in found.to_python(skip_empty_area=False)][1:])
        for number, row in enumerate(sheet.rows[:4]):
            row[3] = f"餐桌{number}"
        last = sheet.rows[3]
        Customer.objects.filter(name=last[1]).update(need="别人改过的需求")
        file = tmp_path / "customers.xlsx"
        file.write_bytes(sheet.content())
        boss.go("/customers/import/")
        shoot(boss.page, f"import-{wide}")
        boss.page.set_input_files("[name=file]", str(file))
        boss.page.click("form.import-form button[type=submit]")
        boss.page.wait_for_url("**/cells/")
        shoot(boss.page, f"return-preview-{wide}")
    assert Customer.objects.get(name=last[1]).need == "别人改过的需求"
