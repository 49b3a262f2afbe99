"""Orders from the first price to the archive: papers, money, progress, goods, commission."""

from orders.models.credits import Credit, CreditUse
from orders.models.deliveries import Delivery, DeliveryLine, Return
from orders.models.designers import CommissionEntry, Introduction
from orders.models.money import Bill, Due, Payment, Slip
from orders.models.papers import Order, OrderFile, OrderLine, PricedLine, Quote, QuoteLine
from orders.models.progress import DateChange, Incident, Look, Milestone, OrderEvent
from orders.models.terms import Account, DayEnd, OrderTerms, Statement

__all__ = [
    "Account",
    "Bill",
    "CommissionEntry",
    "Credit",
    "CreditUse",
    "DateChange",
    "DayEnd",
    "Delivery",
    "DeliveryLine",
    "Due",
    "Incident",
    "Introduction",
    "Look",
    "Milestone",
    "Order",
    "OrderEvent",
    "OrderFile",
    "OrderLine",
    "OrderTerms",
    "Payment",
    "PricedLine",
    "Quote",
    "QuoteLine",
    "Return",
    "Slip",
    "Statement",
]
