"""Suspecting that two cards are one customer's; a person decides, the system never does."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.addresses import Address, key_of_address
from core.addresses import parse as parse_address
from core.keyring import keyring
from core.phones import Phone, line_of
from core.refusals import Refused
from core.services import audit
from customers.models import Customer, CustomerPhone, Suspicion
from customers.states import CLOSE_RELATIONS, SuspicionReason, SuspicionState
from staff.models import Person

# Cards that one card is held against, for each of the reasons.
MOST_CANDIDATES = 20
# Cards of one address: where more have it, it names a building or a street and no home.
MOST_SHARERS = 5
SUREST_FIRST = (
    SuspicionReason.HOUSEHOLD,
    SuspicionReason.WECHAT,
    SuspicionReason.NAME,
    SuspicionReason.ADDRESS,
)

# For each asked card those that may be the same person's, each reason by an index of its own. An
# equal address key says little before both addresses are compared (`core.addresses`): it comes
# with the two texts.
_OF_CARDS = """
    WITH asked AS (
        SELECT id, name, wechat, address, address_key,
               birth_year, birth_month, birth_day, birth_is_lunar
          FROM customers_customer WHERE id = ANY(%(ids)s) AND merged_into_id IS NULL),
    number AS (
        SELECT phone.customer_id, phone.key
          FROM customers_customerphone phone JOIN asked ON asked.id = phone.customer_id)
"""
# A card that is not there yet: the number and the address that were typed, and nothing else.
_OF_TYPED = """
    WITH asked AS (
        SELECT 0::bigint AS id, '' AS name, '' AS wechat, %(address)s AS address,
               %(address_key)s AS address_key, NULL::integer AS birth_year,
               NULL::integer AS birth_month, NULL::integer AS birth_day,
               FALSE AS birth_is_lunar),
    number AS (SELECT 0::bigint AS customer_id, %(number)s::bytea AS key)
"""
_CANDIDATES = """
    SELECT 'household' AS because, asked.id, phone.customer_id, '', ''
      FROM asked
      JOIN customers_householdmember member ON member.customer_id = asked.id
       AND member.relation = ANY(%(close)s) AND member.key IS NOT NULL
      JOIN customers_customerphone phone ON phone.key = member.key
     UNION ALL
    SELECT 'household', asked.id, member.customer_id, '', ''
      FROM asked
      JOIN number ON number.customer_id = asked.id
      CROSS JOIN LATERAL (
          SELECT customer_id FROM customers_householdmember
           WHERE key = number.key AND relation = ANY(%(close)s) LIMIT %(most)s) member
     UNION ALL
    SELECT 'wechat', asked.id, other.id, '', ''
      FROM asked CROSS JOIN LATERAL (
          SELECT id FROM customers_customer
           WHERE UPPER(wechat) = UPPER(asked.wechat) AND merged_into_id IS NULL
           LIMIT %(most)s) other
     WHERE asked.wechat <> ''
     UNION ALL
    SELECT 'name', asked.id, other.id, '', ''
      FROM asked CROSS JOIN LATERAL (
          SELECT id FROM customers_customer
           WHERE birth_month = asked.birth_month AND birth_day = asked.birth_day
             AND birth_year = asked.birth_year
             AND birth_is_lunar = asked.birth_is_lunar AND name = asked.name
             AND merged_into_id IS NULL
           LIMIT %(most)s) other
     WHERE asked.birth_year IS NOT NULL AND asked.birth_day IS NOT NULL
     UNION ALL
    SELECT 'address', asked.id, other.id, asked.address, other.address
      FROM asked CROSS JOIN LATERAL (
          SELECT id, address, count(*) OVER () AS sharers
            FROM (SELECT id, address FROM customers_customer
                   WHERE address_key = asked.address_key AND address_key <> ''
                     AND merged_into_id IS NULL
                   LIMIT %(sharers)s + 1) alike) other
     WHERE asked.address_key LIKE '%%|%%' AND other.sharers <= %(sharers)s
"""

# Landlines of others that end alike, the oldest first; whether they are one line shows unsealed.
# `OFFSET 0`: the few that end alike are found first, by their last digits, and joined then.
_ALIKE = """
    SELECT phone.customer_id, phone.cipher, other.customer_id, other.cipher
      FROM customers_customerphone phone
      JOIN customers_customer asked ON asked.id = phone.customer_id AND asked.merged_into_id IS NULL
     CROSS JOIN LATERAL (
          SELECT found.customer_id, found.cipher
            FROM (SELECT id, customer_id, cipher FROM customers_customerphone
                   WHERE last4 = phone.last4 AND masked = phone.masked
                     AND customer_id <> phone.customer_id AND NOT is_placeholder
                  OFFSET 0) found
            JOIN customers_customer card ON card.id = found.customer_id
             AND card.merged_into_id IS NULL
           ORDER BY found.id LIMIT %(most)s) other
     WHERE phone.customer_id = ANY(%(ids)s) AND phone.masked LIKE '*%%'
       AND NOT phone.is_placeholder
