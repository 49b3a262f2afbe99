"""A house into which old ledgers are brought, and bringing one."""

import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from customers.states import Grade
from staff.models import Store
from staff.states import Role
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory, StoreFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 12, 10, tzinfo=SHANGHAI)
CONTACTS = ("电话", "时间", "方式", "结果", "内容", "下一步", "下次联系日期", "人员")


def small_house(monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with a seller, one who has left, and three customers; another store beside it."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    store = StoreFactory(code="HZ01")
    lin = PersonFactory(username="lin", name="林小雨", store=store)
    PersonFactory(username="gone", name="旧人", store=store, is_active=False)
    PersonFactory(username="he", role=Role.OPS_MANAGER)
    PersonFactory(username="zhou", role=Role.STORE_MANAGER, store=store)
    for number in range(3):
        CustomerFactory(
            name=f"客户{number}", phone=f"1380013800{number}", owner=lin, now=NOW, grade=Grade.B1
        )
    other = StoreFactory(code="HZ02")
    CustomerFactory(name="别店", phone="13800138009", owner=PersonFactory(store=other), now=NOW)
    return store


def bring(folder, content: bytes, *options: str):
    file = folder / "history.xlsx"
    file.write_bytes(content)
    out, code = io.StringIO(), 0
    try:
        call_command("import_history", str(file), *options, stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return json.loads(out.getvalue()), code


def counts(summary) -> tuple[int, ...]:
    return tuple(summary[key] for key in ("read", "created", "updated", "unchanged", "refused"))


def dump() -> dict[str, list]:
    """All tables row by row, but those that say who did what and in which jobs."""
    beside = (
        "core_auditentry", "core_job", "core_storedfile", "core_formtoken", "core_heartbeat",
        "django_", "axes_", "customers_historyimport",
    )  # fmt: skip
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if not table.startswith(beside):
                cursor.execute(f'SELECT told::text FROM "{table}" told ORDER BY 1')
                found[table] = [row for (row,) in cursor.fetchall()]
    return found
