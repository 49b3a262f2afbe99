"""Every way in which a row names a person: a hand-over moves or ends it, or it is a fact and stays.

Who adds a foreign key to a person says here which it is.
"""

from django.apps import apps

from core.models import AuditEntry
from staff.models import Person

MOVES = {
    "filings.Filing.holder",
    "followups.AnchorDay.assignee",
    "followups.Case.assignee",
    "followups.Chore.person",
    "customers.Appointment.person",
    "customers.Customer.owner",
    "customers.Designer.keeper",
    "customers.Opportunity.owner",
    "followups.Invitation.assignee",
    "followups.Obligation.assignee",
    "followups.Task.assignee",
    "orders.Credit.handler",  # until it has gone back whole
    "orders.Order.seller",  # while it runs
    "orders.Quote.seller",  # while it is open
}
ENDS = {
    "customers.Access.person",
    "customers.LeadOffer.person",  # the lead waits for somebody else
    "orders.Order.clerk",  # whoever has the desk next
    "staff.Absence.person",
    "staff.Absence.stand_in",
    "staff.Duty.assists",
    "staff.Duty.person",
    "staff.RotaDay.person",
}
# Things of one's own that go nowhere: whoever is disabled has no use for them, nor has anybody.
OWN = {
    "core.FormToken.by",
    "core.SavedFilter.person",
    "orders.Look.person",  # whoever has the order next looks for themselves
    "staff.FeedKey.person",
    "staff.Notice.person",
    "staff.NoticeSettings.person",
    "staff.Outgoing.person",
    "staff.Target.person",  # who comes next has a target of their own
}
# Who did something once. It stays true whoever keeps the customer now.
DID_IT = (
    "_by", ".by", ".seller", ".on_behalf_of", ".sold_by", ".leaver", "PhoneReveal.person",
    ".reported_by", "Escalation.to", "Case.about", "Case.escalated_to", "CaseEvent.to",
    "SurveyResult.about", ".filer", "Deal.closer", "Deal.keeper", ".credited_to",
    "Deal.refills", "FilingEvent.person", "Party.person", "Violation.person", "Dispute.proof_of",
)  # fmt: skip


def names_of_persons() -> set[str]:
    """Model and column of every foreign key to a person, but those of packages and histories."""
    rooms = {"core", "staff", "stock", "customers", "filings", "followups", "orders", "reports"}
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in rooms and "History" not in model.__name__
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Person
    }


def unexplained(found: set[str]) -> set[str]:
    told = MOVES | ENDS | OWN
    return {name for name in found - told if not name.endswith(DID_IT)}


def test_every_row_that_names_a_person_is_moved_or_ended_or_is_a_fact():
    assert unexplained(names_of_persons()) == set()


def test_what_is_said_to_move_or_end_is_there():
    assert names_of_persons() >= MOVES | ENDS


def test_the_control_a_new_name_is_found():
    assert unexplained({"orders.Order.carrier"}) == {"orders.Order.carrier"}
    assert AuditEntry._meta.get_field("by").related_model is Person
