"""Every row that hangs on a customer, and where it goes when two cards are merged.

A test walks all foreign keys to a customer: one that stands neither in `MOVES` nor in `STAYING`
fails it. Work (tasks, obligations, courses) is moved by `followups.services.merging`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from customers.models import (
    Access,
    Appointment,
    Arrival,
    Attachment,
    Contact,
    Customer,
    CustomerPhone,
    GradeChange,
    GradeProposal,
    HouseholdMember,
    IntentChange,
    Interest,
    KeyPerson,
    Lead,
    Opportunity,
    OwnedProduct,
    PhoneReveal,
    Project,
    QuietChange,
    TaggedCustomer,
)
from customers.states import ProposalState
from filings.models import (
    Deal,
    Dispute,
    Filing,
    FilingEvent,
    Measuring,
    SpecialPrice,
    Violation,
)
from followups.models import Case, Greeting, Invitation, SurveyResult
from orders.models import Account, Credit, Introduction, Order, Quote, Statement


@dataclass(frozen=True, kw_only=True)
class Move:
    """Rows of one table that go along. `beside`: columns that may stand once on a card, so that a
    row which the kept card has already stays behind, unseen; `is_single`: the card has one at most.
    """

    model: type[Model]
    column: str = "customer"
    beside: tuple[str, ...] = ()
    is_single: bool = False

    @property
    def name(self) -> str:
        return f"{self.model._meta.label_lower}.{self.column}"

    @property
    def rows(self) -> QuerySet:
        return self.model._default_manager.all()

    def going(self, *, merged: int, kept: int) -> QuerySet:
        """The rows of the merged card that go to the kept one."""
        rows = self.rows.filter(**{self.column: merged})
        if self.model is Customer:
            return rows.exclude(pk=kept)  # nobody is referred by himself
        if self.beside or self.is_single:
            same = {name: OuterRef(name) for name in self.beside}
            rows = rows.filter(~Exists(self.rows.filter(**{self.column: kept}, **same)))
        return rows


MOVES = (
    Move(model=Project),
    Move(model=OwnedProduct),
    Move(model=Opportunity),
    Move(model=Appointment),
    Move(model=Attachment),
    Move(model=Contact),
    Move(model=SurveyResult),
    Move(model=GradeChange),
    Move(model=IntentChange),
    Move(model=QuietChange),
    Move(model=GradeProposal),
    Move(model=HouseholdMember),
    Move(model=KeyPerson),
    Move(model=Interest),
    Move(model=TaggedCustomer, beside=("tag",)),
    Move(model=Arrival),
    Move(model=Lead),
    Move(model=Quote),
    Move(model=Order),
    Move(model=Credit),
    Move(model=Account, is_single=True),
    Move(model=Introduction, beside=("designer",)),
    Move(model=Statement),
    Move(model=Measuring),
    Move(model=Filing),
    Move(model=FilingEvent),
    Move(model=Deal),
    Move(model=Dispute),
    Move(model=SpecialPrice),
    Move(model=Violation, beside=("kind", "person", "moment")),
    Move(model=Case),
    Move(model=CustomerPhone),
    Move(model=Access, beside=("person",)),
    Move(model=PhoneReveal, beside=("person", "on")),
    Move(model=Greeting, beside=("occasion", "on")),
    Move(model=Invitation, beside=("campaign",)),
    Move(model=Customer, column="referrer"),
)

WORK = "moved by followups.services.merging, which keeps its keys true"
OWN = "says what became of this very card"
STAYING = {
    "followups.task.customer": WORK,
    "followups.obligation.customer": WORK,
    "followups.course.customer": WORK,
    "followups.anchorday.customer": WORK,
    "customers.suspicion.first": "put anew on the pair that is left, by _repair_pairs",
    "customers.suspicion.second": "put anew on the pair that is left, by _repair_pairs",
    "customers.merge.kept": OWN,
    "customers.merge.merged": OWN,
    "customers.customer.merged_into": OWN,
    "customers.customerhistory.pgh_obj": "the history of the row itself",
    "customers.customerhistory.referrer": "the history of the row itself",
    "customers.customerhistory.merged_into": "the history of the row itself",
}

# What rows say of rows beside them: what stays with the other card is not spoken of any more.
_REFERENCES: tuple[tuple[type[Model], str], ...] = (
    (Contact, "project"),
    (Opportunity, "project"),
    (Measuring, "project"),
    (Measuring, "appointment"),
    (Attachment, "product"),
    (Case, "product"),
    (Case, "contact"),
    (Invitation, "contact"),
    (Appointment, "opportunity"),
    (Appointment, "contact"),
)

# What says whose a sale is stays with its project, also where it came since.
_WITH_PROJECT: tuple[type[Model], ...] = (Filing, FilingEvent, Deal, Dispute, Quote, Order)


def move_all(*, merged: int, kept: int, now: datetime) -> dict[str, list[int]]:
    """Give every row of the one card to the other; answers with the ids of each table.

    An open proposal of a grade spoke of the card that goes: it holds no longer.
    """
    GradeProposal.objects.filter(customer=merged, state=ProposalState.OPEN).update(
        state=ProposalState.WITHDRAWN, decided_at=now
    )
    moved = {}
    for move in MOVES:
        ids = list(move.going(merged=merged, kept=kept).order_by("pk").values_list("pk", flat=True))
        if ids:
            move.rows.filter(pk__in=ids).update(**{move.column: kept})
            moved[move.name] = ids
    return moved


def move_back(moved: Mapping[str, Any], *, merged: int, kept: int) -> None:
    """Give back every row that is still on the kept card; what came since stays."""
    for move in MOVES:
        _mine(move, moved, kept).update(**{move.column: merged})
    for model in _WITH_PROJECT:
        rows = model._default_manager
        for one, other in ((merged, kept), (kept, merged)):
            rows.filter(customer=one, project__customer=other).update(customer=other)
    for model, column in _REFERENCES:
        rows = model._default_manager
        for one, other in ((merged, kept), (kept, merged)):
            rows.filter(**{"customer": one, f"{column}__customer": other}).update(**{column: None})


def _mine(move: Move, moved: Mapping[str, Any], kept: int) -> QuerySet:
    return move.rows.filter(pk__in=moved.get(move.name, ()), **{move.column: kept})


def going_back(moved: Mapping[str, Any], *, kept: int) -> dict[str, int]:
    """How many rows of each table would go back; tables without any are left out."""
    counts = {move.name: _mine(move, moved, kept).count() for move in MOVES if move.name in moved}
    return {name: count for name, count in counts.items() if count}


def going_along(*, merged: int, kept: int) -> dict[str, int]:
    """How many rows of each table would go along; tables without any are left out."""
    counts = {move.name: move.going(merged=merged, kept=kept).count() for move in MOVES}
    return {name: count for name, count in counts.items() if count}


def ids_of(moved: Mapping[str, Any], model: type[Model]) -> Iterable[int]:
    return moved.get(f"{model._meta.label_lower}.customer", ())
