"""Pictures on a card: who may bring them in, see them and take them away."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from core.models import AuditEntry, StoredFile
from customers.models import Attachment, OwnedProduct
from customers.services import attachments as services
from customers.services.pictures import read_picture
from tests.factories.customers import CustomerFactory


def jpeg(size=(64, 48)):
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def mine(company):
    return CustomerFactory(owner=company.sales_store)


def keep(customer, count=1, **said):
    said = {"kind": "photo", "key": uuid4()} | said
    services.add_attachments(
        customer=customer, pictures=[read_picture(jpeg())] * count, by=customer.owner,
        now=timezone.now(), **said,
    )  # fmt: skip
    return Attachment.objects.latest("pk")


def send(browser, customer, *files, **said):
    named = [SimpleUploadedFile(name, content) for name, content in files]
    said = {"key": str(uuid4()), "kind": "floor_plan", "caption": "", "pictures": named} | said
    return browser.post(f"/customers/{customer.pk}/pictures/new/", said)


def test_pictures_are_sealed_and_kept_for_good(mine):
    kept = keep(mine, caption="客厅")
    files = StoredFile.objects.all()
    assert {file.expires_at for file in files} == {None}
    assert b"\xff\xd8\xff" not in bytes(kept.file.content)[:20]
    assert kept.file.opened().startswith(b"\xff\xd8\xff")
    assert {file.name for file in files} == {"picture.jpg", "thumbnail.jpg"}


def test_the_same_form_twice_keeps_its_pictures_once(mine):
    key = uuid4()
    keep(mine, 2, key=key)
    keep(mine, 2, key=key)
    assert Attachment.objects.count() == 2


def test_a_customer_has_forty_pictures_at_most(mine, monkeypatch):
    monkeypatch.setattr(services, "MOST", 2)
    first = keep(mine, 2)
    with pytest.raises(services.AttachmentNotKept) as refused:
        keep(mine)
    assert "2" in str(refused.value)
    services.remove_attachment(attachment=first, by=mine.owner, now=timezone.now())
    keep(mine)


def test_a_removed_picture_stays_on_record_and_is_shown_to_nobody(mine, as_):
    kept = keep(mine)
    browser = as_(mine.owner)
    assert browser.post(f"/pictures/{kept.pk}/remove/").status_code == 302
    for part in ("", "file/", "small/"):
        assert browser.get(f"/pictures/{kept.pk}/{part}").status_code == 404
    kept.refresh_from_db()
    assert kept.removed_by == mine.owner
    assert AuditEntry.objects.filter(verb="detach").count() == 1
    with pytest.raises(services.AttachmentNotKept):
        services.describe_attachment(
            attachment=kept, kind="photo", caption="", by=mine.owner, now=timezone.now()
        )


@pytest.mark.parametrize(
    ("role", "status"),
    [("sales_store", 200), ("store_manager", 200), ("ops_manager", 200), ("stranger", 404),
     ("sales_field", 404), ("field_supervisor", 404), ("marketing_manager", 403),
     ("finance", 403), ("merchandiser", 403), ("admin", 403)],
)  # fmt: skip
def test_who_sees_a_picture(mine, company, as_, role, status):
    kept, browser = keep(mine), as_(getattr(company, role))
    for page in (
        f"/pictures/{kept.pk}/", f"/pictures/{kept.pk}/file/", f"/pictures/{kept.pk}/small/",
        f"/customers/{mine.pk}/pictures/new/",
    ):  # fmt: skip
        assert browser.get(page).status_code == status, page
    if status != 200:
        assert browser.post(f"/pictures/{kept.pk}/remove/").status_code == status
        assert send(browser, mine, ("a.jpg", jpeg())).status_code == status
        assert Attachment.objects.filter(removed_at=None).count() == 1


def test_a_picture_is_served_as_one_and_asked_for_again_each_time(mine, as_):
    kept, browser = keep(mine), as_(mine.owner)
    answer = browser.get(f"/pictures/{kept.pk}/file/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"].startswith("inline")
    again = browser.get(f"/pictures/{kept.pk}/file/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_bad_numbers_and_methods(mine, as_):
    browser = as_(mine.owner)
    assert browser.get("/pictures/999999/file/").status_code == 404
    assert browser.get(f"/pictures/{keep(mine).pk}/remove/").status_code == 405


def test_several_pictures_come_in_at_once_and_what_is_none_is_named(mine, as_):
    browser = as_(mine.owner)
    answer = send(
        browser, mine, ("a.jpg", jpeg()), ("b.png", jpeg()), ("plan.svg", b"<svg/>"),
        ("13800138000.jpg", b"<script>alert(1)</script>"), caption="客厅",
    )  # fmt: skip
    assert answer.url.endswith("?tab=files")
    assert Attachment.objects.filter(caption="客厅", kind="floor_plan").count() == 2
    page = browser.get(answer.url).content.decode()
    assert "plan.svg" in page
    assert "138****8000.jpg" in page
    assert "客厅" in page


@pytest.mark.parametrize(
    ("files", "field"),
    [
        ([("x.jpg", b"")], "pictures"),
        ([("x.jpg", b"<html>")], "pictures"),
        ([("x.jpg", b"a" * (12 * 1024 * 1024 + 1))], "pictures"),
        ([("x.jpg", jpeg())] * 7, "pictures"),
        ([], "pictures"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(mine, as_, files, field):
    answer = send(as_(mine.owner), mine, *files)
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert not StoredFile.objects.exists()


def test_a_form_of_somebody_else_keeps_nothing(mine, company, as_):
    key = str(uuid4())
    send(as_(mine.owner), mine, ("a.jpg", jpeg()), key=key)
    answer = send(as_(company.store_manager), mine, ("a.jpg", jpeg()), key=key)
    assert answer.context["form"].non_field_errors()
    assert Attachment.objects.count() == 1


def test_a_caption_is_changed_and_its_masked_number_stays(mine, as_):
    kept = keep(mine, caption="业主 13800138000")
    browser = as_(mine.owner)
    page = browser.get(f"/pictures/{kept.pk}/")
    assert "13800138000" not in page.content.decode()
    shown = page.context["form"]["caption"].value()
    browser.post(f"/pictures/{kept.pk}/", {"kind": "sketch", "caption": f"{shown} 厨房"})
    kept.refresh_from_db()
    assert (kept.kind, kept.caption) == ("sketch", "业主 13800138000 厨房")
    assert browser.post(f"/pictures/{kept.pk}/", {"kind": "x"}).context["form"].errors["kind"]


def test_twelve_pictures_take_the_queries_of_one(mine, as_):
    browser, counts = as_(mine.owner), []
    for more in (1, 11):
        keep(mine, more)
        browser.get(f"/customers/{mine.pk}/?tab=files")
        with CaptureQueriesContext(connection) as ran:
            browser.get(f"/customers/{mine.pk}/?tab=files")
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 12


def test_a_picture_may_be_of_a_product_the_customer_owns(company, as_, mine):
    foreign = CustomerFactory(owner=company.sales_store)
    own, other = (
        OwnedProduct.objects.create(customer=each, store=company.store, product="沙发")
        for each in (mine, foreign)
    )
    browser = as_(company.sales_store)
    for product, count in ((other, 0), (own, 1)):
        send(browser, mine, ("a.jpg", jpeg()), product=product.pk)
        assert Attachment.objects.filter(product=product).count() == count
