"""Writes of the orders room that others call: money taken, and given back."""

from orders.services.deposits import take_deposit
from orders.services.foreseeing import NewDeposit, SaleNotMade, Wanted, foreseen
from orders.services.payments import NewBill, NewPayment, PaymentNotTaken, take_payment
from orders.services.returning import PaymentNotReturned, return_payment, void_payment

__all__ = [
    "NewBill",
    "NewDeposit",
    "NewPayment",
    "PaymentNotReturned",
    "PaymentNotTaken",
    "SaleNotMade",
    "Wanted",
    "foreseen",
    "return_payment",
    "take_deposit",
    "take_payment",
    "void_payment",
]
