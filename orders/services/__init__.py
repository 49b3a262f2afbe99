"""Writes of the orders room: taking a deposit, and giving it back."""

from orders.services.deposits import take_deposit
from orders.services.foreseeing import NewDeposit, SaleNotMade, Wanted, foreseen
from orders.services.returning import DepositNotReturned, return_deposit

__all__ = [
    "DepositNotReturned",
    "NewDeposit",
    "SaleNotMade",
    "Wanted",
    "foreseen",
    "return_deposit",
    "take_deposit",
]
