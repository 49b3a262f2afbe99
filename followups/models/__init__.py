"""Plans and what falls due by them."""

from followups.models.plans import Plan, Step
from followups.models.tasks import Course, Obligation, Task

__all__ = ["Course", "Obligation", "Plan", "Step", "Task"]
