"""Customers and what is known of them; contacts are facts and are never edited."""

from customers.models.contacts import Contact, GradeChange
from customers.models.customers import Access, Customer, CustomerPhone, PhoneReveal
from customers.models.possessions import OwnedProduct, Project

__all__ = [
    "Access",
    "Contact",
    "Customer",
    "CustomerPhone",
    "GradeChange",
    "OwnedProduct",
    "PhoneReveal",
    "Project",
]
