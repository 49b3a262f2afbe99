"""The last months of the company, told through the services: follow-up in full.

1. `begin` chooses the calls of care that are to be told one by one.
2. `live`: those calls with their surveys; events that were held, and the care for what was bought
   after them; what customers said of themselves; service cases; leads and orders; what people
   arranged among themselves; what lies ahead.
"""

from django.utils import translation

from crm.demo.around import (
    greet_birthdays,
    tell_of_friends,
    tell_of_hours,
    tell_of_overrides,
    tell_of_people,
    tell_of_renewals,
    tell_of_terms,
    tell_of_wishes,
)
from crm.demo.cards import Drafter
from crm.demo.filing_stories import tell_of_leads
from crm.demo.invited import hold_campaigns, plan_campaigns
from crm.demo.order_house import trade
from crm.demo.served import see_to_cases
from crm.demo.staffed import (
    change_the_plan,
    date_what_was_shipped,
    greet_on_fridays,
    read_notices,
    report_up,
    stand_in,
    write_knowledge,
)
from crm.demo.stage import Stage
from crm.demo.surveyed import hold_surveys, hold_visits, tasks_to_tell

# A company of fewer customers is a handful of cards, not a lived life.
LIVELY = 100
LANGUAGE = "zh-hans"


def begin(stage: Stage, *, but: set[int], is_lively: bool) -> set[int]:
    """The tasks that `live` does one by one; none of the customers `but`."""
    stage.left = but
    if not is_lively:
        return set()
    stage.told = tasks_to_tell(stage, but=but)
    return {task.pk for task in stage.told}


def live(stage: Stage, drafter: Drafter, *, leads: int, buyers: int) -> None:
    """Tell the rest of the last months, scene by scene; what people write is Chinese."""
    with translation.override(LANGUAGE):
        date_what_was_shipped(stage)
        change_the_plan(stage)
        hold_surveys(stage, stage.told)
        hold_visits(stage)
        hold_campaigns(stage)
        hold_surveys(stage, tasks_to_tell(stage, but=stage.left))
        tell_of_friends(stage, drafter)
        tell_of_renewals(stage)
        see_to_cases(stage)
        tell_of_overrides(stage)
        tell_of_people(stage)
        tell_of_terms(stage)
        greet_birthdays(stage)
        tell_of_hours(stage)
        tell_of_wishes(stage)
        plan_campaigns(stage)
        greet_on_fridays(stage)
        tell_of_leads(stage, drafter, most=leads)
        trade(stage, drafter, buyers=buyers)
        stand_in(stage)
        write_knowledge(stage)
        report_up(stage)
        read_notices(stage)
