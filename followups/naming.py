"""What one occurrence of a step is called: a repeated step says which month it is about."""

import re

from django.utils.translation import gettext as _

from followups.models import Step
from followups.states import BIRTHDAY_ANCHORS, TERM_ANCHORS, Unit

# 36/48/60个月回访: the months that the step comes in, of which an occurrence is one.
_SEVERAL = re.compile(r"\d+(?:\s*[/、]\s*\d+)+")


def month_of(step: Step, occurrence: int) -> int | None:
    """How many months after its anchor an occurrence of a repeated step falls due."""
    is_yearly = step.anchor in (*TERM_ANCHORS, *BIRTHDAY_ANCHORS)
    if is_yearly or step.unit != Unit.MONTHS or step.times == 1:
        return None
    return step.offset + (occurrence - 1) * step.every


def occurrence_name(step: Step, occurrence: int) -> str:
    """36个月回访, 48个月回访, 60个月回访: each with its own month; else the step's name."""
    month = month_of(step, occurrence)
    if month is None:
        return step.name
    named, found = _SEVERAL.subn(str(month), step.name, count=1)
    if found:
        return named
    return _("%(step)s (month %(month)s)") % {"step": step.name, "month": month}
