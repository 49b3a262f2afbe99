"""Daily seals: all rulings of a day under one hash, chained to the seal before (ADJ-01).

A ruling that somebody altered together with its own hash still breaks the seal of its day.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from filings.models import Ruling, Seal

# A transaction that began before midnight may end after it.
SEALED_AFTER = timedelta(minutes=30)
ONE_DAY = timedelta(days=1)


def seal_hash(*, previous: str, day: date, rulings: Sequence[tuple[int, str]]) -> str:
    """SHA-256 over the seal before, the day, and each ruling's number and hash."""
    said = [previous, day.isoformat(), [list(each) for each in rulings]]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def rulings_between(after: int, last: int) -> list[tuple[int, str]]:
    """The rulings that a seal covers: those after the last one of the seal before."""
    covered = Ruling.objects.filter(pk__gt=after, pk__lte=last).order_by("pk")
    return list(covered.values_list("pk", "hash"))


def _end_of(day: date) -> datetime:
    return datetime.combine(day + ONE_DAY, time(), tzinfo=timezone.get_default_timezone())


def seal_days(*, now: datetime) -> int:
    """Seal each day that is over and not sealed yet; answers with how many.

    Two workers at once write the same rows, and the second finds them there.
    """
    last = Seal.objects.order_by("-day").first()
    first = Ruling.objects.order_by("at", "pk").values_list("at", flat=True).first()
    day = timezone.localtime(first).date() if first is not None else timezone.localtime(now).date()
    if last is not None:
        day = last.day + ONE_DAY
    sealed = 0
    while _end_of(day) + SEALED_AFTER <= now:
        last = seal_day(day, previous=last)
        sealed += 1
        day += ONE_DAY
    return sealed


def seal_day(day: date, *, previous: Seal | None) -> Seal:
    """Seal what was ruled up to the end of a day and is in no seal yet."""
    after = previous.last_ruling_id or 0 if previous else 0
    newest = Ruling.objects.filter(pk__gt=after, at__lt=_end_of(day)).order_by("-pk").first()
    last = newest.pk if newest else after
    rulings = rulings_between(after, last)
    seal = Seal(
        day=day,
        rulings=len(rulings),
        last_ruling_id=last or None,
        hash=seal_hash(previous=previous.hash if previous else "", day=day, rulings=rulings),
    )
    Seal.objects.bulk_create([seal], ignore_conflicts=True)
    return Seal.objects.get(day=day)
