"""The pictures of a card."""

from django.db.models import QuerySet

from customers.models import Attachment
from customers.states import ATTACHED_KINDS


def attached() -> QuerySet[Attachment]:
    """The pictures that cards show: neither taken away, nor evidence in a dispute, which is no
    reader's of the card.
    """
    return Attachment.objects.filter(removed_at=None, kind__in=ATTACHED_KINDS)
