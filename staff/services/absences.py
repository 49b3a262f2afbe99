"""Leave, and who stands in: written down, ended early, called off (FUP-30)."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from core.services.once import once
from staff import absence_rules as rules
from staff.absence_rules import Worker
from staff.models import Absence, Person
from staff.scope import own_reach, with_standing
from staff.services.notices import Telling, tell_many
from staff.states import AbsenceKind, NoticeKind, Role
from staff.told import on_day


class AbsenceNotSet(Refused):
    """Leave could not be written down, ended or called off."""

    messages = {
        "not_yours_to_say": _("People say when they are away themselves, or their manager does."),
        "sees_more_than_you": _(
            "%(name)s has a duty in stores that you do not lead, which whoever stands in would "
            "see. %(name)s writes this leave down, or operations does."
        ),
        "nobody_for_oneself": _("Choose somebody else to stand in."),
        "stand_in_elsewhere": _(
            "Choose somebody of the same store who does the same kind of work; a manager chooses "
            "among all people they lead."
        ),
        "ends_before_it_starts": _("Leave ends on or after the day it starts."),
        "is_over": _("These days are over. Leave is written down a week later at most."),
        "too_long": _("Leave begins within a year, and lasts a year at most."),
        "is_away_already": _("This person is away on some of these days already."),
        "stand_in_is_away": _("%(name)s is away on some of these days, too. Choose somebody else."),
        "stands_in_then": _(
            "%(name)s stands in for %(other)s on some of these days. Choose somebody else for "
            "%(other)s first."
        ),
        "has_ended": _("This leave has ended already."),
    }


def worker(person: Person, *, today: date) -> Worker:
    """What the rules know of a person; no query for whoever was loaded `with_standing` today."""
    if getattr(person, "standing_on", None) != today:
        person = with_standing(Person.objects.all(), today=today).get(pk=person.pk)
    units = {person.store_id, *person.shared_store_ids}
    return Worker(
        person_id=person.pk,
        role=Role(person.role),
        home=person.store_id,
        units=frozenset(pk for pk in units if pk is not None),
        opened=own_reach(person).store_ids,
        is_active=person.is_active,
    )


class _Days(NamedTuple):
    """The first and the last day of leave."""

    first: date
    last: date


def _overlapping(days: _Days) -> QuerySet[Absence]:
    return Absence.objects.filter(
        called_off_at=None, starts_on__lte=days.last, ends_on__gte=days.first
    )


@transaction.atomic
def set_absence(
    *,
    person: Person,
    stand_in: Person,
    kind: AbsenceKind | str,
    starts_on: date,
    ends_on: date,
    by: Person,
    now: datetime,
    key: UUID,
    note: str = "",
) -> Absence:
    """Write down that `person` is away from the first to the last day, and who stands in.

    Raises AbsenceNotSet. `key` is the form's own id: sent twice, the same leave comes back.
    """
    days = _Days(starts_on, ends_on)
    _check_rules(person, stand_in, days, by=by, today=timezone.localdate(now))
    with once(key=key, purpose="absence", by=by) as form:
        if form.result_id:
            return Absence.objects.get(pk=form.result_id)
        _hold(person, stand_in)
        _check_others(person, stand_in, days)
        absence = _write_down(
            person=person, stand_in=stand_in, kind=kind, starts_on=starts_on, ends_on=ends_on,
            note=note, set_by=by, set_at=now,
        )  # fmt: skip
        form.result_id = absence.pk

    audit.record(
        verb="set_absence", of=absence, by=by, reason=note, person=person.pk, stand_in=stand_in.pk
    )
    _tell(absence, now=now)
    return absence


def _check_rules(person: Person, stand_in: Person, days: _Days, *, by: Person, today: date) -> None:
    """Ask the rules, and name whom they speak of. Raises AbsenceNotSet."""
    blockers = rules.absence_blockers(
        by=worker(by, today=today),
        person=worker(person, today=today),
        stand_in=worker(stand_in, today=today),
        starts_on=days.first,
        ends_on=days.last,
        today=today,
    )
    refuse_if(AbsenceNotSet, [Blocker(row.code, {"name": person.name}) for row in blockers])


def _hold(person: Person, stand_in: Person) -> None:
    ids = sorted({person.pk, stand_in.pk})
    list(Person.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))


def _check_others(person: Person, stand_in: Person, days: _Days) -> None:
    """Whoever stands in is there, and whoever goes stands in for nobody: both hold the people's
    rows, so that of two who write at once the later one sees the first.
    """
    running = _overlapping(days)
    if running.filter(person=stand_in).exists():
        raise AbsenceNotSet.because("stand_in_is_away", name=stand_in.name)
    served = running.filter(stand_in=person).select_related("person").first()
    if served is not None:
        raise AbsenceNotSet.because("stands_in_then", name=person.name, other=served.person.name)


def _write_down(**values: Any) -> Absence:
    """The row; the constraint says whether these days are taken. Raises AbsenceNotSet."""
    try:
        with transaction.atomic():
            return Absence.objects.create(**values)
    except IntegrityError as error:
        raise AbsenceNotSet.because("is_away_already") from error


def _tell(absence: Absence, *, now: datetime) -> None:
    """Whoever stands in hears of it, and whoever is away, unless they wrote it down."""
    days = {"from": on_day(absence.starts_on), "until": on_day(absence.ends_on)}
    said_by, person, stand_in = absence.set_by, absence.person, absence.stand_in
    told = [
        (stand_in, NoticeKind.STANDING_IN, {"person": person.name}),
        (person, NoticeKind.AWAY, {"by": said_by.name, "stand_in": stand_in.name}),
    ]
    tell_many(
        [
            Telling(
                person_id=whom.pk,
                kind=kind,
                key=f"absence:{absence.pk}",
                params={**named, **days},
                path=reverse("staff:absences"),
            )
            for whom, kind, named in told
            if whom != said_by
        ],
        now=now,
    )


@transaction.atomic
def end_absence(*, absence: Absence, by: Person, now: datetime) -> None:
    """Somebody is back before the last day, or does not go: the work is theirs alone at once.

    Days are whole: the last day becomes yesterday; what began today or later is called off.
    Raises AbsenceNotSet.
    """
    today = timezone.localdate(now)
    if not rules.may_set(by=worker(by, today=today), person=worker(absence.person, today=today)):
        raise AbsenceNotSet.because("not_yours_to_say")
    standing = Absence.objects.filter(pk=absence.pk, called_off_at=None, ends_on__gte=today)
    ended = standing.filter(starts_on__lt=today).update(ends_on=today - timedelta(days=1))
    called_off = 0
    if not ended:
        called_off = standing.update(called_off_at=now, called_off_by=by)
    if not (ended or called_off):
        raise AbsenceNotSet.because("has_ended")
    audit.record(verb="end_absence" if ended else "call_off_absence", of=absence, by=by)
