"""Papers of an order: written anew, served to who sees the order, kept when taken off."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.models import AuditEntry
from orders.models import OrderFile
from orders.services.files import PaperNotKept, attach_paper, read_scan, remove_paper
from orders.services.holding import OrderNotChanged
from orders.states import FileKind, OrderState
from staff.states import Role
from tests.factories.orders import NOW, order
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind="PNG"):
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, kind)
    return out.getvalue()


def PNG():
    return SimpleUploadedFile("签字.png", picture(), content_type="image/png")


def scan():
    return read_scan(picture())


@pytest.fixture
def of():
    return order()


def attach(of, content=PDF_BYTES, *, kind=FileKind.CONTRACT, key=None):
    return attach_paper(
        order=of, scan=read_scan(content), kind=kind, by=of.seller, key=key or uuid4(), now=NOW
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"<html>", "not_a_paper"), (b"%PDF-1.7 half", "broken"),
     (b"MZ\x90\x00" * 20, "not_a_paper"), (b"x" * (12 * 1024 * 1024 + 1), "too_heavy")],
)  # fmt: skip
def test_what_is_no_paper_is_refused(content, code):
    with pytest.raises(PaperNotKept) as refusal:
        read_scan(content)
    assert refusal.value.codes == (code,)
    assert str(refusal.value)


def test_a_picture_is_written_anew():
    assert read_scan(picture()).content.startswith(b"\xff\xd8")
    assert read_scan(picture("JPEG")).content_type == "image/jpeg"


def test_papers_open_to_who_sees_the_order_after_the_archive_too(as_):
    of = order(paid=5000, state=OrderState.ARCHIVED)
    paper = attach(order())
    OrderFile.objects.update(order=of)
    paper.refresh_from_db()
    answer = as_(of.seller).get(f"/papers/{paper.pk}/")
    assert answer.content == PDF_BYTES
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    stranger = as_(PersonFactory(role=Role.SALES_STORE))
    assert stranger.get(f"/papers/{paper.pk}/").status_code == 404
    assert as_(PersonFactory(role=Role.ADMIN)).get(f"/papers/{paper.pk}/").status_code == 403
    with pytest.raises(OrderNotChanged):
        attach(of)
    with pytest.raises(OrderNotChanged):
        remove_paper(paper=paper, by=of.seller, now=NOW)
    assert as_(of.seller).get(f"/papers/{paper.pk}/remove/").status_code == 403


def test_a_paper_is_kept_once_and_taken_off_once(of):
    key = uuid4()
    paper = attach(of, key=key)
    assert attach(of, key=key) == paper
    remove_paper(paper=paper, by=of.seller, now=NOW)
    with pytest.raises(PaperNotKept) as refusal:
        remove_paper(paper=paper, by=of.seller, now=NOW)
    assert refusal.value.codes == ("is_gone",)
    assert OrderFile.objects.get().file.size == len(PDF_BYTES)
    assert AuditEntry.objects.filter(verb="remove_paper").count() == 1


def test_the_pages_of_papers(of, as_):
    browser, page = as_(of.seller), f"/orders/{of.pk}/"
    assert browser.get(f"{page}papers/new/").status_code == 200
    sent = {"key": uuid4(), "kind": "original", "caption": "传真", "scan": PNG()}
    wrong = browser.post(f"{page}papers/new/", sent | {"scan": SimpleUploadedFile("x.exe", b"MZ")})
    assert wrong.status_code == 200
    assert browser.post(f"{page}papers/new/", sent).status_code == 302
    paper = OrderFile.objects.get()
    assert "传真" in browser.get(page).content.decode()
    assert browser.get(f"/papers/{paper.pk}/remove/").status_code == 200
    assert browser.post(f"/papers/{paper.pk}/remove/").status_code == 302
    assert browser.get(f"/papers/{paper.pk}/").status_code == 404
    assert "传真" not in browser.get(page).content.decode()
