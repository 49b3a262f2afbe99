"""What a reader may do with the card."""

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.queries import MaskedCustomer
from staff.scope import REASSIGNING_ROLES, REGISTERING_ROLES, SERVING_ROLES, Reach


def acts_of(customer: MaskedCustomer, reader: Reach) -> list[dict[str, str]]:
    """What this reader may do with the card, behind the dots."""
    offered = [
        (SERVING_ROLES, "desk:regrade", _("Change the grade"), "tag"),
        (SERVING_ROLES, "customers:open_opportunity", _("New opportunity"), "plus"),
        (SERVING_ROLES, "followups:deliver", _("Record a delivery"), "truck-delivery"),
        (REGISTERING_ROLES, "desk:tags", _("Tags"), "tags"),
        (REGISTERING_ROLES, "desk:quiet", _("Do not contact"), "lock"),
        (REASSIGNING_ROLES, "desk:assign", _("Change the keeper"), "users"),
    ]
    return [
        {"label": label, "url": reverse(name, args=[customer.pk]), "icon": icon}
        for roles, name, label, icon in offered
        if reader.has_role(roles)
    ]
