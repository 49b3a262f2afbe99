"""All checks of all rooms over one consistent picture of the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from django.db import models

from core.models import BusinessDay
from core.services.picture import one_picture
from core.verification import Difference, business_day_differences
from customers.models import Appointment, Customer, CustomerPhone, OwnedProduct
from customers.verification import (
    last_contact_differences,
    merge_differences,
    number_differences,
    primary_number_differences,
    project_differences,
    value_differences,
)
from customers.verifying_grades import grade_proposal_differences
from filings.models import Deal, Filing, Ruling, Seal
from filings.verification import (
    credit_differences,
    entry_differences,
    filing_differences,
    ruling_differences,
    seal_differences,
)
from followups.models import Obligation, Task
from followups.order_verification import order_differences
from followups.verification import (
    appointment_differences,
    asking_differences,
    duty_differences,
    empty_task_differences,
    next_contact_differences,
    obligation_differences,
    task_differences,
)
from orders.models import Credit, Delivery, Order, Payment, Quote
from orders.verification import paper_differences
from stock.models import DaySum, Movement, SizeStock
from stock.verification import (
    day_sum_differences,
    figure_differences,
    size_stock_differences,
    week_figure_differences,
)

# A list nobody reads to its end, and that must fit into memory: beyond it only the count goes on.
MOST_LISTED = 1000
CHECKED: dict[str, type[models.Model]] = {
    "business_days": BusinessDay,
    "customers": Customer,
    "numbers": CustomerPhone,
    "products": OwnedProduct,
    "obligations": Obligation,
    "tasks": Task,
    "appointments": Appointment,
    "filings": Filing,
    "deals": Deal,
    "rulings": Ruling,
    "seals": Seal,
    "quotes": Quote,
    "orders": Order,
    "payments": Payment,
    "credits": Credit,
    "deliveries": Delivery,
    "movements": Movement,
    "day_sums": DaySum,
    "size_stocks": SizeStock,
}


@dataclass(frozen=True, kw_only=True)
class Verified:
    """How many rows were looked at, what differs, and how many differences are not listed."""

    checked: dict[str, int]
    differences: list[Difference]
    left_off: int

    @property
    def is_clean(self) -> bool:
        return not self.differences

    def as_json(self) -> dict[str, object]:
        """The keys that scripts read."""
        return {
            "checked": self.checked,
            "differences": [difference.as_json() for difference in self.differences],
            "left_off": self.left_off,
        }


def verify(*, now: datetime) -> Verified:
    """Hold what is stored against the rules, as of `now`; nothing is changed."""
    with one_picture():
        checked = {name: model._default_manager.count() for name, model in CHECKED.items()}
        found = iter(all_differences(now=now))
        differences = list(islice(found, MOST_LISTED))
        return Verified(
            checked=checked, differences=differences, left_off=sum(1 for _more in found)
        )


def all_differences(*, now: datetime) -> Iterable[Difference]:
    """Every check, the cheap ones first."""
    return chain(
        business_day_differences(),
        project_differences(),
        primary_number_differences(),
        last_contact_differences(),
        merge_differences(),
        value_differences(),
        next_contact_differences(),
        task_differences(),
        empty_task_differences(),
        appointment_differences(),
        asking_differences(),
        duty_differences(now=now),
        obligation_differences(now=now),
        order_differences(now=now),
        grade_proposal_differences(now=now),
        entry_differences(),
        credit_differences(),
        ruling_differences(),
        seal_differences(),
        paper_differences(),
        filing_differences(),
        number_differences(),
        size_stock_differences(),
        day_sum_differences(),
        figure_differences(),
        week_figure_differences(),
    )
