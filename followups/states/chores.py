"""The words of chores: work inside the house that is no contact with a customer."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from staff.states import DutyKind


class ChoreKind(TextChoices):
    """What there is to do in the house."""

    OWN_ORDERS = "own_orders", _("Look through your own orders")
    SUBSTITUTE = "substitute", _("Floor sample sold: find a substitute")
    OFF_FLOOR = "off_floor", _("Floor sample sold: take it off the floor early")
    SLIP = "slip", _("Remittance slip differs from its order")
    CHECK_ORDER = "check_order", _("A new order waits to be checked")
    RETURN = "return", _("A return or exchange waits")
    PREPARE = "prepare", _("Prepare goods or the installation")
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
