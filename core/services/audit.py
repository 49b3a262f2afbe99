"""Recording who did what. Called by a service inside its transaction, beside the change."""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from django.db.models import Model

from core.models import AuditEntry
from core.phones import mask_in_text

LONGEST_REASON = AuditEntry._meta.get_field("reason").max_length or 0
_origin: ContextVar[str | None] = ContextVar("audit_origin", default=None)


@contextmanager
def acting_from(address: str | None):
    """Acts inside come from this network address."""
    token = _origin.set(address)
    try:
        yield
    finally:
        _origin.reset(token)


def _kept(reason: str) -> str:
    """What the trail keeps of somebody's words: numbers masked, and as much as fits.

    The whole of it stands where it was written.
    """
    masked = mask_in_text(reason)
    return masked if len(masked) <= LONGEST_REASON else f"{masked[: LONGEST_REASON - 1]}…"


def record(*, verb: str, of, by, reason: str = "", **detail: object) -> AuditEntry:
    """Add one act of `by` on the row `of` to the trail; `detail` holds codes and ids only.

    `reason` is what somebody typed: numbers in it are masked, for the trail is never rewritten,
    and what is longer than the trail keeps is clipped.
    """
    context = structlog.contextvars.get_contextvars()
    return AuditEntry.objects.create(
        verb=verb,
        object_type=of._meta.label_lower,
        object_id=of.pk,
        store_id=getattr(of, "store_id", None),
        by=by,
        reason=_kept(reason),
        detail=detail,
        address=_origin.get(),
        request_id=str(context.get("request_id", ""))[:40],
    )


def record_many(
    *,
    verb: str,
    of: type[Model],
    by,
    rows: Iterable[tuple[int, int | None, Mapping[str, object]]],
    reason: str = "",
) -> None:
    """Add the same act of `by` on many rows of one kind: (id, store, detail) each."""
    context = structlog.contextvars.get_contextvars()
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                verb=verb,
                object_type=of._meta.label_lower,
                object_id=pk,
                store_id=store_id,
                by=by,
                reason=_kept(reason),
                detail=dict(detail),
                address=_origin.get(),
                request_id=str(context.get("request_id", ""))[:40],
            )
            for pk, store_id, detail in rows
        ],
        batch_size=2000,
    )
