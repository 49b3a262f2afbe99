"""What a reader may do with the card."""

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.rules.appointments import kinds_of
from customers.states import AppointmentKind
from filings.queries.on_card import CustomerWithLeads
from staff.scope import (
    CASE_ROLES,
    FILING_ROLES,
    MERGING_ROLES,
    ORDERING_ROLES,
    REASSIGNING_ROLES,
    REGISTERING_ROLES,
    SERVING_ROLES,
    Reach,
)
from staff.states import Trade


def acts_of(customer: CustomerWithLeads, reader: Reach) -> list[dict[str, str]]:
    """What this reader may do with the card, behind the dots."""
    offered = [
        (SERVING_ROLES, "desk:regrade", _("Change the grade"), "tag"),
        (SERVING_ROLES, "desk:intent", _("Intent level"), "target"),
        (SERVING_ROLES, "customers:open_opportunity", _("New opportunity"), "plus"),
        (SERVING_ROLES, "followups:book_appointment", _("Book an appointment"), "calendar-event"),
        (CASE_ROLES, "followups:open_case", _("Open a service case"), "message-2"),
        (FILING_ROLES, "desk:file_lead", _("File this customer"), "shield"),
        (SERVING_ROLES, "followups:measure", _("Measuring done"), "ruler-2"),
        (SERVING_ROLES, "followups:deliver", _("Record a delivery"), "truck-delivery"),
        (ORDERING_ROLES, "orders:quote_for", _("New quote"), "file-spreadsheet"),
        (ORDERING_ROLES, "orders:order_for", _("New order"), "clipboard-check"),
        (SERVING_ROLES, "filings:ask_price", _("Ask for a special price"), "tag"),
        (REGISTERING_ROLES, "desk:tags", _("Tags"), "tags"),
        (REGISTERING_ROLES, "desk:quiet", _("Do not contact"), "lock"),
        (REASSIGNING_ROLES, "desk:assign", _("Change the keeper"), "users"),
        (MERGING_ROLES, "desk:merge_with", _("Merge with another card"), "copy"),
    ]
    return [
        {"label": label, "url": reverse(name, args=[customer.pk]), "icon": icon}
        for roles, name, label, icon in offered
        if reader.has_role(roles) and _fits(name, customer)
    ]


def _fits(name: str, customer: CustomerWithLeads) -> bool:
    """Some acts are of some trades alone."""
    if name == "followups:measure":
        return _is_measured(customer)
    if name == "desk:file_lead":
        return customer.files_leads
    return name != "desk:intent" or customer.store.trade == Trade.CARS


def _is_measured(customer: CustomerWithLeads) -> bool:
    """Whoever sells what is fitted to a home measures it."""
    return AppointmentKind.MEASURING in kinds_of(customer.store.trade)
