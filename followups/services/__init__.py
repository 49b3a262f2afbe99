"""Writes of the followups room: contacts, tasks, deliveries, and the engine that makes tasks."""

from followups.services.aftermath import Logged, log_and_act
from followups.services.anchor_days import (
    Day,
    answer_ahead,
    end_anchor_day,
    end_anchor_days,
    pass_on_days,
    pause_anchor_day,
    resume_anchor_day,
    set_anchor_day,
    set_anchor_days,
)
from followups.services.appointments import (
    AppointmentNotBooked,
    book_appointment,
    cancel_appointment,
    keep_appointment,
    miss_appointment,
    move_appointment,
)
from followups.services.branches import BranchNotTaken, log_with_branches
from followups.services.case_acts import (
    CaseNotChanged,
    answer_case,
    assign_case,
    blockers_of_void_case,
    escalate_case,
    note_on_case,
    pause_case,
    reopen_case,
    resume_case,
    solve_case,
    void_case,
)
from followups.services.case_escalation import escalate_late_cases
from followups.services.case_rating import rate_case
from followups.services.cases import CaseNotOpened, open_case
from followups.services.chores import (
    ChoreNotDone,
    Owed,
    do_chore,
    drop_chores,
    free_chores,
    owe_chore,
    owe_chores,
    pass_on_chores,
    undo_chore,
)
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
from followups.services.guarding import Pestering, begin_call, objections_to
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
from followups.services.plans import PlanNotChanged, change_plan, make_plan
from followups.services.products import (
    change_delivery,
    end_product,
    record_product_event,
    remove_product,
    restore_product,
    void_product_event,
)
from followups.services.quiet import QuietNotSet, set_quiet
from followups.services.survey_versions import SurveyNotPublished, publish_survey
from followups.services.surveys import SurveyNotLogged, log_and_tell, log_survey
from followups.services.tasks import (
    TaskNotChanged,
    close_with,
    move_task,
    send_letter,
    skip_task,
)
from followups.services.thanks import owe_thanks

__all__ = [
    "AppointmentNotBooked",
    "Asked",
    "BranchNotTaken",
    "CaseNotChanged",
    "CaseNotOpened",
    "ChoreNotDone",
    "ContactNotLogged",
    "Day",
    "ImportedStep",
    "Logged",
    "Moved",
    "Owed",
    "Pestering",
    "PlanNotChanged",
    "QuietNotSet",
    "Returning",
    "SurveyNotLogged",
    "SurveyNotPublished",
    "TaskNotChanged",
    "answer_ahead",
    "answer_case",
    "ask",
    "assign_case",
    "assign_keeper",
    "assignees_of",
    "batches",
    "begin_call",
    "blockers_of_void",
    "blockers_of_void_case",
    "book_appointment",
    "bring_in",
    "bring_work_along",
    "cancel_appointment",
    "change_delivery",
    "change_plan",
    "close_with",
    "confirm_proposal",
    "confirm_proposals",
    "do_chore",
    "drop_chores",
    "end_anchor_day",
    "end_anchor_days",
    "end_product",
    "enrol",
    "escalate_case",
    "escalate_late_cases",
    "free_chores",
    "give_work_back",
    "hold",
    "hold_of",
    "hold_one",
    "keep_appointment",
    "log_and_act",
    "log_and_tell",
    "log_contact",
    "log_survey",
    "log_with_branches",
    "make_plan",
    "miss_appointment",
    "move_appointment",
    "move_task",
    "note_on_case",
    "objections_to",
    "open_case",
    "owe_chore",
    "owe_chores",
    "owe_thanks",
    "pass_on_chores",
    "pass_on_days",
    "pass_on_work",
    "pause_anchor_day",
    "pause_case",
    "publish_survey",
    "rate_case",
    "reassign",
    "record_delivery",
    "record_measuring",
    "record_product_event",
    "regrade",
    "remove_product",
    "reopen_case",
    "restore_product",
    "resume_anchor_day",
    "resume_case",
    "send_letter",
    "set_anchor_day",
    "set_anchor_days",
    "set_quiet",
    "settle_work",
    "skip_task",
    "solve_case",
    "take_work_back",
    "touch",
    "touch_and_ask",
    "undo_chore",
    "undo_regrade",
    "void_case",
    "void_contact",
    "void_product_event",
]
