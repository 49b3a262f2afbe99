"""Group robots: added, changed, tried and taken out of use; address and secret are kept sealed."""

from datetime import datetime, time
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from staff.models import Person, Robot, Store
from staff.outgoing import address_blockers, identity, shown_address
from staff.services.outgoing import Parcel, end_waiting, queue
from staff.states import RobotKind


class RobotNotSaved(Refused):
    """A robot could not be added, changed or tried."""

    messages = {
        "no_address": _("This is not the address of a robot of this service. Copy it whole."),
        "other_host": _("Robots of this service live at %(hosts)s. Copy the whole address."),
        "not_in_use": _("This robot is out of use. Take it into use first."),
    }


def _sealed(*, kind: RobotKind, address: str, secret: str) -> dict[str, object]:
    """The columns of an address and a secret; an empty one is none."""
    columns: dict[str, object] = {}
    if address:
        columns["address_cipher"] = keyring().encrypt(address)
        columns["address_shown"] = shown_address(kind=kind, address=address)
        columns["address_index"] = keyring().index(identity(kind=kind, address=address))
    if secret:
        columns["secret_cipher"] = keyring().encrypt(secret)
    return columns


@transaction.atomic
def add_robot(
    *,
    name: str,
    kind: str,
    store: Store | None,
    address: str,
    secret: str,
    digest_at: time,
    key: UUID,
    by: Person,
    now: datetime,
) -> Robot:
    """Add a robot that posts a store's digest, or that of all stores. Raises RobotNotSaved.

    Its first digest is tomorrow's: nobody has tried yet whether it is the right group.
    """
    service = RobotKind(kind)
    refuse_if(RobotNotSaved, address_blockers(kind=service, address=address))
    with once(key=key, purpose="robot", by=by) as form:
        if form.result_id:
            return Robot.objects.get(pk=form.result_id)
        robot = Robot.objects.create(
            name=name,
            kind=service,
            store=store,
            digest_at=digest_at,
            set_by=by,
            set_at=now,
            digested_on=store.today(now) if store else timezone.localdate(now),
            **_sealed(kind=service, address=address, secret=secret),
        )
        form.result_id = robot.pk
    audit.record(verb="create", of=robot, by=by, kind=kind)
    return robot


@transaction.atomic
def change_robot(
    *,
    robot: Robot,
    name: str,
    store: Store | None,
    address: str,
    secret: str,
    no_secret: bool,
    digest_at: time,
    is_active: bool,
    by: Person,
    now: datetime,
) -> None:
    """Change a robot; an empty address or secret keeps what stands. Raises RobotNotSaved.

    What waits to be said by one that is taken out of use ends.
    """
    service = RobotKind(robot.kind)
    if address:
        refuse_if(RobotNotSaved, address_blockers(kind=service, address=address))
    values: dict[str, object] = {
        "name": name, "store": store, "digest_at": digest_at, "is_active": is_active,
    }  # fmt: skip
    changed = [field for field, value in values.items() if getattr(robot, field) != value]
    sealed = _sealed(kind=service, address=address, secret=secret)
    if no_secret:
        sealed["secret_cipher"] = None
    changed += [field for field in sealed if field.endswith("_cipher")]
    if not changed:
        return
    Robot.objects.filter(pk=robot.pk).update(**values, **sealed, set_by=by, set_at=now)
    if not is_active:
        end_waiting(robot)
    audit.record(verb="update", of=robot, by=by, fields=changed)


@transaction.atomic
def try_robot(*, robot: Robot, key: UUID, by: Person, now: datetime) -> None:
    """Have a robot say that it works, through the same door as its digests.

    Raises RobotNotSaved.
    """
    if not robot.is_active:
        raise RobotNotSaved.because("not_in_use")
    with translation.override(settings.LANGUAGE_CODE):
        parcel = Parcel(
            key=f"try:{robot.pk}:{key}",
            robot_id=robot.pk,
            subject=gettext("Genjin is connected"),
            body=gettext("%(name)s will post the digest of the day here at %(at)s.")
            % {"name": robot.name, "at": f"{robot.digest_at:%H:%M}"},
        )
    queue([parcel], now=now)
    audit.record(verb="try", of=robot, by=by)
