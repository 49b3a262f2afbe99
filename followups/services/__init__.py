"""Writes of the followups room: contacts, tasks, deliveries, and the engine that makes tasks."""

from followups.services.appointments import (
    AppointmentNotBooked,
    book_appointment,
    cancel_appointment,
    keep_appointment,
    miss_appointment,
    move_appointment,
)
from followups.services.cases import CaseNotOpened, open_case
from followups.services.contacts import (
    ContactNotLogged,
    blockers_of_void,
    log_contact,
    void_contact,
)
from followups.services.deliveries import record_delivery
from followups.services.engine import Asked, ask, enrol, touch, touch_and_ask
from followups.services.grades import (
    confirm_proposal,
    confirm_proposals,
    regrade,
    undo_regrade,
)
from followups.services.handing_over import (
    Moved,
    assign_keeper,
    batches,
    pass_on_work,
    reassign,
)
from followups.services.holding import hold, hold_of, hold_one
from followups.services.measuring import record_measuring
from followups.services.merging import (
    Returning,
    assignees_of,
    bring_work_along,
    give_work_back,
    settle_work,
    take_work_back,
)
from followups.services.next_steps import ImportedStep, bring_in
from followups.services.plans import PlanNotChanged, change_plan
from followups.services.products import (
    change_delivery,
    end_product,
    record_product_event,
    remove_product,
    restore_product,
    void_product_event,
)
from followups.services.tasks import (
    TaskNotChanged,
    move_task,
    send_letter,
    set_quiet,
    skip_task,
)
from followups.services.thanks import owe_thanks

__all__ = [
    "AppointmentNotBooked",
    "Asked",
    "CaseNotOpened",
    "ContactNotLogged",
    "ImportedStep",
    "Moved",
    "PlanNotChanged",
    "Returning",
    "TaskNotChanged",
    "ask",
    "assign_keeper",
    "assignees_of",
    "batches",
    "blockers_of_void",
    "book_appointment",
    "bring_in",
    "bring_work_along",
    "cancel_appointment",
    "change_delivery",
    "change_plan",
    "confirm_proposal",
    "confirm_proposals",
    "end_product",
    "enrol",
    "give_work_back",
    "hold",
    "hold_of",
    "hold_one",
    "keep_appointment",
    "log_contact",
    "miss_appointment",
    "move_appointment",
    "move_task",
    "open_case",
    "owe_thanks",
    "pass_on_work",
    "reassign",
    "record_delivery",
    "record_measuring",
    "record_product_event",
    "regrade",
    "remove_product",
    "restore_product",
    "send_letter",
    "set_quiet",
    "settle_work",
    "skip_task",
    "take_work_back",
    "touch",
    "touch_and_ask",
    "undo_regrade",
    "void_contact",
    "void_product_event",
]
