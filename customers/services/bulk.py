"""Writing many customers at once, for imports: a handful of statements, however many rows.

The callers have read, compared and locked: what is written here is final. Everything derived
(search words, address keys, sealed numbers) and every trace (audit, grade history) is written as
for a single customer.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import uuid4

from django.db import connection, transaction

from core.addresses import key_of_address
from core.keyring import keyring
from core.names import search_text
from core.phones import Phone
from core.services.copying import copy_rows, take_ids
from customers.models import Customer
from customers.services.identity import suspect_many
from customers.services.register import SHEET_FIELDS
from customers.services.value import recount_value
from customers.states import Grade
from staff.models import Person

CUSTOMERS, PHONES, PROJECTS = "customers_customer", "customers_customerphone", "customers_project"
PRODUCTS, GRADES, AUDIT = "customers_ownedproduct", "customers_gradechange", "core_auditentry"

MANY = 1_000

# Columns of a customer that a sheet can change, beside name, store, keeper and grade.
CARD_COLUMNS = tuple("referrer_id" if name == "referrer" else name for name in SHEET_FIELDS)
EMPTY_CARD = {
    "title": "", "wechat": "", "source": "", "referrer_id": None, "referrer_text": "", "need": "",
    "expected_purchase": "", "expected_on": None, "budget": "", "address": "",
    "contact_time": "", "contact_from": None, "contact_until": None, "birth_year": None,
    "birth_month": None, "birth_day": None, "birth_is_lunar": False,
    "birth_is_leap_month": False, "note": "",
}  # fmt: skip
WRITTEN = ("name", "search", "store_id", "owner_id", "grade", *CARD_COLUMNS, "address_key")
BORN_AFTER = ("brought.birth_month",)
BORN = ("birth_month", "birth_day", "birth_is_lunar", "birth_is_leap_month")


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """One product as a sheet tells it, whole; `id` is that of the row it corrects."""

    product: str
    id: int | None = None
    serial: str = ""
    purchased_on: date | None = None
    delivered_on: date | None = None
    delivered_at: datetime | None = None
    insurance_until: date | None = None
    plate: str = ""
    colour: str = ""
    insurer: str = ""
    warranty_until: date | None = None
    price: Decimal | None = None


# What a sheet tells of a product beside its days of purchase and delivery.
TOLD = ("insurance_until", "plate", "colour", "insurer", "warranty_until", "price")
# Those of them from which care counts, and all that count once the row is written.
TERMS = ("insurance_until", "warranty_until")
TERMS_AFTER = ("brought.insurance_until", "brought.warranty_until", "known.first_service_on")


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """One customer, whole, as the row shall be after the import.

    `id` is None for a new customer. `card` holds `CARD_COLUMNS`, those left out are empty; a
    negative `referrer_id` -k means the k-th new customer of the same import (k = 1 …).
    """

    id: int | None = None
    name: str
    store_id: int
    owner_id: int | None
    grade: Grade
    card: Mapping[str, object] = field(default_factory=dict)
    grade_before: Grade | None = None
    is_card_changed: bool = True
    new_phones: Sequence[Phone] = ()
    has_primary: bool = False
    products: Sequence[ProductFacts] = ()
    changed: Sequence[str] = ()


def _explain_to_history(origin: Mapping[str, object]) -> None:
    """Tell the history triggers, once, why the rows of this transaction are written.

    They look for these settings at each row, and finding none costs them half a millisecond.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', '{}', true),"
            " set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', %s, true)",
            [str(uuid4()), json.dumps(dict(origin))],
        )


@lru_cache(maxsize=50_000)
def _search_words(name: str) -> str:
    """Thousands share a name, and reading it as pinyin takes longer than all else of a row."""
    return search_text(name)


def _columns(facts: CardFacts, new_ids: Sequence[int]) -> list[object]:
    """The values of `WRITTEN` for one customer."""
    card = EMPTY_CARD | dict(facts.card)
    if unknown := card.keys() - EMPTY_CARD.keys():
        raise TypeError(f"not fields of a card: {sorted(unknown)}")
    referrer = card["referrer_id"]
    if isinstance(referrer, int) and referrer < 0:
        card["referrer_id"] = new_ids[-referrer - 1]
    return [
        facts.name,
        _search_words(facts.name),
        facts.store_id,
        facts.owner_id,
        facts.grade.value,
        *(card[column] for column in CARD_COLUMNS),
        key_of_address(str(card["address"])),
    ]


