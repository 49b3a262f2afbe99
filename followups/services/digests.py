"""One digest a day: to each person who wishes a mail, and by each group robot (T07).

Who has not been asked for today, and whose hour has come, is asked once: what there is to say
becomes a message to be sent, under a key of the person and day. Nobody is asked for a day that has
passed, so that after forty days of silence one digest goes out, today's.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.days import day_text
from core.phones import mask_in_text
from core.web_address import outside
from customers.states import AppointmentKind
from followups.queries.digests import PersonDay, StoreDay, days_of_people, days_of_stores
from staff.models import NoticeSettings, Robot, Store
from staff.queries_of_absences import people_away
from staff.scope import SERVING_KINDS
from staff.services.installations import Silence, silence
from staff.services.outgoing import Parcel, queue

BATCH = 200
MOST_NAMED = 10
MOST_STORES = 20


def write_digests(*, now: datetime) -> int:
    """Write the digests whose hour has come; answers with how many. A copy writes none."""
    if silence() != Silence.NONE:
        return 0
    return sum(_to_people(zone, now) + _by_robots(zone, now) for zone in _zones())


def _zones() -> list[str]:
    zones = Store.objects.order_by().values_list("zone", flat=True).distinct()
    return sorted({settings.TIME_ZONE, *zones})


def _is_there(zone: str, path: str) -> Q:
    """Works in this zone; who has no store, in that of the settings."""
    here = Q(**{f"{path}__zone": zone})
    return here | Q(**{path: None}) if zone == settings.TIME_ZONE else here


def _not_asked(local: datetime) -> Q:
    """Whose hour has come, and who has not been asked today.

    Not “before today”: after a clock that ran ahead nobody waits until the calendar catches up.
    """
    return Q(digest_at__lte=local.time()) & ~Q(digested_on=local.date())


def _to_people(zone: str, now: datetime) -> int:
    """The mails of one zone, a batch at a time."""
    local = now.astimezone(ZoneInfo(zone))
    wanted = (
        NoticeSettings.objects.filter(
            _is_there(zone, "person__store"), _not_asked(local), by_mail=True
        )
        .filter(person__is_active=True)
        .exclude(person__email="")
        .exclude(person__in=people_away(on=local.date()))
    )
    written = 0
    while batch := _batch_of_mails(wanted, local, now):
        written += batch[1]
    return written


@transaction.atomic
def _batch_of_mails(
    wanted: QuerySet[NoticeSettings], local: datetime, now: datetime
) -> tuple[int, int] | None:
    """Ask for some people; how many were asked and written. None where nobody is left."""
    rows = list(
        wanted.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("person")
        .order_by("pk")[:BATCH]
    )
    if not rows:
        return None
    today = local.date()
    zone = ZoneInfo(str(local.tzinfo))
    days = days_of_people([row.person_id for row in rows], now=now, today=today, zone=zone)
    parcels = []
    for row in rows:
        day = days[row.person_id]
        if not day.says_something:
            continue
        with translation.override(row.person.language or settings.LANGUAGE_CODE):
            parcels.append(
                Parcel(
                    key=f"digest:{row.person_id}:{today:%Y-%m-%d}",
                    person_id=row.person_id,
                    subject=person_subject(day, today=today),
                    body=person_body(day),
                )
            )
    NoticeSettings.objects.filter(pk__in=[row.pk for row in rows]).update(digested_on=today)
    return len(rows), queue(parcels, now=now)


@transaction.atomic
def _by_robots(zone: str, now: datetime) -> int:
    """The digests that the robots of one zone post."""
    local = now.astimezone(ZoneInfo(zone))
    robots = list(
        Robot.objects.filter(_is_there(zone, "store"), _not_asked(local), is_active=True)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("store")
        .order_by("pk")
    )
    if not robots:
        return 0
    today = local.date()
    stores = Store.objects.filter(is_active=True, kind__in=SERVING_KINDS)
    if all(robot.store_id for robot in robots):
        stores = stores.filter(pk__in=[robot.store_id for robot in robots])
    known = stores.order_by("code").values_list("pk", "name")
    days = days_of_stores(known, now=now, today=today)
    parcels = []
    with translation.override(settings.LANGUAGE_CODE):
        for robot in robots:
            mine = [days[robot.store_id]] if robot.store_id in days else []
            told = mine if robot.store_id else list(days.values())
            if any(day.due or day.overdue for day in told):
                parcels.append(_robot_parcel(robot, told, today))
    Robot.objects.filter(pk__in=[robot.pk for robot in robots]).update(digested_on=today)
    return queue(parcels, now=now)


def _robot_parcel(robot: Robot, days: Sequence[StoreDay], today: date) -> Parcel:
    title = robot.store.name if robot.store else _("All stores")
    return Parcel(
        key=f"robot:{robot.pk}:{today:%Y-%m-%d}",
        robot_id=robot.pk,
        subject=_("%(store)s, %(day)s") % {"store": title, "day": day_text(today)},
        body=store_body(days[0]) if robot.store_id else company_body(days),
    )


def _address(name: str) -> str:
    return outside(reverse(name))


def person_subject(day: PersonDay, *, today: date) -> str:
    """12 Mar (Thu): due 5, overdue 2."""
    return _("%(day)s: due %(due)s, overdue %(overdue)s") % {
        "day": day_text(today),
        "due": sum(each.due for each in day.with_others),
        "overdue": sum(each.overdue for each in day.with_others),
    }


def person_body(day: PersonDay) -> str:
    """The lines of one person's mail; what there is none of is left out."""
    lines = list(_day_lines(day))
    if day.unread:
        lines.append(_("Unread notices: %(count)s") % {"count": day.unread})
    for other in day.others:
        if other.says_something:
            lines += ["", _("For %(person)s, who is away:") % {"person": mask_in_text(other.name)}]
            lines += _day_lines(other)
    lines += ["", _("Open the day: %(address)s") % {"address": _address("desk:home")}]
    lines.append(
        _("You asked for this mail. To end it: %(address)s")
        % {"address": _address("staff:notice_settings")}
    )
    return "\n".join(lines)


