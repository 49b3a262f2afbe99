"""Writes of the customers room: registering, numbers, contacts, grades, products, the keeper."""

from customers.services.contacts import (
    ContactNotRecorded,
    record_contact,
    recount_last_contact,
    void_contact,
)
from customers.services.grading import (
    GradeNotChanged,
    change_to_undo,
    decline_proposal,
    propose_grades,
    regrade,
    set_intent,
)
from customers.services.identity import (
    SuspicionNotDecided,
    decide_different,
    suspect,
    suspect_many,
)
from customers.services.keeping import assign_keeper, assign_keepers, give_access, set_quiet
from customers.services.lookups import NumberNotLookedUp, look_up_number
from customers.services.noting import noted_birthday
from customers.services.numbers import (
    NumberNotRevealed,
    reveal_number,
    reveal_number_of,
    reveal_paper,
)
from customers.services.parameters import set_parameters
from customers.services.product_events import (
    EventNotRecorded,
    Happening,
    blockers_of_voiding,
    record_event,
    void_event,
)
from customers.services.products import (
    ProductDetails,
    ProductNotRecorded,
    change_product,
    record_product,
    set_replacement,
    version_of_product,
)
from customers.services.products_gone import (
    blockers_of_restoring,
    blockers_of_taking_back,
    end_product,
    remove_product,
    restore_product,
)
from customers.services.register import CustomerNotRegistered, register_customer, update_customer
from customers.services.value import recount_value

__all__ = [
    "ContactNotRecorded",
    "CustomerNotRegistered",
    "EventNotRecorded",
    "GradeNotChanged",
    "Happening",
    "NumberNotLookedUp",
    "NumberNotRevealed",
    "ProductDetails",
    "ProductNotRecorded",
    "SuspicionNotDecided",
    "assign_keeper",
    "assign_keepers",
    "blockers_of_restoring",
    "blockers_of_taking_back",
    "blockers_of_voiding",
    "change_product",
    "change_to_undo",
    "decide_different",
    "decline_proposal",
    "end_product",
    "give_access",
    "look_up_number",
    "noted_birthday",
    "propose_grades",
    "record_contact",
    "record_event",
    "record_product",
    "recount_last_contact",
    "recount_value",
    "register_customer",
    "regrade",
    "remove_product",
    "restore_product",
    "reveal_number",
    "reveal_number_of",
    "reveal_paper",
    "set_intent",
    "set_parameters",
    "set_quiet",
    "set_replacement",
    "suspect",
    "suspect_many",
    "update_customer",
    "version_of_product",
    "void_contact",
    "void_event",
]
