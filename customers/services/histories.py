"""Old contacts and opportunities, many at once: brought in, and taken back as a whole.

What is written has been read and compared before; the caller holds the customers. Imported contacts
keep their times and say when we learnt of them; effective by the rule at their own time, they move
the day of the last contact and no clock that a customer's registration did not start (FIL-30).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from core.refusals import Refused
from core.services import audit
from core.services.copying import copy_rows, take_ids
from customers import rules
from customers.models import Contact, HistoryImport, Opportunity
from customers.states import NextKind
from staff.models import Person

CONTACTS, SALES = "customers_contact", "customers_opportunity"
MOVES = "customers_stagemove"
# What somebody did to an opportunity since it was brought in, as the trail calls it.
TOUCHES = ("change", "move_stage")


class HistoryNotTakenBack(Refused):
    """A history was not taken back."""

    messages = {
        "taken_back_already": _("This history has been taken back already."),
        "reason_missing": _("Say why the history is taken back."),
        "not_yours": _("Whoever brought a history in takes it back, or the operations manager."),
    }


@dataclass(frozen=True, kw_only=True)
class OldContact:
    """One contact as an old ledger tells it."""

    customer_id: int
    by_id: int
    channel: str
    outcome: str
    note: str
    occurred_at: datetime
    grade: str
    next_on: date | None = None
    next_text: str = ""


@dataclass(frozen=True, kw_only=True)
class OldSale:
    """One opportunity as an old ledger tells it; `closed_at` for one that was won or lost."""

    customer_id: int
    store_id: int
    owner_id: int | None
    stage_id: int
    kind: str
    product: str
    amount: Decimal | None = None
    expected_on: date | None = None
    lost_reason: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """What was taken back of a history, and what stays because somebody went on with it."""

    contacts: Sequence[int] = ()
    opportunities: int = 0
    customers: Sequence[int] = ()
    kept_contacts: Sequence[int] = field(default_factory=tuple)
    kept_opportunities: Sequence[int] = field(default_factory=tuple)
    filings: int = 0
    kept_filings: Sequence[int] = field(default_factory=tuple)


def add_history(
    *,
    brought: HistoryImport,
    contacts: Sequence[OldContact],
    sales: Sequence[OldSale],
    by: Person,
    now: datetime,
) -> list[int]:
    """Write these contacts and opportunities; answers with the contacts' ids in their order."""
    ids = take_ids(CONTACTS, len(contacts))
    copy_rows(
        CONTACTS,
        ("id", "customer_id", "by_id", "channel", "outcome", "reached", "is_effective",
         "is_late_entry", "is_imported", "history_import_id", "repeats_last_note", "reason", "note",
         "occurred_at", "logged_at", "next_kind", "next_on", "next_text", "none_reason", "grade",
         "void_reason"),
        (
            (
                pk, old.customer_id, old.by_id, str(old.channel), str(old.outcome),
                rules.is_reached(old.outcome),
                rules.is_effective(channel=old.channel, outcome=old.outcome, is_late=False),
                False, True, brought.pk, False, "", old.note, old.occurred_at, now,
                str(NextKind.CALL) if old.next_on else "", old.next_on, old.next_text, "",
                str(old.grade), "",
            )
            for pk, old in zip(ids, contacts, strict=True)
        ),
    )  # fmt: skip
    _add_sales(sales, brought=brought, by=by, now=now)
    count_last_contacts(sorted({old.customer_id for old in contacts}))
    HistoryImport.objects.filter(pk=brought.pk).update(
        contacts=len(contacts), opportunities_made=len(sales)
    )
    return ids


def _add_sales(
    sales: Sequence[OldSale], *, brought: HistoryImport, by: Person, now: datetime
) -> None:
    ids = take_ids(SALES, len(sales))
    copy_rows(
        SALES,
        ("id", "customer_id", "store_id", "owner_id", "stage_id", "state", "product", "amount",
         "expected_on", "competitor", "has_problem", "has_budget", "has_time_frame",
         "has_decision_process", "note", "lost_reason", "lost_note", "opened_at", "opened_by_id",
         "staged_at", "closed_at", "history_import_id"),
        (
            (
                pk, old.customer_id, old.store_id, old.owner_id, old.stage_id, str(old.kind),
                old.product, old.amount, old.expected_on, "", False, False, False, False, "",
                str(old.lost_reason), "", old.closed_at or now, by.pk, old.closed_at or now,
                old.closed_at, brought.pk,
            )
            for pk, old in zip(ids, sales, strict=True)
        ),
    )  # fmt: skip
    copy_rows(
        MOVES,
        ("opportunity_id", "after_id", "at", "by_id"),
        (
            (pk, old.stage_id, old.closed_at or now, by.pk)
            for pk, old in zip(ids, sales, strict=True)
        ),
    )


