"""Pictures kept with a customer: brought in several at once, shown, taken away, never lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from core.refusals import Refused
from core.services import audit
from core.services.jobs import store_file
from core.services.once import once
from customers.models import Attachment, Customer, OwnedProduct
from customers.queries.attachments import attached
from customers.services.pictures import CONTENT_TYPE, Picture
from customers.states import AttachmentKind
from staff.models import Person

MOST = 40


class AttachmentNotKept(Refused):
    """A picture was not kept, or not changed."""

    messages = {
        "too_many": _(
            "%(most)s pictures are kept for a customer at most; there is room for %(left)s. "
            "Remove some first."
        ),
        "is_gone": _("Somebody else has removed this picture meanwhile."),
    }


def _keep(content: bytes, *, name: str, by: Person) -> StoredFile:
    return store_file(name=name, content=content, content_type=CONTENT_TYPE, by=by, kept_for=None)


@transaction.atomic
def add_attachments(
    *,
    customer: Customer,
    pictures: Sequence[Picture],
    kind: AttachmentKind | str,
    by: Person,
    now: datetime,
    key: UUID,
    caption: str = "",
    product: OwnedProduct | None = None,
) -> int:
    """Keep these pictures with the customer, and say how many. Raises AttachmentNotKept.

    The names of the files that were sent are forgotten: they may hold anything.
    """
    with once(key=key, purpose="attachments", by=by) as form:
        if form.result_id:
            return len(pictures)
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        kept = attached().filter(customer=customer).count()
        if kind == AttachmentKind.EVIDENCE:  # what others laid down is not to be counted out
            kept = 0
        if product is not None and product.customer_id != customer.pk:
            raise ValueError("a picture is of a product of the customer")
        if kept + len(pictures) > MOST:
            raise AttachmentNotKept.because("too_many", most=MOST, left=max(MOST - kept, 0))

        for picture in pictures:
            Attachment.objects.create(
                customer=customer,
                product=product,
                kind=kind,
                caption=caption,
                file=_keep(picture.content, name="picture.jpg", by=by),
                thumbnail=_keep(picture.thumbnail, name="thumbnail.jpg", by=by),
                width=picture.width,
                height=picture.height,
                added_at=now,
                added_by=by,
            )

        audit.record(verb="attach", of=customer, by=by, count=len(pictures), kind=str(kind))
        form.result_id = customer.pk
    return len(pictures)


@transaction.atomic
def describe_attachment(
    *, attachment: Attachment, kind: AttachmentKind | str, caption: str, by: Person, now: datetime
) -> None:
    """Say anew what the picture shows. Raises AttachmentNotKept."""
    standing = Attachment.objects.filter(pk=attachment.pk, removed_at=None)
    if not standing.update(kind=kind, caption=caption):
        raise AttachmentNotKept.because("is_gone")

    audit.record(verb="describe", of=attachment, by=by, customer=attachment.customer_id)


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: Person, now: datetime) -> None:
    """Take the picture off the card; it stays kept, and who took it away stands beside it.

    Twice does no harm.
    """
    standing = Attachment.objects.filter(pk=attachment.pk, removed_at=None)
    if standing.update(removed_at=now, removed_by=by):
        audit.record(verb="detach", of=attachment, by=by, customer=attachment.customer_id)
