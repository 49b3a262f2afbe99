"""`/healthz`: whether this installation can work, for load balancers and `make run`.

It tells no versions, names or addresses: anybody may ask.
"""

from datetime import datetime

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.models import Heartbeat
from staff.access import public

BROKER_SECONDS = 1.0
# Beat asks each minute; after five without an answer somebody should look.
ENGINE_IS_LATE_AFTER = 300


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, 503 without a database.

    Without broker or engine the work goes on and reminders wait: that is "degraded", still 200.
    """
    is_there, seconds = _ask_database(now=timezone.now())
    if not is_there:
        return JsonResponse({"status": "down", "database": "down"}, status=503)
    broker = _broker_answers()
    is_late = seconds is None or seconds > ENGINE_IS_LATE_AFTER
    return JsonResponse(
        {
            "status": "ok" if broker and not is_late else "degraded",
            "database": "ok",
            "broker": "ok" if broker else "down",
            "engine": "late" if is_late else "ok",
            "engine_seconds": seconds,
        }
    )


def _ask_database(*, now: datetime) -> tuple[bool, int | None]:
    """Whether the database answers, and how long ago the engine of follow-up last did."""
    try:
        at = Heartbeat.objects.filter(part="engine").values_list("at", flat=True).first()
    except DatabaseError:
        connection.close()
        return False, None
    return True, None if at is None else max(0, int((now - at).total_seconds()))


def _broker_answers() -> bool:
    """One question, one second at most: the page must answer while the broker is away."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=BROKER_SECONDS,
            socket_connect_timeout=BROKER_SECONDS,
            retry=None,
        ) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
