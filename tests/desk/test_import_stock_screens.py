"""Stock from a file in the browser: columns, what would happen, the go-ahead, rows to mend."""

import re
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Job, StoredFile
from core.services import jobs
from core.states import JobState
from desk.stock_imports import work
from desk.tasks import import_stock, preview_stock
from staff.states import Role
from stock.models import Figure, FigureSet, InTransit, Movement, SheetMapping, Style
from stock.services.importing import import_workbook
from stock.services.recounting import LEDGER_LOCK
from stock.states import FigureLevel
from tests.browsers import sign_in
from tests.factories.staff import PersonFactory, StoreFactory
from tests.factories.stock import FigureFactory, FigureSetFactory
from tests.stock.ledger_rows import brought_in, workbook

# A job tells how far it is on a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

STYLES = [{"brand": "HP 04", "style": "X1", "tag_price": 599}]
TYPED = (
    "发生时间,店,款号,业务,数量,单据号\n2026-03-05,ZZ,X1,采购,2,d1\n2026-03-06,ZZ,X9,销售,1,d2\n"
)


def movements(count: int) -> list[dict]:
    return [
        {"date": "2026-03-05", "office": "ZZ", "style": "X1", "type": "采购", "qty": 2,
         "document": f"d{at}", "unit_cost": 100}
        for at in range(count)
    ]  # fmt: skip


@pytest.fixture
def zheng(client):
    """A merchandiser, signed in, reading English."""
    StoreFactory(code="ZZ", name="郑办")
    person = PersonFactory(username="zheng", role=Role.MERCHANDISER, language="en")
    sign_in(client, person)
    return person


def send(client, content: bytes, name: str = "库存.xlsx", **told) -> Job:
    file = SimpleUploadedFile(name, content)
    client.post(reverse("desk:import_stock"), {"file": file, **told})
    return Job.objects.filter(kind=work.LOOK).latest("pk")


def preview(client, job: Job, **asked):
    return client.get(reverse("desk:import_stock_preview", args=[job.pk]), asked)


def go_ahead(client, job: Job) -> Job:
    key = preview(client, job).context["form"].initial["key"]
    address = reverse("desk:import_stock_preview", args=[job.pk])
    client.post(address, {"key": key})
    client.post(address, {"key": key})
    written = Job.objects.get(kind=work.WRITE, params__preview=job.pk)
    import_stock(written.pk)
    written.refresh_from_db()
    return written


def test_a_workbook_is_shown_sheet_by_sheet_and_brought_in(client, zheng):
    way = [{"office": "郑办", "style": "X1", "size": 36, "qty": 5, "due_on": "2026-12-12"}]
    rows = [*movements(3), {**movements(1)[0], "document": "d9", "style": "X9"}]
    job = send(client, workbook(styles=STYLES, movements=rows, in_transit=way))
    assert (job.state, job.result["needs"], Style.objects.count()) == (JobState.DONE, "", 0)
    page = preview(client, job, sheet="movements").content.decode()
    assert "There is no style “X9”" in page
    assert "X9 · ZZ" in page
    assert "Bring in 5 rows" in page
    new = preview(client, job, sheet="movements", fate="new").content.decode()
    assert "X1 · 郑办" in new
    assert "100.00" in new
    made = preview(client, job, sheet="styles", fate="warnings").content.decode()
    assert "New here and set up with the file: HP" in made
    written = go_ahead(client, job)
    assert (written.state, written.result["created"], written.result["refused"]) == (
        JobState.DONE, 5, 1,
    )  # fmt: skip
    assert (Movement.objects.count(), InTransit.objects.count()) == (3, 1)
    said = client.get(reverse("core:job", args=[written.pk])).content.decode()
    assert "1 row to mend" in said
    assert "Bringing stock in" not in said
    address = reverse("desk:stock_brought_in", args=[written.pk])
    assert f'href="{address}?fate=warnings"' in said
    told = client.get(address, {"fate": "warnings"}).content.decode()
    assert "New here and set up with the file: HP" in told
    assert "What was brought in" in told
    assert "Bring in 5 rows" not in told
    assert "There is no style “X9”" in client.get(address).content.decode()
    client.force_login(PersonFactory(role=Role.MERCHANDISER))
    assert client.get(address).status_code == 404
    client.force_login(zheng)
    StoredFile.objects.filter(pk=written.result["preview"]).update(content=b"", emptied_at=Now())
    assert address not in client.get(reverse("core:job", args=[written.pk])).content.decode()
    assert client.get(address).status_code == 404
    assert written.output is not None
    again = send(client, written.output.opened(), "库存.errors.xlsx")
    brought_in(styles=[{"brand": "HP", "style": "X9", "tag_price": 1}])
    assert go_ahead(client, again).result["created"] == 1
    third = send(client, workbook(styles=STYLES, movements=rows[:3]))
    assert "Nothing would change." in preview(client, third).content.decode()


