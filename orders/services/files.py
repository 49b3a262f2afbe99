"""Papers of an order: a scan or photo of what was sent, signed or paid; kept, never lost (ORD-08).

Pictures are written anew as a customer's are; a PDF is kept as it is and only ever downloaded.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from core.services.jobs import store_file
from core.services.once import once
from customers.services.pictures import CONTENT_TYPE, LARGEST_UPLOAD, PictureRefused, read_picture
from orders.models import Order, OrderFile
from orders.services.history import note
from orders.services.holding import hold_order
from orders.states import EventKind, FileKind
from staff.models import Person

MOST = 40
PDF = "application/pdf"
# A PDF says so at its beginning; its last line may have some bytes behind it.
PDF_BEGINS, PDF_ENDS, TAIL = b"%PDF-", b"%%EOF", 1024


class PaperNotKept(Refused):
    """A paper was not kept, or not removed."""

    messages = {
        **PictureRefused.messages,
        "not_a_paper": _("Send a PDF, a JPEG or a PNG."),
        "too_many": _("%(most)s papers are kept with an order at most. Remove some first."),
        "is_gone": _("Somebody else has removed this paper meanwhile."),
    }


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A paper as it is kept."""

    content: bytes
    content_type: str

    @property
    def name(self) -> str:
        return "paper.pdf" if self.content_type == PDF else "paper.jpg"


def read_scan(content: bytes) -> Scan:
    """The paper that `content` holds, whatever its file was called. Raises PaperNotKept."""
    if len(content) > LARGEST_UPLOAD:
        raise PaperNotKept.because("too_heavy", most=LARGEST_UPLOAD // 1024 // 1024)
    if content.startswith(PDF_BEGINS):
        if PDF_ENDS not in content[-TAIL:]:
            raise PaperNotKept.because("broken")
        return Scan(content=content, content_type=PDF)
    try:
        return Scan(content=read_picture(content).content, content_type=CONTENT_TYPE)
    except PictureRefused as refusal:
        code = "not_a_paper" if "not_a_picture" in refusal.codes else refusal.codes[0]
        raise PaperNotKept.because(code, **refusal.blockers[0].params) from refusal


def keep_scan(
    held: Order,
    scan: Scan,
    *,
    kind: FileKind | str,
    by: Person,
    at: datetime,
    caption: str = "",
) -> OrderFile:
    """Keep a paper with an order that is held. Raises PaperNotKept."""
    if OrderFile.objects.filter(order=held, removed_at=None).count() >= MOST:
        raise PaperNotKept.because("too_many", most=MOST)
    file = store_file(
        name=scan.name, content=scan.content, content_type=scan.content_type, by=by, kept_for=None
    )
    paper = OrderFile.objects.create(
        order=held, kind=kind, file=file, caption=caption.strip()[:120], added_at=at, added_by=by
    )
    note(held, EventKind.FILE_ADDED, by=by, at=at, paper=paper.pk, what=str(paper.kind))
    return paper


@transaction.atomic
def attach_paper(
    *,
    order: Order,
    scan: Scan,
    kind: FileKind | str,
    by: Person,
    key: UUID,
    caption: str = "",
    now: datetime | None = None,
) -> OrderFile:
    """Keep a paper with the order. Raises PaperNotKept and OrderNotChanged."""
    with once(key=key, purpose="order_file", by=by) as form:
        if form.result_id:
            return OrderFile.objects.get(pk=form.result_id)
        held = hold_order(order)
        at = now or database_now()
        paper = keep_scan(held, scan, kind=kind, by=by, at=at, caption=caption)
        form.result_id = paper.pk
    return paper


@transaction.atomic
def remove_paper(*, paper: OrderFile, by: Person, now: datetime | None = None) -> None:
    """Take a paper off the order; it stays kept. Raises PaperNotKept and OrderNotChanged."""
    held = hold_order(paper.order)
    at = now or database_now()
    standing = OrderFile.objects.filter(pk=paper.pk, removed_at=None)
    if not standing.update(removed_at=at, removed_by=by):
        raise PaperNotKept.because("is_gone")
    audit.record(verb="remove_paper", of=paper, by=by, order=held.pk)
