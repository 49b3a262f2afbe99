"""Customers and what is known of them; contacts are facts and are never edited."""

from customers.models.appointments import Appointment, Resource
from customers.models.attachments import Attachment
from customers.models.contacts import Contact
from customers.models.customers import Access, Customer, CustomerPhone, PhoneReveal
from customers.models.designers import Designer, DesignerContact
from customers.models.grading import (
    GradeChange,
    GradeProposal,
    IntentChange,
    Parameters,
    QuietChange,
)
from customers.models.identity import HandOver, Merge, Suspicion
from customers.models.interests import Interest, Tag, TaggedCustomer
from customers.models.leads import Arrival, DispatchRule, Lead, LeadOffer, LeadSource
from customers.models.moving_in import HistoryImport
from customers.models.opportunities import Opportunity, Stage, StageMove, StageSet
from customers.models.people import HouseholdMember, KeyPerson
from customers.models.possessions import OwnedProduct, ProductEvent, Project

__all__ = [
    "Access",
    "Appointment",
    "Arrival",
    "Attachment",
    "Contact",
    "Customer",
    "CustomerPhone",
    "Designer",
    "DesignerContact",
    "DispatchRule",
    "GradeChange",
    "GradeProposal",
    "HandOver",
    "HistoryImport",
    "HouseholdMember",
    "IntentChange",
    "Interest",
    "KeyPerson",
    "Lead",
    "LeadOffer",
    "LeadSource",
    "Merge",
    "Opportunity",
    "OwnedProduct",
    "Parameters",
    "PhoneReveal",
    "ProductEvent",
    "Project",
    "QuietChange",
    "Resource",
    "Stage",
    "StageMove",
    "StageSet",
    "Suspicion",
    "Tag",
    "TaggedCustomer",
]