def count_last_contacts(customers: Sequence[int]) -> None:
    """Work out anew when each of these customers was last reached effectively."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer customer SET last_contact_at = told.at"
            "  FROM (SELECT asked.id, max(contact.occurred_at) AS at"
            "          FROM unnest(%s::bigint[]) AS asked(id)"
            "          LEFT JOIN customers_contact contact ON contact.customer_id = asked.id"
            "           AND contact.is_effective AND contact.voided_at IS NULL"
            "         GROUP BY asked.id) told"
            " WHERE customer.id = told.id AND customer.last_contact_at IS DISTINCT FROM told.at",
            [list(customers)],
        )


def followed_sales(brought: HistoryImport) -> QuerySet[Opportunity]:
    """Opportunities of this history with which somebody went on: changed, moved, made a meeting."""
    acts = AuditEntry.objects.filter(
        object_type="customers.opportunity", object_id=OuterRef("pk"), verb__in=TOUCHES
    )
    made = Opportunity.objects.filter(history_import=brought)
    return made.annotate(moved=Count("moves", distinct=True), met=Count("appointments")).filter(
        Q(Exists(acts)) | Q(moved__gt=1) | Q(met__gt=0)
    )


def _staying_and_going(
    brought: HistoryImport, followed_contacts: Sequence[int]
) -> tuple[list[int], list[tuple[int, int]]]:
    """The contacts that somebody has gone on with, and the others with their customers."""
    mine = Contact.objects.filter(history_import=brought)
    kept = mine.filter(
        Q(pk__in=followed_contacts)
        | Q(voided_at__isnull=False)
        | Q(closed_tasks__isnull=False)
        | Q(appointments__isnull=False)
    )
    staying = sorted(set(kept.values_list("pk", flat=True)))
    return staying, list(mine.exclude(pk__in=staying).values_list("pk", "customer"))


@transaction.atomic
def take_back_history(
    *,
    brought: HistoryImport,
    followed_contacts: Sequence[int],
    reason: str,
    by: Person,
    now: datetime,
) -> TakenBack:
    """Delete what a history brought; what somebody went on with stays, and is told.

    `followed_contacts` are those whose next step somebody has worked on (the upper room knows).
    The caller holds the customers. Raises HistoryNotTakenBack.
    """
    if not reason.strip():
        raise HistoryNotTakenBack.because("reason_missing")
    claimed = HistoryImport.objects.filter(pk=brought.pk, revoked_at=None).update(
        revoked_at=now, revoked_by=by
    )
    if not claimed:
        raise HistoryNotTakenBack.because("taken_back_already")

    kept_sales = sorted(followed_sales(brought).values_list("pk", flat=True))
    kept, going = _staying_and_going(brought, followed_contacts)
    _rows, by_model = (
        Opportunity.objects.filter(history_import=brought).exclude(pk__in=kept_sales).delete()
    )
    gone_sales = by_model.get("customers.Opportunity", 0)
    with connection.cursor() as cursor:  # many, and the trigger lets imported ones go
        cursor.execute(
            "DELETE FROM customers_contact WHERE id = ANY(%s)", [[pk for pk, _c in going]]
        )
    customers = sorted({customer for _pk, customer in going})
    count_last_contacts(customers)

    audit.record(
        verb="take_back_history",
        of=brought,
        by=by,
        reason=reason,
        contacts=len(going),
        opportunities=gone_sales,
        kept=len(kept) + len(kept_sales),
    )
    return TakenBack(
        contacts=[pk for pk, _customer in going],
        opportunities=gone_sales,
        customers=customers,
        kept_contacts=kept,
        kept_opportunities=kept_sales,
    )
