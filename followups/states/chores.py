"""The words of chores: work inside the house that is no contact with a customer."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from staff.states import DutyKind


class ChoreKind(TextChoices):
    """What there is to do in the house."""

    OWN_ORDERS = "own_orders", _("Look through your orders")
    SUBSTITUTE = "substitute", _("Sample sold: find another")
    OFF_FLOOR = "off_floor", _("Sample sold: clear the floor")
    SLIP = "slip", _("Slip differs from its order")
    CHECK_ORDER = "check_order", _("Check a new order")
    RETURN = "return", _("See to a return")
    PREPARE = "prepare", _("Prepare goods or fitting")
    OTHER = "other", _("To do in the house")


# Whose a chore is that names nobody: whoever has this duty for its store; else, and where nobody
# has it, who leads the store.
DUTY_OF_CHORE: Mapping[ChoreKind, DutyKind] = {
    ChoreKind.SUBSTITUTE: DutyKind.VISUAL_DISPLAY,
    ChoreKind.OFF_FLOOR: DutyKind.DELIVERY,
    ChoreKind.SLIP: DutyKind.ORDER_DESK,
    ChoreKind.CHECK_ORDER: DutyKind.ORDER_DESK,
    ChoreKind.RETURN: DutyKind.SERVICE_LEAD,
    ChoreKind.PREPARE: DutyKind.DELIVERY,
}
# Done on the page that its row opens, never with a tap on the row: what is looked through, checked,
# settled or decided there is off the list by that very act.
DONE_ON_ITS_PAGE = frozenset(
    {ChoreKind.OWN_ORDERS, ChoreKind.CHECK_ORDER, ChoreKind.SLIP, ChoreKind.RETURN}
)
# One's own alone: whoever takes over from a leaver has theirs.
NOT_PASSED_ON = frozenset({ChoreKind.OWN_ORDERS})
