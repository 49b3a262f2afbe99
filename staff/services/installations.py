"""Whether this copy of the database may speak to the outside (reliability B04).

The mark of an installation is the identity of its PostgreSQL cluster, the number of its database
and the host that people type. A dump restored anywhere, also beside the original, differs in one of
them; a standby that takes over does not. A copy of the disk with all its settings has the same
mark: for that there is `RESTORED`.
"""

from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from staff.models import Installation, Person


class Silence(StrEnum):
    """Why nothing leaves; "" where it does."""

    NONE = ""
    RESTORED = "restored"  # the settings say so
    MOVED = "moved"  # it runs elsewhere than it did, and nobody has said that this is right


class StillRestored(Refused):
    """The settings say that this is a copy."""

    messages = {
        "settings_say_so": _(
            "The setting RESTORED says that this is a copy. Whoever runs the server takes it out."
        )
    }


def mark_here() -> str:
    """The mark of the installation that is asking."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, (SELECT oid FROM pg_database"
            " WHERE datname = current_database()) FROM pg_control_system()"
        )
        cluster, database = cursor.fetchone()
    return f"{cluster}/{database}/{urlsplit(settings.BASE_URL).hostname}"[:200]


def silence() -> Silence:
    """Whether messages stay inside, and why."""
    if settings.RESTORED:
        return Silence.RESTORED
    known = Installation.objects.values_list("mark", flat=True).first()
    return Silence.MOVED if known is not None and known != mark_here() else Silence.NONE


def settle(*, now: datetime) -> None:
    """Write down whose database this is, where nothing is written yet."""
    if not settings.RESTORED and not Installation.objects.exists():
        row = Installation(mark=mark_here(), confirmed_at=now)
        Installation.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def confirm_installation(*, by: Person, now: datetime) -> None:
    """From now on this is the installation that speaks. What was held stays held.

    Raises StillRestored.
    """
    if settings.RESTORED:
        raise StillRestored.because("settings_say_so")
    Installation.objects.update_or_create(
        only=True, defaults={"mark": mark_here(), "confirmed_at": now, "confirmed_by": by}
    )
    audit.record(verb="installation_confirmed", of=by, by=by)
