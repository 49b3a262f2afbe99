"""The days of orders that a task speaks of."""

from django.db.models import QuerySet

from followups.models import AnchorDay, Obligation, Task
from followups.states import ORDER_ANCHORS


def days_of_letter(task: Task) -> QuerySet[AnchorDay]:
    """What a letter about an order speaks of: the days of its step, the earliest first; none where
    it is a letter of another kind.
    """
    if task.letter is None or task.letter.anchor not in ORDER_ANCHORS:
        return AnchorDay.objects.none()
    rows = Obligation.objects.filter(task=task, step=task.letter)
    days = AnchorDay.objects.filter(
        anchor=task.letter.anchor, subject_id__in=rows.values("subject_id")
    )
    return days.order_by("on", "pk")
