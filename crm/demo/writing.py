"""Drafts into rows: thousands at a time by COPY, ids taken beforehand.

What a contact agreed on and a later one fulfilled is written as a closed obligation on a closed
task, as the services leave it. What is still open is left loose: the engine puts it on tasks.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from itertools import pairwise

from core.addresses import key_of_address
from core.keyring import keyring
from core.names import search_text
from core.phones import normalise
from core.services.copying import copy_rows, take_ids
from crm.demo.company import ZONE
from crm.demo.drafts import Draft, Talk
from customers import rules as customer_rules
from customers.states import NextKind
from followups import rules
from followups.models import Step
from followups.states import Anchor, MoveReason, State, Way

CUSTOMERS, PROJECTS = "customers_customer", "customers_project"
CONTACTS, TASKS = "customers_contact", "followups_task"
CUSTOMER_COLUMNS = (
    "id", "name", "title", "search", "wechat", "owner_id", "store_id", "grade", "quiet", "source",
    "referrer_text", "need", "expected_purchase", "budget", "address", "address_key",
    "contact_time", "birth_year", "birth_month", "birth_day", "birth_is_lunar",
    "birth_is_leap_month", "note", "first_seen_at", "registered_at", "registered_by_id",
    "last_contact_at", "next_contact_on", "intent", "company", "job", "hobbies", "home_area",
    "home_layout", "home_style", "decoration", "birthday_noted_at",
)  # fmt: skip
CONTACT_COLUMNS = (
    "id", "customer_id", "by_id", "channel", "outcome", "reached", "is_effective",
    "is_late_entry", "is_imported", "repeats_last_note", "reason", "note", "occurred_at",
    "logged_at", "next_kind", "next_on", "next_at", "next_text", "none_reason", "grade",
    "void_reason",
)  # fmt: skip
TASK_COLUMNS = (
    "id", "customer_id", "assignee_id", "day", "shown_on", "due_at", "is_timed",
    "has_hour_limit", "is_care", "state", "moved_reason", "skip_reason", "contact_id",
    "closed_at", "closed_by_id", "made_at",
)  # fmt: skip
TABLES: dict[str, tuple[str, ...]] = {
    CUSTOMERS: CUSTOMER_COLUMNS,
    "customers_customerphone": (
        "customer_id", "cipher", "key", "masked", "last4", "is_primary", "is_placeholder",
        "added_at",
    ),
    PROJECTS: (
        "id", "customer_id", "name", "address", "address_key", "opened_at", "opened_by_id",
    ),
    "customers_ownedproduct": (
        "customer_id", "store_id", "product", "serial", "sold_by_id", "purchased_on",
        "purchased_noted_at", "delivered_on", "delivered_at", "delivered_noted_at",
        "insurance_until", "insurer", "colour", "plate", "price", "warranty_until",
        "terms_noted_at", "added_at",
    ),
    CONTACTS: CONTACT_COLUMNS,
    "customers_gradechange": ("customer_id", "before", "after", "by_id", "at", "reason"),
    TASKS: TASK_COLUMNS,
    "followups_obligation": (
        "step_id", "subject_id", "occurrence", "customer_id", "assignee_id", "due_on", "due_at",
        "shown_on", "is_timed", "way", "text", "state", "task_id", "made_at", "closed_at", "cause",
    ),
    "orders_order": (
        "number", "ordered_on", "customer_id", "project_id", "store_id", "seller_id", "made_at",
    ),
}  # fmt: skip
LOGGED_AFTER = timedelta(minutes=4)
# Reading a name takes as long as all else on a card, and names come again.
_search_text = cache(search_text)


@dataclass(kw_only=True)
class Rows:
    """What is to be copied, a list a table, in the order in which rows refer to each other."""

    of: dict[str, list[tuple]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def write(self) -> None:
        for table, columns in TABLES.items():
            if self.of[table]:
                copy_plain(table, columns, self.of[table])


def copy_plain(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Copy rows in which members of enumerations stand for their values."""
    copy_rows(
        table,
        columns,
        ([each.value if isinstance(each, Enum) else each for each in row] for row in rows),
    )


def write_drafts(drafts: Sequence[Draft], *, asked_since: datetime) -> list[int]:
    """Write these customers with all that is known of them; returns their ids in order.

    Birthdays are asked for since then.
    """
    agreed_id = Step.objects.values_list("pk", flat=True).get(anchor=Anchor.NEXT_STEP)
    talks = sum(len(draft.talks) for draft in drafts)
    contact_ids, task_ids = iter(take_ids(CONTACTS, talks)), iter(take_ids(TASKS, talks))
    customer_ids = take_ids(CUSTOMERS, len(drafts))
    project_ids = take_ids(PROJECTS, len(drafts))
    rows = Rows()
    for customer_id, project_id, draft in zip(customer_ids, project_ids, drafts, strict=True):
        _add_card(rows, customer_id, project_id, draft, asked_since)
        _add_products(rows, customer_id, project_id, draft)
        told = [(next(contact_ids), talk) for talk in draft.talks]
        rows.of[CONTACTS] += [_contact(customer_id, pk, talk) for pk, talk in told]
        for agreement in _agreements(told):
            _add_agreement(rows, customer_id, agreed_id, next(task_ids), agreement)
        rows.of["customers_gradechange"] += [
            (customer_id, before, after, draft.registered_by_id, at + LOGGED_AFTER, "")
            for at, before, after in draft.grades
        ]
    rows.write()
    return customer_ids