"""

# In order, so that two who raise the same pairs at once wait for each other and never in a ring.
_RAISE = """
    INSERT INTO customers_suspicion (first_id, second_id, because, state, raised_at, raised_by_id,
                                     note)
    SELECT pair.first_id, pair.second_id, pair.because, 'open', %(now)s, %(by)s, ''
      FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[], %(reasons)s::text[])
           AS pair(first_id, second_id, because)
      JOIN customers_customer first ON first.id = pair.first_id AND first.merged_into_id IS NULL
      JOIN customers_customer second ON second.id = pair.second_id
       AND second.merged_into_id IS NULL
     ORDER BY pair.first_id, pair.second_id
    ON CONFLICT (first_id, second_id) DO NOTHING
"""


class SuspicionNotDecided(Refused):
    """A suspicion was not decided."""

    messages = {
        "decided_already": _("Somebody has decided this in the meantime."),
        "reason_missing": _("Say why these are different customers."),
    }


@lru_cache(maxsize=10_000)
def _taken_apart(address: str) -> Address:
    """Each address of an import is compared with some others."""
    return parse_address(address)


def _pairs_of_cards(ids: Sequence[int]) -> Iterator[tuple[tuple[int, int], str]]:
    return _pairs(_OF_CARDS, {"ids": list(ids), "sharers": MOST_SHARERS})


def _pairs(asked: str, params: dict[str, Any]) -> Iterator[tuple[tuple[int, int], str]]:
    """Each pair of cards that may be one customer, with the reason; the surest comes first."""
    params |= {"close": list(CLOSE_RELATIONS), "most": MOST_CANDIDATES + 1}
    with connection.cursor() as cursor:
        cursor.execute(asked + _CANDIDATES, params)
        rows = sorted(cursor.fetchall(), key=lambda row: SUREST_FIRST.index(row[0]))
    for because, card, other, address, others_address in rows:
        if card == other:
            continue
        is_same = because != SuspicionReason.ADDRESS or (
            _taken_apart(address).may_be(_taken_apart(others_address))
        )
        if is_same:
            yield (min(card, other), max(card, other)), because


def _pairs_of_lines(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pairs of cards whose landlines are equal but for the extension (FIL-31).

    A switchboard has many: a card is held against as many others as there are places.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"ids": list(ids), "most": MOST_CANDIDATES})
        rows = cursor.fetchall()
    opened = lru_cache(maxsize=None)(keyring().decrypt)
    for card, number, other, others_number in rows:
        if line_of(opened(bytes(number))) == line_of(opened(bytes(others_number))):
            yield min(card, other), max(card, other)


def _cards_of_line(phone: Phone) -> set[int]:
    """The cards that `_pairs_of_lines` would find, were a card opened with this number."""
    if not phone.masked.startswith("*") or phone.is_nobodys:
        return set()
    rows = CustomerPhone.objects.filter(
        last4=phone.last4, masked=phone.masked, is_placeholder=False, customer__merged_into=None
    ).order_by("pk")
    found = rows.values_list("customer", "cipher")[:MOST_CANDIDATES]
    line = line_of(phone.e164)
    return {card for card, number in found if line_of(keyring().decrypt(number)) == line}


def suspect_many(*, customers: Sequence[int], by: Person | None, now: datetime) -> int:
    """Hold these cards against all others and raise what may be one customer (FIL-32, DAT-02).

    Answers with how many suspicions are new. A pair is raised once: one that was decided stays
    decided. Bounded for each card, by indexes alone.
    """
    reasons: dict[tuple[int, int], str] = dict.fromkeys(
        _pairs_of_lines(customers), SuspicionReason.LINE
    )
    for pair, because in _pairs_of_cards(customers):
        reasons.setdefault(pair, because)
    if not reasons:
        return 0
    params: dict[str, Any] = {
        "firsts": [first for first, _second in reasons],
        "seconds": [second for _first, second in reasons],
        "reasons": list(reasons.values()),
        "by": by.pk if by else None,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, params)
        return cursor.rowcount


def suspects_of_typed(*, phone: Phone, address: str) -> frozenset[int]:
    """The cards of which a customer would be suspected to be one, were a card opened now with
    this number and this address (FIL-32). Nothing is raised.
    """
    params = {
        "address": address,
        "address_key": key_of_address(address),
        "number": keyring().index(phone.e164),
        "sharers": MOST_SHARERS - 1,  # the card itself will be one of them
    }
    alike = {max(pair) for pair, _because in _pairs(_OF_TYPED, params)}
    return frozenset(alike | _cards_of_line(phone))


def suspect(customer: Customer, *, by: Person, now: datetime) -> int:
    """Hold one card against all others, whenever something on it was written."""
    return suspect_many(customers=[customer.pk], by=by, now=now)


@transaction.atomic
def decide_different(*, suspicion: Suspicion, reason: str, by: Person, now: datetime) -> None:
    """These are two customers, and the question is not asked again. Raises SuspicionNotDecided."""
    if not reason.strip():
        raise SuspicionNotDecided.because("reason_missing")

    decided = Suspicion.objects.filter(pk=suspicion.pk, state=SuspicionState.OPEN).update(
        state=SuspicionState.DIFFERENT, decided_at=now, decided_by=by, note=reason.strip()[:200]
    )
    if not decided:
        raise SuspicionNotDecided.because("decided_already")
    audit.record(
        verb="tell_apart",
        of=suspicion,
        by=by,
        reason=reason,
        first=suspicion.first_id,
        second=suspicion.second_id,
    )
