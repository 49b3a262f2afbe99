"""The drop folder: a directory for each source, whose sheets are taken in each minute.

Nothing is claimed beforehand: an id is one lead, so that a file which a dying worker left half
done, or which two workers read at once, is simply read again. It is renamed when it is through.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone, translation

from core.spreadsheets.summary import ImportSummary
from core.spreadsheets.tables import SheetRefused
from customers.models import LeadSource
from desk.lead_sheets import LIMITS, import_leads
from staff.services.system import system_account

log = structlog.get_logger(__name__)

SHEETS = (".csv", ".tsv", ".txt", ".xlsx")
ERRORS = ".errors.xlsx"
# A file that was written to this lately may still be being written.
SETTLED_AFTER = timedelta(seconds=30)
MOST_FILES = 20


def waiting_files(*, now: datetime) -> Iterator[tuple[LeadSource, Path]]:
    """The sheets that lie ready, each with its source, the oldest name first."""
    root = Path(settings.LEADS_DROP_DIR)
    for origin in LeadSource.objects.filter(is_active=True).order_by("code"):
        folder = root / origin.code
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            if _is_ready(path, now=now):
                yield origin, path


def _is_ready(path: Path, *, now: datetime) -> bool:
    name = path.name.lower()
    if name.startswith((".", "~")) or not name.endswith(SHEETS) or name.endswith(ERRORS):
        return False
    if path.is_symlink() or not path.is_file():
        return False
    try:
        changed = path.stat().st_mtime
    except FileNotFoundError:  # another worker was faster
        return False
    return now.timestamp() - changed >= SETTLED_AFTER.total_seconds()


def take_dropped(*, now: datetime) -> int:
    """Take in what lies ready; answers with how many files are through.

    One that breaks in an unforeseen way is told to the log and tried again the next minute.
    """
    if not settings.LEADS_DROP_DIR:
        return 0
    done = 0
    for origin, path in list(waiting_files(now=now))[:MOST_FILES]:
        try:
            with translation.override(settings.LANGUAGE_CODE):
                _take_file(path, origin=origin, now=now)
        except FileNotFoundError:
            continue
        except Exception:
            log.exception("lead_file_broke", origin=origin.pk)
        else:
            done += 1
    return done


def _take_file(path: Path, *, origin: LeadSource, now: datetime) -> None:
    """Take one file in; its result and the refused rows lie beside it before it is renamed."""
    errors = b""
    if path.stat().st_size > LIMITS.max_bytes:
        summary = ImportSummary()
        too_large = SheetRefused("FILE_TOO_LARGE", {"megabytes": LIMITS.max_bytes // 2**20})
        summary.refuse(row=0, column="", refusal=too_large)
    else:
        sheet = import_leads(
            path.name, path.read_bytes(), origin=origin, by=system_account(), now=now
        )
        summary, errors = sheet.summary, sheet.errors()
    stem = f"{path.name}.{timezone.localtime(now):%Y%m%d-%H%M%S}"
    if errors:
        target = path.with_name(f"{stem}{ERRORS}")
        target.write_bytes(errors)
        summary.errors_file = target.name
    told = json.dumps(summary.as_json(), ensure_ascii=False, indent=2)
    path.with_name(f"{stem}.json").write_text(told, encoding="utf-8")
    path.rename(path.with_name(f"{stem}.refused" if summary.refusals else f"{stem}.done"))
    log.info("lead_file_taken", origin=origin.pk, created=summary.created, refused=summary.refused)
