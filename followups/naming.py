"""What one occurrence of a step is called: a repeated step says which month it is about."""

import re

from django.utils.translation import gettext as _

from followups.models import Obligation, Step
from followups.states import PLANNED_ANCHORS, Unit

# 36/48/60个月回访: the months that the step comes in, of which an occurrence is one.
_SEVERAL = re.compile(r"\d+(?:\s*[/、]\s*\d+)+")


def month_of(step: Step, occurrence: int) -> int | None:
    """How many months after the sale an occurrence of a repeated step falls due.

    The row of the timeline says the same in SQL (`followups.queries.timeline`).
    """
    if step.anchor not in PLANNED_ANCHORS or step.unit != Unit.MONTHS or step.times == 1:
        return None
    return step.offset + (occurrence - 1) * step.every


def occurrence_name(step: Step, occurrence: int) -> str:
    """36个月回访, 48个月回访, 60个月回访: each with its own month; else the step's name."""
    return name_with_month(step.name, month_of(step, occurrence))


def name_of(row: Obligation) -> str:
    """What an obligation is called; its step is read with it."""
    return occurrence_name(row.step, row.occurrence)


def name_with_month(name: str, month: int | str | None) -> str:
    """A step's name with the month of the occurrence, where it has one."""
    if not month:
        return name
    named, found = _SEVERAL.subn(str(month), name, count=1)
    if found:
        return named
    return _("%(step)s (month %(month)s)") % {"step": name, "month": month}