def _keep_companies_findable(ids: Sequence[int]) -> None:
    """A sheet names no company; a card that has one is found by it as before."""
    cards = list(Customer.objects.filter(pk__in=ids).exclude(company=""))
    for card in cards:
        card.search = search_text(card.name, card.company)
    Customer.objects.bulk_update(cards, ["search"], batch_size=MANY)


def _phone_rows(
    customers: Iterable[tuple[int, CardFacts]], now: datetime
) -> Iterator[tuple[object, ...]]:
    keys = keyring()
    for pk, facts in customers:
        for index, phone in enumerate(facts.new_phones):
            yield (
                pk,
                keys.encrypt(phone.e164),
                keys.index(phone.e164),
                phone.masked,
                phone.last4,
                index == 0 and not facts.has_primary,
                phone.is_nobodys,
                now,
            )


def _add_phones(customers: Sequence[tuple[int, CardFacts]], now: datetime) -> None:
    """Seal and keep the new numbers; the unique key refuses one that somebody else just took."""
    copy_rows(
        PHONES,
        ("customer_id", "cipher", "key", "masked", "last4", "is_primary", "is_placeholder",
         "added_at"),
        _phone_rows(customers, now),
    )  # fmt: skip


def _add_products(customers: Iterable[tuple[int, CardFacts]], now: datetime) -> None:
    """Write products not known before, sold by the keeper; learnt of now (decision 9)."""
    rows = [
        (
            pk, facts.store_id, product.product, product.serial, facts.owner_id,
            product.purchased_on, now if product.purchased_on else None,
            product.delivered_on, product.delivered_at, now if product.delivered_on else None,
            *(getattr(product, name) for name in TOLD),
            now if any(getattr(product, name) for name in TERMS) else None, now,
        )
        for pk, facts in customers
        for product in facts.products
        if product.id is None
    ]  # fmt: skip
    copy_rows(
        PRODUCTS,
        ("customer_id", "store_id", "product", "serial", "sold_by_id", "purchased_on",
         "purchased_noted_at", "delivered_on", "delivered_at", "delivered_noted_at", *TOLD,
         "terms_noted_at", "added_at"),
        rows,
    )  # fmt: skip


def _correct_products(customers: Iterable[tuple[int, CardFacts]], now: datetime) -> None:
    """Write what changed on known products; when we learnt of a day stays as it was."""
    rows = [
        (
            product.id, product.product, product.serial, product.purchased_on,
            product.delivered_on, product.delivered_at,
            *(getattr(product, name) for name in TOLD),
        )
        for _pk, facts in customers
        for product in facts.products
        if product.id is not None
    ]  # fmt: skip
    if not rows:
        return
    columns = ("product", "serial", "purchased_on", "delivered_on", "delivered_at", *TOLD)
    with connection.cursor() as cursor:
        _stage(cursor, "brought_products", PRODUCTS, columns, rows)
        cursor.execute(
            f"UPDATE {PRODUCTS} known SET {_assignments(columns)},"  # noqa: S608
            " purchased_noted_at = CASE WHEN brought.purchased_on IS NOT NULL"
            " THEN COALESCE(known.purchased_noted_at, %(now)s) END,"
            " delivered_noted_at = CASE WHEN brought.delivered_on IS NOT NULL"
            " THEN COALESCE(known.delivered_noted_at, %(now)s) END,"
            f" terms_noted_at = {_noted(TERMS, 'terms_noted_at', TERMS_AFTER)}"
            " FROM brought_products brought WHERE brought.id = known.id",
            {"now": now},
        )


def _stage(
    cursor, name: str, like: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Put `rows` (id first) into a temporary table whose columns are typed as those of `like`."""
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(
        f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS"  # noqa: S608
        f" SELECT id, {names} FROM {like} WITH NO DATA"
    )
    copy_rows(name, ("id", *columns), rows)


def _assignments(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}" = brought."{column}"' for column in columns)


def _noted(days: Sequence[str], noted: str, known_by: Sequence[str]) -> str:
    """When we learnt of these days, in an UPDATE: now where one is another, never without one."""
    ours = ", ".join(f"known.{name}" for name in days)
    theirs = ", ".join(f"brought.{name}" for name in days)
    is_there = ", ".join(f"{name}::text" for name in known_by)
    return (
        f"CASE WHEN COALESCE({is_there}) IS NULL THEN NULL"
        f" WHEN ({ours}) IS DISTINCT FROM ({theirs}) THEN %(now)s ELSE known.{noted} END"
    )


def _let_the_planner_look() -> None:
    """Thousands of new rows change which way is fast; autovacuum would notice in a minute."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {CUSTOMERS}, {PHONES}, {PROJECTS}, {PRODUCTS}")


