"""Setting the figures by which customers are graded and leads handed out."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from core.services import audit
from customers.models import Parameters
from staff.models import Person


@transaction.atomic
def set_parameters(
    *, figures: Mapping[str, int | time], from_tomorrow: bool, by: Person, now: datetime
) -> Parameters:
    """Let these figures hold from today or tomorrow on; days before keep theirs.

    Grades are held against them with the next day's round, or at the customer's next act.
    """
    day = timezone.localdate(now) + timedelta(days=1 if from_tomorrow else 0)
    row, _is_new = Parameters.objects.update_or_create(
        valid_from=day, defaults={**figures, "set_by": by, "set_at": now}
    )
    told = {
        name: f"{figure:%H:%M}" if isinstance(figure, time) else figure
        for name, figure in figures.items()
    }
    audit.record(verb="set_parameters", of=row, by=by, valid_from=day.isoformat(), figures=told)
    return row
