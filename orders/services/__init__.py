"""Writes of the orders room: taking a deposit, and giving it back."""

from orders.services.deposits import DepositNotTaken, NewDeposit, take_deposit
from orders.services.returning import DepositNotReturned, return_deposit

__all__ = [
    "DepositNotReturned",
    "DepositNotTaken",
    "NewDeposit",
    "return_deposit",
    "take_deposit",
]
