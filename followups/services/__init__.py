"""Writes of the followups room: contacts, tasks, deliveries, and the engine that makes tasks."""

from followups.services.contacts import (
    ContactNotLogged,
    blockers_of_void,
    log_contact,
    regrade,
    void_contact,
)
from followups.services.deliveries import record_delivery
from followups.services.engine import Asked, ask, touch, touch_and_ask
from followups.services.handing_over import assign_keeper, pass_on_work, reassign
from followups.services.holding import hold
from followups.services.next_steps import ImportedStep, bring_in
from followups.services.plans import PlanNotChanged, change_plan
from followups.services.tasks import (
    TaskNotChanged,
    move_task,
    send_letter,
    set_quiet,
    skip_task,
)

__all__ = [
    "Asked",
    "ContactNotLogged",
    "ImportedStep",
    "PlanNotChanged",
    "TaskNotChanged",
    "ask",
    "assign_keeper",
    "blockers_of_void",
    "bring_in",
    "change_plan",
    "hold",
    "log_contact",
    "move_task",
    "pass_on_work",
    "reassign",
    "record_delivery",
    "regrade",
    "send_letter",
    "set_quiet",
    "skip_task",
    "touch",
    "touch_and_ask",
    "void_contact",
]
