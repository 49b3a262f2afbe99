"""Regions and stores."""

from datetime import datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from core.services.once import once
from staff.models import Person, Region, Store
from staff.regions import BETWEEN, words_of
from staff.states import Role

PLACING_ROLES = frozenset({Role.OPS_MANAGER, Role.ADMIN})


class PlaceNotSaved(Refused):
    """A region or store could not be saved."""

    messages = {
        "not_yours": _("Only an administrator sets up regions and stores."),
        "code_taken": _("Another store has this code. Choose another one."),
        "region_exists": _("This region exists already."),
        "not_yours_to_place": _("Only operations or an administrator say where a region lies."),
        "place_elsewhere": _("%(place)s lies in the region %(region)s already."),
        "people_work_here": _(
            "People still work here. Move them to another store, then close this one."
        ),
    }


def _refuse_unless_admin(by: Person) -> None:
    """Stores are the administrator's; the system account sets them up from files."""
    if by.role != Role.ADMIN:
        raise PlaceNotSaved.because("not_yours")


@transaction.atomic
def create_region(*, name: str, by: Person, now: datetime, key: UUID) -> Region:
    """Add a region. Raises PlaceNotSaved."""
    _refuse_unless_admin(by)

    with once(key=key, purpose="region", by=by) as form:
        if form.result_id:
            return Region.objects.get(pk=form.result_id)
        try:
            with transaction.atomic():
                region = Region.objects.create(name=name)
        except IntegrityError as error:
            raise PlaceNotSaved.because("region_exists") from error
        form.result_id = region.pk

    audit.record(verb="region_created", of=region, by=by)
    return region


@transaction.atomic
def place_region(*, region: Region, places: str, by: Person, now: datetime) -> None:
    """Say by which cities and districts addresses name a region (XRG-01). Raises PlaceNotSaved.

    A place lies in one region: two that claim it would leave the home of a customer to chance.
    """
    if by.role not in PLACING_ROLES:
        raise PlaceNotSaved.because("not_yours_to_place")
    names = list(dict.fromkeys(word for word in BETWEEN.split(places) if word))
    for other in Region.objects.exclude(pk=region.pk).order_by("pk"):
        taken = set(words_of(other)) & set(names)
        if taken:
            raise PlaceNotSaved.because(
                "place_elsewhere", place="、".join(sorted(taken)), region=other.name
            )

    before, region.places = region.places, "、".join(names)
    Region.objects.filter(pk=region.pk).update(places=region.places)

    audit.record(verb="region_placed", of=region, by=by, before=before, after=region.places)


@transaction.atomic
def create_store(
    *,
    code: str,
    name: str,
    region: Region,
    kind: str,
    trade: str,
    closes_at: time,
    zone: str,
    by: Person,
    now: datetime,
    key: UUID,
) -> Store:
    """Add a store, office, warehouse or field team. Raises PlaceNotSaved."""
    _refuse_unless_admin(by)

    with once(key=key, purpose="store", by=by) as form:
        if form.result_id:
            return Store.objects.get(pk=form.result_id)
        try:
            with transaction.atomic():
                store = Store.objects.create(
                    code=code,
                    name=name,
                    region=region,
                    kind=kind,
                    trade=trade,
                    closes_at=closes_at,
                    zone=zone,
                )
        except IntegrityError as error:
            raise PlaceNotSaved.because("code_taken") from error
        form.result_id = store.pk

    audit.record(verb="store_created", of=store, by=by, code=code)
    return store


@transaction.atomic
def update_store(
    *,
    store: Store,
    name: str,
    region: Region,
    kind: str,
    trade: str,
    closes_at: time,
    zone: str,
    is_active: bool,
    by: Person,
    now: datetime,
) -> Store:
    """Change a store; its code stays, because files and people know it by that.

    Raises PlaceNotSaved; a store in which people work is not closed.
    """
    _refuse_unless_admin(by)
    current = Store.objects.select_for_update(of=("self",), no_key=True).get(pk=store.pk)
    if current.is_active and not is_active and current.people.filter(is_active=True).exists():
        raise PlaceNotSaved.because("people_work_here")

    values = {
        "name": name,
        "region": region,
        "kind": kind,
        "trade": trade,
        "closes_at": closes_at,
        "zone": zone,
        "is_active": is_active,
    }
    changed = sorted(field for field, value in values.items() if getattr(current, field) != value)
    for field in changed:
        setattr(current, field, values[field])
    current.save(update_fields=changed)

    audit.record(verb="store_changed", of=current, by=by, fields=changed)
    return current