def with_numbers(sheet: bytes, cells: dict[str, str]) -> bytes:
    """The workbook with other numbers in these cells, each of which is green and locked."""
    made = BytesIO()
    with ZipFile(BytesIO(sheet)) as before, ZipFile(made, "w") as after:
        styles = before.read("xl/styles.xml").decode()
        looks = re.findall(r"<xf [^>]*/>|<xf .*?</xf>", styles.split("<cellXfs")[1])
        for part in before.namelist():
            text = before.read(part).decode()
            if part.endswith("sheet1.xml"):
                for cell, number in cells.items():
                    column = ord(cell[0]) - ord("A") + 1
                    (style,) = re.findall(rf'<col min="{column}" [^>]*style="(\d+)"', text)
                    assert 'fillId="2"' in looks[int(style)]
                    assert "locked" not in looks[int(style)]
                    text, found = re.subn(
                        rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v>)', rf"\g<1>{number}\g<2>", text
                    )
                    assert found == 1
            after.writestr(part, text)
    return made.getvalue()


def test_our_own_sheet_with_a_green_cell_changed_changes_nothing_and_says_so(client, zheng):
    brought_in(styles=STYLES)
    style = Style.objects.get()
    made = FigureSetFactory.create(made_at=timezone.now())
    whole = {"level": FigureLevel.COMPANY, "office": None, "region": None}
    FigureFactory.create(set=made, style=style, sold=30, closing=30, **whole)
    figures = list(Figure.objects.values())
    asked = {"reason": "周一例会", "kind": "xlsx"}
    sheet = b"".join(client.post("/stock/sheet/", asked))
    # Price, sold, stock and what is on its way.
    changed = with_numbers(sheet, {"E3": "1", "H3": "999", "I3": "999", "J3": "55"})
    job = send(client, changed, "跟踪表.xlsx")
    counts = {name: job.result[name] for name in ("read", "created", "updated", "refused")}
    assert counts == {"read": 1, "created": 0, "updated": 0, "refused": 0}
    page = preview(client, job).content.decode()
    assert "Nothing would change." in page
    assert "Computed columns are not read and change nothing:" in page
    assert "Sold" in page
    assert (list(Figure.objects.values()), Style.objects.get().counter_price) == (figures, None)
    assert not Movement.objects.exists()


def test_columns_that_are_chosen_once_are_known_the_next_time(client, zheng):
    brought_in(styles=STYLES)
    job = send(client, TYPED.encode("gbk"), "流水.csv")
    assert job.result["needs"] == "mapping"
    address = reverse("desk:import_stock_columns", args=[job.pk])
    page = client.get(address).content.decode()
    assert "A needed column is missing: 日期" in page
    keys = ("date", "office", "style", "type", "qty", "document")
    told = {f"movements-column{at}": key for at, key in enumerate(keys)}
    twice = client.post(address, {**told, "movements-column3": "qty"})
    assert "Two columns are read as" in twice.content.decode()
    client.post(address, told)
    chosen = Job.objects.filter(kind=work.LOOK).latest("pk")
    assert (chosen.result["needs"], chosen.result["created"]) == ("", 1)
    assert not SheetMapping.objects.exists()
    written = go_ahead(client, chosen)
    assert (written.result["created"], written.result["refused"]) == (1, 1)
    next_week = TYPED.replace("d1", "d3").encode("gbk")
    assert send(client, next_week, "下周.csv").result["created"] == 1
    assert SheetMapping.objects.get().chosen_by == zheng
    assert written.output is not None
    mended = send(client, written.output.opened(), "流水.errors.xlsx")
    assert (mended.result["needs"], mended.result["refused"]) == ("", 1)


