"""Writes of the customers room: registering, numbers, contacts, grades, products, the keeper."""

from customers.services.contacts import (
    ContactNotRecorded,
    record_contact,
    regrade,
    void_contact,
)
from customers.services.keeping import assign_keeper, assign_keepers, give_access, set_quiet
from customers.services.lookups import NumberNotLookedUp, look_up_number
from customers.services.numbers import NumberNotRevealed, reveal_number
from customers.services.products import ProductNotRecorded, record_product
from customers.services.register import CustomerNotRegistered, register_customer, update_customer

__all__ = [
    "ContactNotRecorded",
    "CustomerNotRegistered",
    "NumberNotLookedUp",
    "NumberNotRevealed",
    "ProductNotRecorded",
    "assign_keeper",
    "assign_keepers",
    "give_access",
    "look_up_number",
    "record_contact",
    "record_product",
    "register_customer",
    "regrade",
    "reveal_number",
    "set_quiet",
    "update_customer",
    "void_contact",
]
