"""Who is on duty in a store, day by day, and in which order."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from core.services import audit
from staff.models import Person, RotaDay, Store


@transaction.atomic
def set_rota(*, store: Store, days: Mapping[date, Sequence[int]], by: Person) -> int:
    """Write who is on duty on these days, in this order; who is not named is not on duty.

    Answers with how many days changed. The store's row is held, so that of two who write at once
    the later one's days stand whole.
    """
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    standing = _standing(store, days)
    changed = [day for day, people in days.items() if standing.get(day, []) != list(people)]
    if not changed:
        return 0
    RotaDay.objects.filter(store=store, on__in=changed).delete()
    RotaDay.objects.bulk_create(
        RotaDay(store=store, person_id=person, on=day, position=position, set_by=by)
        for day in changed
        for position, person in enumerate(days[day])
    )
    audit.record(verb="set_rota", of=store, by=by, days=[day.isoformat() for day in changed])
    return len(changed)


def _standing(store: Store, days: Mapping[date, Sequence[int]]) -> dict[date, list[int]]:
    found: dict[date, list[int]] = {}
    rows = RotaDay.objects.filter(store=store, on__in=list(days)).order_by("on", "position", "pk")
    for day, person in rows.values_list("on", "person"):
        found.setdefault(day, []).append(person)
    return found
