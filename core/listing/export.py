"""A list as a file: what is shown, masked, marked on each row, counted and logged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import IntegerField, Model, Sum, TextChoices
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.listing.pages import OpenList
from core.models import AuditEntry, Job
from core.refusals import Refused
from core.services import audit, jobs
from core.spreadsheets.write import OutCell, OutColumn, OutSheet, write_csv, write_workbook

VERB = "export"
LOCK = 7_201_005


class ListNotExported(Refused):
    """A list was not exported."""

    messages = {
        "too_many_rows": gettext_lazy(
            "This list has %(rows)s rows. You may export %(most)s rows a day, of which %(left)s "
            "are left today. Narrow the filter."
        ),
        "no_rows": gettext_lazy("There is nothing to export. Widen the filter."),
    }


class FileKind(TextChoices):
    """What kind of file a list becomes."""

    XLSX = "xlsx", gettext_lazy("Excel (XLSX)")
    CSV = "csv", gettext_lazy("Text (CSV)")


CONTENT_TYPES = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Who took the rows, when and why; stands on each of them."""

    name: str
    account: str
    at: datetime
    reason: str
    batch: str

    @property
    def text(self) -> str:
        at = timezone.localtime(self.at).strftime("%Y-%m-%d %H:%M")
        return f"{self.name} ({self.account}) · {at} · {self.reason} · {self.batch}"


def rows_exported_since(*, by, since: datetime) -> int:
    """How many rows this person has taken out, by all lists together."""
    taken = AuditEntry.objects.filter(by=by, verb=VERB, at__gte=since)
    rows = taken.aggregate(rows=Sum(Cast(KT("detail__rows"), IntegerField())))["rows"]
    return rows or 0


def claim_export(
    found: OpenList, *, by, reason: str, kind: FileKind, rows_a_day: int, now: datetime
) -> Mark:
    """Count and log the export of a list, before its file is made. Raises ListNotExported."""
    return claim_rows(
        name=found.declared.name,
        rows=found.total,
        by=by,
        reason=reason,
        kind=kind,
        rows_a_day=rows_a_day,
        now=now,
        columns=list(found.shown),
        filters=sorted(name for name, value in found.asked.items() if value),
    )


@transaction.atomic
def claim_rows(
    *,
    name: str,
    rows: int,
    by,
    reason: str,
    kind: FileKind,
    rows_a_day: int,
    now: datetime,
    **told: object,
) -> Mark:
    """Count and log so many rows of the list `name`; `told` stands on the trail, too.

    Two exports of one person wait for each other, so that both count. Raises ListNotExported.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, by.pk % 2**31])
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    left = max(rows_a_day - rows_exported_since(by=by, since=midnight), 0)
    if not rows:
        raise ListNotExported.because("no_rows")
    if rows > left:
        raise ListNotExported.because("too_many_rows", rows=rows, most=rows_a_day, left=left)

    mark = Mark(name=by.name, account=by.username, at=now, reason=reason, batch=uuid4().hex[:12])
    audit.record(
        verb=VERB,
        of=by,
        by=by,
        reason=reason,
        list=name,
        rows=rows,
        kind=str(kind),
        batch=mark.batch,
        **told,
    )
    return mark


def job_params(
    found: OpenList, *, kind: FileKind, mark: Mark, page: Mapping[str, str]
) -> dict[str, object]:
    """What a job has to know to make the file that was claimed; `page` is for the page of jobs."""
    asked = found.asked.copy()
    asked.setlist("cols", list(found.shown))
    return claimed_params(asked.urlencode(), rows=found.total, kind=kind, mark=mark, page=page)


def claimed_params(
    query: str, *, rows: int, kind: FileKind, mark: Mark, page: Mapping[str, str]
) -> dict[str, object]:
    """The same of `rows` that were claimed of the page at `query`."""
    return {
        "query": query,
        "kind": kind,
        "reason": mark.reason,
        "batch": mark.batch,
        "at": mark.at.isoformat(),
        "rows": rows,
        "page": dict(page),
    }


def mark_of(job: Job) -> Mark:
    """The mark under which the rows of a job were claimed."""
    return Mark(
        name=job.asked_by.name,
        account=job.asked_by.username,
        at=datetime.fromisoformat(job.params["at"]),
        reason=job.params["reason"],
        batch=job.params["batch"],
    )


def keep_export(job: Job, content: bytes, *, name: str) -> dict[str, object]:
    """Store the file that a job made, to be fetched by its asker; the job's result."""
    # An hour more than it may be fetched, so that nobody finds it gone before its time.
    stored = jobs.store_file(
        name=name,
        content=content,
        content_type=CONTENT_TYPES[FileKind(job.params["kind"])],
        by=job.asked_by,
        kept_for=timedelta(hours=25),
    )
    return {"file": stored.pk}


class More(Protocol):
    """What a file has behind the columns of its list."""

    def headers(self, shown: Sequence[str]) -> Sequence[str]: ...

    def cells(
        self, rows: Sequence[Model], shown: Sequence[str], values: Sequence[Sequence[OutCell]]
    ) -> Iterable[Sequence[OutCell]]:
        """The cells behind each row, of which the list writes `values` in the columns `shown`."""


def file_of(
    found: OpenList,
    *,
    kind: FileKind,
    mark: Mark,
    most: int,
    more: More | None = None,
    sheets: Sequence[OutSheet] = (),
) -> bytes:
    """The list as a file, at most `most` rows; a workbook has these further `sheets`, too."""
    rows = list(found.told.order_by(*found.order.order_by())[:most])
    table = found.table_of(rows)
    shown = [name for name, _label in table.headers()]
    columns: list[OutColumn | str] = [
        OutColumn(str(label), table.kinds.get(name, ""), computed=name in table.computed)
        for name, label in table.headers()
    ]
    further = [_("Exported by"), *(more.headers(shown) if more else [])]
    values = table.values()
    behind = more.cells(rows, shown, values) if more else [()] * len(rows)
    cells: list[list[OutCell]] = [
        [*row, mark.text, *extra] for row, extra in zip(values, behind, strict=True)
    ]
    labels = [*(str(label) for _name, label in table.headers()), *further]
    if kind == FileKind.CSV:
        return write_csv(labels, cells)
    name = found.declared.name
    return write_workbook([OutSheet(name, [*columns, *further], cells, title=mark.text), *sheets])


def file_name(found: OpenList, *, kind: FileKind, now: datetime) -> str:
    return f"{found.declared.name}-{timezone.localtime(now):%Y%m%d-%H%M}.{kind}"
