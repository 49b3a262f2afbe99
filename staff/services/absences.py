"""Leave, and who stands in: written down, ended early, called off (FUP-30)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from staff import absence_rules as rules
from staff.absence_rules import Worker
from staff.models import Absence, Person
from staff.services.notices import tell
from staff.states import AbsenceKind, NoticeKind, Role


class AbsenceNotSet(Refused):
    """Leave could not be written down, ended or called off."""

    messages = {
        "not_yours_to_say": _("People say when they are away themselves, or their manager does."),
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


def worker(person: Person) -> Worker:
    """What the rules know of a person."""
    others = person.other_stores.values_list("pk", flat=True)
    units = frozenset(pk for pk in (person.store_id, *others) if pk is not None)
    return Worker(
        person_id=person.pk, role=Role(person.role), units=units, is_active=person.is_active
    )


def _overlapping(starts_on: date, ends_on: date):
    return Absence.objects.filter(
        called_off_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    )


def _check_others(person: Person, stand_in: Person, starts_on: date, ends_on: date) -> None:
    """Whoever stands in is there, and whoever goes stands in for nobody: both hold the people's
    rows, so that of two who write at once the later one sees the first.
    """
    days = _overlapping(starts_on, ends_on)
    if days.filter(person=stand_in).exists():
        raise AbsenceNotSet.because("stand_in_is_away", name=stand_in.name)
    served = days.filter(stand_in=person).select_related("person").first()
    if served is not None:
        raise AbsenceNotSet.because("stands_in_then", name=person.name, other=served.person.name)


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
    refuse_if(
        AbsenceNotSet,
        rules.absence_blockers(
            by=worker(by),
            person=worker(person),
            stand_in=worker(stand_in),
            starts_on=starts_on,
            ends_on=ends_on,
            today=timezone.localdate(now),
        ),
    )
    with once(key=key, purpose="absence", by=by) as form:
        if form.result_id:
            return Absence.objects.get(pk=form.result_id)
        _hold(person, stand_in)
        _check_others(person, stand_in, starts_on, ends_on)
        try:
            with transaction.atomic():
                absence = Absence.objects.create(
                    person=person,
                    stand_in=stand_in,
                    kind=kind,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    note=note,
                    set_by=by,
                    set_at=now,
                )
        except IntegrityError as error:
            raise AbsenceNotSet.because("is_away_already") from error
        form.result_id = absence.pk

    audit.record(
        verb="set_absence", of=absence, by=by, reason=note, person=person.pk, stand_in=stand_in.pk
    )
    _tell(absence, person=person, now=now)
    return absence


def _hold(person: Person, stand_in: Person) -> None:
    ids = sorted({person.pk, stand_in.pk})
    list(Person.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))


def _tell(absence: Absence, *, person: Person, now: datetime) -> None:
    """Whoever stands in hears of it, unless they wrote it down."""
    if absence.stand_in_id == absence.set_by_id:
        return
    tell(
        person=absence.stand_in,
        kind=NoticeKind.STANDING_IN,
        key=f"absence:{absence.pk}",
        params={
            "person": person.name,
            "from": absence.starts_on.isoformat(),
            "to": absence.ends_on.isoformat(),
            "until": absence.ends_on.isoformat(),
        },
        path="/absences/",
        now=now,
    )


@transaction.atomic
def end_absence(*, absence: Absence, by: Person, now: datetime) -> None:
    """Somebody is back before the last day, or does not go: the work is theirs alone at once.

    Days are whole: the last day becomes yesterday; what began today or later is called off.
    Raises AbsenceNotSet.
    """
    if not rules.may_set(by=worker(by), person=worker(absence.person)):
        raise AbsenceNotSet.because("not_yours_to_say")
    today = timezone.localdate(now)
    standing = Absence.objects.filter(pk=absence.pk, called_off_at=None, ends_on__gte=today)
    ended = standing.filter(starts_on__lt=today).update(ends_on=today - timedelta(days=1))
    called_off = 0
    if not ended:
        called_off = standing.update(called_off_at=now, called_off_by=by)
    if not (ended or called_off):
        raise AbsenceNotSet.because("has_ended")
    audit.record(verb="end_absence" if ended else "call_off_absence", of=absence, by=by)