def _trace(
    customers: Iterable[tuple[int, CardFacts]], *, verb: str, by: Person, now: datetime, detail
) -> None:
    """One audit row a customer, naming the fields and never their contents."""
    copy_rows(
        AUDIT,
        ("at", "by_id", "verb", "object_type", "object_id", "store_id", "reason", "detail",
         "request_id"),
        (
            (
                now, by.pk, verb, "customers.customer", pk, facts.store_id, "",
                json.dumps({**detail, "fields": list(facts.changed)} if facts.changed else detail),
                "",
            )
            for pk, facts in customers
        ),
    )  # fmt: skip


@transaction.atomic
def add_customers(
    cards: Sequence[CardFacts], *, by: Person, now: datetime, origin: Mapping[str, object]
) -> list[int]:
    """Open these cards with numbers, a first project and products; returns their ids in order.

    `origin` (codes and ids) says in the audit trail where they came from. Raises IntegrityError
    where a number or serial was taken meanwhile.
    """
    _explain_to_history(origin)
    ids = take_ids(CUSTOMERS, len(cards))
    customers = list(zip(ids, cards, strict=True))
    written = {pk: _columns(facts, ids) for pk, facts in customers}
    born = WRITTEN.index("birth_month")
    copy_rows(
        CUSTOMERS,
        (
            "id",
            *WRITTEN,
            "quiet",
            "first_seen_at",
            "registered_at",
            "registered_by_id",
            "birthday_noted_at",
        ),
        (
            (pk, *values, "", now, now, by.pk, now if values[born] else None)
            for pk, values in written.items()
        ),
    )
    _add_phones(customers, now)
    address, key = WRITTEN.index("address"), WRITTEN.index("address_key")
    copy_rows(
        PROJECTS,
        ("customer_id", "name", "address", "address_key", "opened_at", "opened_by_id"),
        ((pk, "", values[address], values[key], now, by.pk) for pk, values in written.items()),
    )
    _add_products(customers, now)

    recount_value([pk for pk, facts in customers if facts.products])
    _trace(customers, verb="register", by=by, now=now, detail=origin)
    if len(ids) >= MANY:
        _let_the_planner_look()
    suspect_many(customers=ids, by=by, now=now)
    return ids


@transaction.atomic
def change_customers(
    cards: Sequence[CardFacts],
    *,
    by: Person,
    now: datetime,
    origin: Mapping[str, object],
    new_ids: Sequence[int] = (),
) -> None:
    """Write these cards as they shall be; the caller holds the customers' locks.

    `new_ids` are those of the customers added by the same import, for referrers among them.
    Raises IntegrityError where a number or serial was taken meanwhile.
    """
    _explain_to_history(origin)
    customers = [(facts.id, facts) for facts in cards if facts.id is not None]
    rows = [(pk, *_columns(facts, new_ids)) for pk, facts in customers if facts.is_card_changed]
    if rows:
        with connection.cursor() as cursor:
            _stage(cursor, "brought_customers", CUSTOMERS, WRITTEN, rows)
            cursor.execute(
                f"UPDATE {CUSTOMERS} known SET {_assignments(WRITTEN)},"  # noqa: S608
                f" birthday_noted_at = {_noted(BORN, 'birthday_noted_at', BORN_AFTER)}"
                " FROM brought_customers brought WHERE brought.id = known.id",
                {"now": now},
            )
        _keep_companies_findable([pk for pk, facts in customers if facts.is_card_changed])
    _add_phones(customers, now)
    _correct_products(customers, now)
    _add_products(customers, now)
    recount_value([pk for pk, facts in customers if facts.products])

    copy_rows(
        GRADES,
        ("customer_id", "before", "after", "by_id", "at", "reason"),
        (
            (pk, facts.grade_before.value, facts.grade.value, by.pk, now, "")
            for pk, facts in customers
            if facts.grade_before and facts.grade_before != facts.grade
        ),
    )
    _trace(customers, verb="update", by=by, now=now, detail=origin)
    suspect_many(customers=[pk for pk, _facts in customers], by=by, now=now)
