"""What happened with a customer, a page at a time."""

from datetime import datetime

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.listing.keyset import BadPlace
from customers.queries import MaskedCustomer
from desk.timeline import timeline_of
from staff.scope import Reach


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: timeline, a list of Entry, and more_url, the next page or ""."""
    try:
        story = timeline_of(
            customer, reader=reader, earlier=request_get.get("earlier", ""), now=now
        )
    except BadPlace as error:
        raise BadRequest(_("This page of the timeline is not there.")) from error
    more_url = f"?earlier={story.earlier}" if story.earlier else ""
    return {"timeline": story.entries, "more_url": more_url}
