"""The secret address of a person's private calendar feed: shown once, kept as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from core.services import audit
from staff.models import FeedKey, Person

# A look each few minutes by several machines need not be a write each.
READ_KEPT_FOR = timedelta(hours=1)
LONGEST_KEY = 60


def _digest(key: str) -> str:
    """A plain hash is enough: the key is random, not something a person thought of."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make_feed_key(*, by: Person, now: datetime) -> str:
    """A new key for one's own feed, never shown again; the address before it is dead."""
    key = secrets.token_urlsafe(32)
    FeedKey.objects.update_or_create(
        person=by, defaults={"digest": _digest(key), "made_at": now, "last_read_at": None}
    )
    audit.record(verb="feed_made", of=by, by=by)
    return key


@transaction.atomic
def withdraw_feed_key(*, by: Person, now: datetime) -> bool:
    """Withdraw one's own feed; false where there was none."""
    count, _rows = FeedKey.objects.filter(person=by).delete()
    if count:
        audit.record(verb="feed_withdrawn", of=by, by=by)
    return bool(count)


def person_of_feed(key: str, *, now: datetime) -> Person | None:
    """Whose feed this is; None for an unknown or withdrawn key, and who may not sign in."""
    if len(key) > LONGEST_KEY:
        return None
    row = (
        FeedKey.objects.select_related("person__store")
        .filter(digest=_digest(key), person__is_active=True)
        .first()
    )
    if row is None:
        return None
    stale = Q(last_read_at=None) | Q(last_read_at__lt=now - READ_KEPT_FOR)
    FeedKey.objects.filter(stale, pk=row.pk).update(last_read_at=now)
    return row.person
