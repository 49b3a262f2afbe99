"""Making the file of a queued export, as its asker may see the list when it is made."""

from django.http import QueryDict
from django.utils import timezone, translation

from core.listing.export import FileKind, file_name, file_of, keep_export, mark_of
from core.models import Job
from customers import queries
from desk.lists.customers import CUSTOMERS
from desk.returning.sheets import Behind
from filings.queries.shown import with_filing
from orders.queries.value import with_order_count
from staff.scope import reach_of


def make_customer_file(job: Job) -> dict[str, object]:
    """Write the file that `job` asks for; answers with its result: the file's number."""
    asker, params = job.asked_by, job.params
    today = timezone.localdate()
    reach = reach_of(asker, today=today)
    mark = mark_of(job)
    at = mark.at
    with translation.override(asker.language or translation.get_language()):
        rows = queries.for_list(queries.visible(reach))
        is_whole = bool(params.get("whole"))
        rows = with_filing(rows.defer(None) if is_whole else rows, reach=reach, now=at)
        found = CUSTOMERS.over(
            with_order_count(rows),
            asked=QueryDict(params["query"]),
            filter_with={"reach": reach, "today": today},
            draw_with={"reader": reach, "today": today},
        )
        kind = FileKind(params["kind"])
        behind = Behind(reader=reach, today=today, is_whole=is_whole)
        content = file_of(found, kind=kind, mark=mark, most=params["rows"], more=behind)
        name = file_name(found, kind=kind, now=at)
    return keep_export(job, content, name=name)
