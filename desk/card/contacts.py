"""What happened with a customer, a page at a time, of all kinds or of one."""

from datetime import datetime

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.listing.keyset import BadPlace
from customers.queries import MaskedCustomer
from desk.timeline import chips_of, empty_words, filter_named, timeline_of
from staff.scope import Reach


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: chips, timeline (a list of Entry), more_url (the next page or ""), and
    empty_title with empty_text for a page without entries.
    """
    only = filter_named(request_get.get("show", ""), reader)
    try:
        story = timeline_of(
            customer,
            reader=reader,
            earlier=request_get.get("earlier", ""),
            now=now,
            show=only.name,
        )
    except BadPlace as error:
        raise BadRequest(_("This page of the timeline is not there.")) from error
    kept = f"show={only.name}&" if only.name else ""
    title, text = empty_words(only)
    return {
        "chips": chips_of(only, reader),
        "timeline": story.entries,
        "more_url": f"?{kept}earlier={story.earlier}" if story.earlier else "",
        "empty_title": title,
        "empty_text": text,
    }
