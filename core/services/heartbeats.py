"""Signs of life of the machinery, as rows."""

from datetime import datetime

from core.models import Heartbeat


def beat(part: str, *, now: datetime) -> None:
    """`part` is alive at `now`."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": now})
