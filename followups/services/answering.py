"""What else a talk ends of the work that is due with the same customer."""

from collections.abc import Sequence

from customers.models import Contact
from followups import rules
from followups.models import Obligation, Task
from followups.queries.surveys import surveys_that_tell
from followups.services.booked_work import set_apart
from followups.states import Anchor, State


def settle(tasks: Sequence[Task], *, at_hand: Task | None, contact: Contact) -> list[Task]:
    """The tasks that the talk ends: the one for which it was made, and of the others what it
    answers (`rules.is_done_by_talk`). What it does not answer stays on its list.
    """
    others = [task.pk for task in tasks if at_hand is None or task.pk != at_hand.pk]
    if not others:
        return list(tasks)
    rows = Obligation.objects.filter(task__in=others, state=State.OPEN).select_related("step")
    # `booked_work` has set apart what stays booked: an appointment that is here was kept.
    rows = rows.exclude(step__anchor=Anchor.APPOINTMENT)
    telling = surveys_that_tell() if any(row.step.survey_id for row in rows) else set()
    staying = [
        row
        for row in rows
        if not rules.is_done_by_talk(
            anchor=row.step.anchor,
            reason=contact.reason,
            next_kind=contact.next_kind,
            none_reason=contact.none_reason,
            has_to_tell=row.step.survey_id in telling,
        )
    ]
    return set_apart(staying, tasks) if staying else list(tasks)
