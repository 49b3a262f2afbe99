"""What every room stands on: audit, jobs, files, form tokens, the business calendar."""

from core.models.audit import AuditEntry
from core.models.calendar import BusinessDay, DayOverride
from core.models.forms import FormToken
from core.models.jobs import FileGone, Heartbeat, Job, StoredFile
from core.models.listing import SavedFilter
from core.models.naming import Named

__all__ = [
    "AuditEntry",
    "BusinessDay",
    "DayOverride",
    "FileGone",
    "FormToken",
    "Heartbeat",
    "Job",
    "Named",
    "SavedFilter",
    "StoredFile",
]