def _add_card(
    rows: Rows, customer_id: int, project_id: int, draft: Draft, asked_since: datetime
) -> None:
    address_key = key_of_address(draft.address)
    year, month, day, is_lunar = draft.birth or (None, None, None, False)
    rows.of[CUSTOMERS].append(
        (
            customer_id, draft.name, draft.title, _search_text(draft.name, draft.company),
            draft.wechat, draft.owner_id, draft.store_id, draft.grade.value, draft.quiet.value,
            draft.source,
            draft.referrer_text, draft.need, draft.expected_purchase, draft.budget,
            draft.address, address_key, draft.contact_time, year, month, day, is_lunar, False,
            draft.note, draft.first_seen_at, draft.registered_at, draft.registered_by_id,
            max((talk.at for talk in draft.talks if _is_effective(talk)), default=None),
            # As the engine will say for most; a hundred thousand cards are not written twice.
            draft.talks[-1].next_on if draft.talks else None,
            draft.intent, draft.company, draft.job, draft.hobbies, draft.home_area,
            draft.home_layout, draft.home_style, draft.decoration,
            max(draft.registered_at, asked_since) if month else None,
        )
    )  # fmt: skip
    rows.of[PROJECTS].append(
        (
            project_id, customer_id, "", draft.address, address_key, draft.registered_at,
            draft.registered_by_id,
        )
    )  # fmt: skip
    keys = keyring()
    for index, number in enumerate(draft.phones):
        phone = normalise(number)
        rows.of["customers_customerphone"].append(
            (
                customer_id, keys.encrypt(phone.e164), keys.index(phone.e164), phone.masked,
                phone.last4, index == 0, phone.is_nobodys, draft.registered_at,
            )
        )  # fmt: skip


def _add_products(rows: Rows, customer_id: int, project_id: int, draft: Draft) -> None:
    for bought in draft.bought:
        added_at = bought.purchased_noted_at or bought.delivered_noted_at
        rows.of["customers_ownedproduct"].append(
            (
                customer_id, draft.store_id, bought.product, bought.serial, bought.sold_by_id,
                bought.purchased_on, bought.purchased_noted_at, bought.delivered_on,
                bought.delivered_at, bought.delivered_noted_at, bought.insurance_until,
                bought.insurer, bought.colour, bought.plate, bought.price, bought.warranty_until,
                added_at if bought.insurance_until or bought.warranty_until else None, added_at,
            )
        )  # fmt: skip
        if bought.order_number:
            rows.of["orders_order"].append(
                (
                    bought.order_number, bought.purchased_on, customer_id, project_id,
                    draft.store_id, bought.sold_by_id, added_at,
                )
            )  # fmt: skip


def _logged_at(talk: Talk) -> datetime:
    return talk.logged_at or talk.at + LOGGED_AFTER


def _is_late(talk: Talk) -> bool:
    return customer_rules.is_late_entry(occurred_at=talk.at, logged_at=_logged_at(talk))


def _is_effective(talk: Talk) -> bool:
    return customer_rules.is_effective(
        channel=talk.channel, outcome=talk.outcome, is_late=_is_late(talk)
    )


def _contact(customer_id: int, pk: int, talk: Talk) -> tuple:
    return (
        pk, customer_id, talk.by_id, talk.channel, talk.outcome,
        customer_rules.is_reached(talk.outcome), _is_effective(talk), _is_late(talk),
        talk.is_imported, False, talk.reason, talk.note, talk.at, _logged_at(talk),
        talk.next_kind, talk.next_on, talk.next_at, talk.next_text, talk.none_reason,
        talk.grade.value, "",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """A dated next step: the contact that agreed on it, and the one that did it, if any has."""

    contact_id: int
    talk: Talk
    on: date
    tried_again_on: date | None
    done_by: tuple[int, Talk] | None


def _agreements(told: Sequence[tuple[int, Talk]]) -> Iterator[Agreement]:
    """The dated next steps of a history; an attempt in between moved the task to another day."""
    reached = [index for index, (_pk, talk) in enumerate(told) if not _is_attempt(talk)]
    for index, following in pairwise([*reached, len(told)]):
        contact_id, talk = told[index]
        if talk.next_on is None or talk.next_kind in ("", NextKind.NONE):
            continue
        attempts = [attempt.next_on for _pk, attempt in told[index + 1 : following]]
        yield Agreement(
            contact_id=contact_id,
            talk=talk,
            on=talk.next_on,
            tried_again_on=attempts[-1] if attempts else None,
            done_by=told[following] if following < len(told) else None,
        )


def _is_attempt(talk: Talk) -> bool:
    return not talk.next_kind and not talk.is_imported


def _add_agreement(
    rows: Rows, customer_id: int, step_id: int, task_id: int, agreement: Agreement
) -> None:
    talk, done_by = agreement.talk, agreement.done_by
    due_at = talk.next_at or rules.end_of_day(agreement.on, ZONE)
    is_timed, made_at = talk.next_at is not None, _logged_at(talk)
    closed_at = _logged_at(done_by[1]) if done_by else None
    if done_by is not None:
        day = agreement.tried_again_on or agreement.on
        moved = MoveReason.NO_ANSWER if agreement.tried_again_on else ""
        rows.of[TASKS].append(
            (
                task_id, customer_id, talk.by_id, day, day, due_at, is_timed,
                False, False, State.DONE, moved, "", done_by[0], closed_at, done_by[1].by_id,
                made_at,
            )
        )  # fmt: skip
    rows.of["followups_obligation"].append(
        (
            step_id, customer_id, agreement.contact_id, customer_id, talk.by_id, agreement.on,
            due_at, agreement.on, is_timed, Way(talk.next_kind), talk.next_text,
            State.DONE if done_by else State.OPEN, task_id if done_by else None, made_at,
            closed_at, "",
        )
    )  # fmt: skip
