"""The pictures kept with a customer, and the papers of their orders, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from core.days import date_text
from core.phones import mask_in_text
from customers.models import Attachment
from customers.queries import MaskedCustomer
from customers.queries.attachments import attached
from customers.services.pictures import THUMBNAIL_SIDE
from orders.models import OrderFile
from orders.queries.on_card import papers_of
from staff.scope import Reach

# So many stand on the card, the newest; all of them stand with their orders.
MOST_PAPERS = 60


@dataclass(frozen=True)
class PictureShown:
    """One picture in small; width and height are those of the small one."""

    url: str
    small_url: str
    title: str
    about: str
    width: int
    height: int


@dataclass(frozen=True)
class PaperShown:
    """One paper kept with an order."""

    url: str
    title: str
    about: str
    order_no: str
    order_url: str


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: pictures, where one brings more in, and papers of orders."""
    kept = attached().filter(customer=customer).order_by("-added_at", "-pk")
    papers = papers_of(customer, reach=reader, today=timezone.localdate(now))
    return {
        "pictures": [picture_shown(each, now=now) for each in kept],
        "attach_url": reverse("customers:attach", args=[customer.pk]),
        "papers": [_paper(each, now=now) for each in papers[:MOST_PAPERS]],
    }


def _paper(paper: OrderFile, *, now: datetime) -> PaperShown:
    kind = paper.get_kind_display()
    on = date_text(timezone.localdate(paper.added_at), today=timezone.localdate(now))
    return PaperShown(
        url=reverse("orders:open_file", args=[paper.pk]),
        title=mask_in_text(paper.caption) or kind,
        about=f"{kind} · {on}" if paper.caption else on,
        order_no=paper.order.number,
        order_url=reverse("orders:order", args=[paper.order_id]),
    )


def picture_shown(attachment: Attachment, *, now: datetime) -> PictureShown:
    """The picture as a tab shows it in small."""
    scale = min(THUMBNAIL_SIDE / max(attachment.width, attachment.height), 1)
    kind = attachment.get_kind_display()
    on = date_text(timezone.localdate(attachment.added_at), today=timezone.localdate(now))
    return PictureShown(
        url=reverse("customers:attachment", args=[attachment.pk]),
        small_url=reverse("customers:thumbnail", args=[attachment.pk]),
        title=mask_in_text(attachment.caption) or kind,
        about=f"{kind} · {on}" if attachment.caption else on,
        width=max(round(attachment.width * scale), 1),
        height=max(round(attachment.height * scale), 1),
    )