def test_a_job_that_is_taken_up_again_writes_nothing_twice(client, zheng):
    job = send(client, workbook(styles=STYLES, movements=movements(2)))
    written = go_ahead(client, job)
    Job.objects.filter(pk=written.pk).update(state=JobState.WAITING, ended_at=None)
    import_stock(written.pk)
    again = Job.objects.get(pk=written.pk)
    assert (again.state, again.result) == (JobState.DONE, written.result)
    assert Movement.objects.count() == 2


def test_a_job_that_another_worker_has_taken_over_leaves_nothing(client, zheng, monkeypatch):
    job = send(client, workbook(styles=STYLES, movements=movements(2)))
    asked = jobs.ask(kind=work.WRITE, by=zheng, params={"preview": job.pk})
    monkeypatch.setattr(jobs, "mine", lambda _job: Job.objects.none())
    import_stock(asked.pk)
    assert not Movement.objects.exists()


def test_what_somebody_else_looked_at_is_not_brought_in(client, zheng):
    job = send(client, workbook(styles=STYLES, movements=movements(2)))
    other = PersonFactory(role=Role.MERCHANDISER)
    asked = jobs.ask(kind=work.WRITE, by=other, params={"preview": job.pk})
    with pytest.raises(Job.DoesNotExist):
        import_stock(asked.pk)
    assert not Movement.objects.exists()


def test_who_is_no_merchandiser_any_more_looks_at_nothing(client, zheng):
    job = send(client, workbook(styles=STYLES, movements=movements(2)))
    type(zheng).objects.filter(pk=zheng.pk).update(role=Role.FINANCE)
    for page in ("import_stock_columns", "import_stock_preview"):
        address = reverse(f"desk:{page}", args=[job.pk])
        assert client.get(address).status_code == 403
        assert client.post(address, {"key": uuid4()}).status_code == 403


def test_a_file_that_is_none_is_refused_in_words(client, zheng):
    file = SimpleUploadedFile("a.xlsx", b"PK\x03\x04 not a zip")
    page = client.post(reverse("desk:import_stock"), {"file": file}).content.decode()
    assert "The file is damaged" in page
    missing = client.post(reverse("desk:import_stock"), {}).content.decode()
    assert "Choose the file with the stock." in missing


def test_rows_without_an_office_are_the_chosen_one_s(client, zheng):
    brought_in(styles=STYLES)
    rows = [{key: value for key, value in row.items() if key != "office"} for row in movements(2)]
    office = StoreFactory(code="XA")
    job = send(client, workbook(movements=rows), store=office.pk)
    assert go_ahead(client, job).result["created"] == 2
    assert Movement.objects.filter(office=office).count() == 2


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MERCHANDISER}))
def test_only_merchandisers_may(client, role):
    sign_in(client, PersonFactory(role=role))
    assert client.get(reverse("desk:import_stock")).status_code == 403
    assert client.get(reverse("desk:import_stock_template")).status_code == 403


def test_another_one_s_look_is_a_strangers_and_the_page_asks_as_often_for_many_rows(client, zheng):
    few, many = (
        send(client, workbook(styles=STYLES, movements=movements(count))) for count in (1, 12)
    )
    asked = []
    for job in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert preview(client, job, sheet="movements").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    template = client.get(reverse("desk:import_stock_template"))
    assert template.content[:2] == b"PK"
    sign_in(client, PersonFactory(role=Role.MERCHANDISER))
    assert preview(client, few).status_code == 404


def test_who_sends_a_file_while_another_is_at_work_does_not_wait_in_the_page(client, zheng):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LEDGER_LOCK])
        job = send(client, workbook(styles=STYLES))
    other.close()
    assert job.state == JobState.WAITING
    preview_stock(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["created"]) == (JobState.DONE, 1)


def test_figures_are_asked_for_anew_where_something_became_different(client, zheng):
    file = workbook(styles=STYLES, movements=movements(2))
    go_ahead(client, send(client, file))
    assert FigureSet.objects.filter(is_standing=True).count() == 1
    FigureSet.objects.all().delete()
    import_workbook(file, filename="w.xlsx", by=zheng, now=timezone.now())
    assert not FigureSet.objects.exists()