def _day_lines(day: PersonDay) -> Iterable[str]:
    if day.due:
        yield _("Due today: %(count)s") % {"count": day.due}
    if day.overdue:
        yield _("Overdue: %(count)s") % {"count": day.overdue}
    if day.appointments:
        yield _("Appointments:")
        for at, kind in day.appointments:
            yield f"  {at:%H:%M} {AppointmentKind(kind).label}"
    if day.late_cases:
        yield _("Service cases past their clock: %(count)s") % {"count": day.late_cases}


def store_body(day: StoreDay) -> str:
    """The lines of one store's digest."""
    return "\n".join([*_store_lines(day), "", _address("desk:home")])


def _store_lines(day: StoreDay) -> Iterable[str]:
    yield _("Due today: %(count)s") % {"count": day.due}
    yield _("Overdue: %(count)s") % {"count": day.overdue}
    if day.unkept:
        yield _("Of nobody: %(count)s") % {"count": day.unkept}
    if day.behind:
        named = [f"{mask_in_text(name)} {count}" for name, count in day.behind[:MOST_NAMED]]
        # Translators: stands between the names of those who are behind.
        yield _("Behind: %(names)s") % {"names": _(", ").join(named)}


def company_body(days: Sequence[StoreDay]) -> str:
    """A line for each store with something due, the most overdue first."""
    busy = sorted((day for day in days if day.due or day.overdue), key=lambda day: -day.overdue)
    lines = [
        _("%(store)s: due %(due)s, overdue %(overdue)s")
        % {"store": day.name, "due": day.due, "overdue": day.overdue}
        for day in busy[:MOST_STORES]
    ]
    if len(busy) > MOST_STORES:
        lines.append(_("and %(count)s more stores") % {"count": len(busy) - MOST_STORES})
    total = _("Together: due %(due)s, overdue %(overdue)s") % {
        "due": sum(day.due for day in days),
        "overdue": sum(day.overdue for day in days),
    }
    return "\n".join([total, *lines, "", _address("desk:home")])
