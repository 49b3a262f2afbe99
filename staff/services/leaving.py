"""Somebody leaves: out at once, and no duty, leave or day on the rota is left behind."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.services import audit
from staff.models import Absence, Duty, Person, RotaDay
from staff.rules import Right
from staff.services.people import locked_with_right
from staff.services.sessions import shut_out


@dataclass(frozen=True, kw_only=True)
class Left:
    """What ended with somebody's last day."""

    sessions: int = 0
    duties: int = 0
    assistants: int = 0
    rota_days: int = 0
    absences: int = 0


def open_duties(person: Person, *, now: datetime):
    """Duties of this person, and of those who assist them, that run today or later."""
    today = timezone.localdate(now)
    running = Q(ends_on=None) | Q(ends_on__gte=today)
    return Duty.objects.filter(running, Q(person=person) | Q(assists=person))


def rota_days_ahead(person: Person, *, now: datetime):
    """Days from today on which this person is down for leads."""
    return RotaDay.objects.filter(person=person, on__gte=timezone.localdate(now))


@transaction.atomic
def let_go(*, person: Person, by: Person, now: datetime) -> Left:
    """Keep a leaver out from this moment and end what hangs on the account.

    The narrow right to this comes with the hand-over alone. Done to one who is disabled already,
    it ends what is left. Raises PersonNotChanged.
    """
    current = locked_with_right(person, Right.HAND_OVER, by=by)
    if current.is_active:
        Person.objects.filter(pk=person.pk).update(is_active=False, disabled_at=now)
    sessions = shut_out(person=current)

    duties, assistants = _end_duties(current, by=by, now=now)
    rota_days, _by_model = rota_days_ahead(current, now=now).delete()
    left = Left(
        sessions=sessions,
        duties=duties,
        assistants=assistants,
        rota_days=rota_days,
        absences=_call_off_absences(current, by=by, now=now),
    )

    audit.record(verb="person_left", of=current, by=by, **asdict(left))
    return left


def absences_ahead(person: Person, *, now: datetime):
    """Leave of this person, and leave in which they stand in, that runs today or later."""
    concerned = Q(person=person) | Q(stand_in=person)
    today = timezone.localdate(now)
    return Absence.objects.filter(concerned, called_off_at=None, ends_on__gte=today)


def _call_off_absences(person: Person, *, by: Person, now: datetime) -> int:
    """Nobody stands in any more; whoever is away without a stand-in finds one anew."""
    ahead = absences_ahead(person, now=now)
    ids = list(ahead.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    audit.record_many(
        verb="call_off_absence", of=Absence, by=by, rows=[(pk, None, {}) for pk in ids]
    )
    return Absence.objects.filter(pk__in=ids).update(called_off_at=now, called_off_by=by)


def _end_duties(person: Person, *, by: Person, now: datetime) -> tuple[int, int]:
    """Own duties, and those of assistants: the last day of each is yesterday (`end_duty`)."""
    today = timezone.localdate(now)
    running = list(open_duties(person, now=now).order_by("pk").select_for_update(no_key=True))
    audit.record_many(
        verb="duty_ended",
        of=Duty,
        by=by,
        rows=[
            (duty.pk, duty.store_id, {"person": duty.person_id, "kind": duty.kind})
            for duty in running
        ],
    )
    begun = [duty.pk for duty in running if duty.starts_on < today]
    Duty.objects.filter(pk__in=begun).update(ends_on=today - timedelta(days=1))
    Duty.objects.filter(pk__in=[duty.pk for duty in running]).exclude(pk__in=begun).delete()
    own = sum(duty.person_id == person.pk for duty in running)
    return own, len(running) - own
