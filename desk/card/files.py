"""The pictures kept with a customer, newest first."""

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
from staff.scope import Reach


@dataclass(frozen=True)
class PictureShown:
    """One picture in small; width and height are those of the small one."""

    url: str
    small_url: str
    title: str
    about: str
    width: int
    height: int


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: pictures, and where one brings more in."""
    kept = attached().filter(customer=customer).order_by("-added_at", "-pk")
    return {
        "pictures": [picture_shown(each, now=now) for each in kept],
        "attach_url": reverse("customers:attach", args=[customer.pk]),
    }


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
