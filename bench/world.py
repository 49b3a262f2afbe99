"""A company of any size for the engine's bench, written by a handful of set-based statements.

Brought in the day before: three customers of five own something delivered in the last five years,
two of five have a birthday (a quarter of these by the lunar calendar), and the plans are those
that ship. Numbers, contacts and orders are left out: the engine reads none of them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, transaction

PEOPLE_A_STORE = 9
CUSTOMERS_A_PERSON = 100
DAYS = 1800  # over so many days customers came and products were delivered

STAFF = (
    "INSERT INTO staff_region (name) SELECT 'Region ' || n FROM generate_series(1, 10) n",
    """
    INSERT INTO staff_store (code, name, region_id, kind, trade, opens_at, closes_at, zone,
                             is_active)
    SELECT 'B' || n, 'Store ' || n, region.id, 'store',
           (ARRAY['cars', 'furniture', 'cars', 'mattresses'])[n %% 4 + 1],
           '09:00', '21:30', 'Asia/Shanghai', true
      FROM generate_series(1, %(stores)s) n
      JOIN staff_region region ON region.name = 'Region ' || (n %% 10 + 1)
    """,
    """
    INSERT INTO staff_person (username, name, role, store_id, password, email, language, is_active,
                              is_staff, is_superuser, is_system, awaits_confirmation)
    SELECT 'b' || store.id || '.' || k, 'Person ' || k,
           CASE k WHEN 0 THEN 'store_manager' ELSE 'sales_store' END, store.id, %(password)s,
           '', '', true, false, false, false, false
      FROM staff_store store, generate_series(0, %(people)s - 1) k WHERE store.code LIKE 'B%%'
     ORDER BY store.id, k
    """,
    # Every tenth store has a sales manager by duty; the others are led by the store's manager.
    """
    INSERT INTO staff_duty (person_id, kind, store_id, starts_on)
    SELECT min(person.id) + 1, 'sales_manager', store_id, '2020-01-01'
      FROM staff_person person WHERE store_id %% 10 = 0 GROUP BY store_id
    """,
)

CUSTOMERS = """
    WITH seller AS (
        SELECT id, store_id, row_number() OVER (ORDER BY id) - 1 AS n
          FROM staff_person WHERE username LIKE 'b%%.%%')
    INSERT INTO customers_customer
           (name, title, search, wechat, owner_id, store_id, grade, quiet, source, referrer_text,
            need, expected_purchase, budget, address, address_key, contact_time, note,
            registered_at, registered_by_id, last_contact_at,
            birth_month, birth_day, birth_is_lunar, birth_is_leap_month, birthday_noted_at)
    SELECT 'Customer ' || i, '', 'customer ' || i, '', seller.id, seller.store_id,
           (ARRAY['A', 'B1', 'B2', 'B2', 'B2', 'C1', 'C2', 'B2', 'B2', 'D'])[i %% 10 + 1],
           '', '', '', '', '', '', '', '', '', '',
           %(noted)s::timestamptz - make_interval(days => i * 7 %% %(days)s + 1), seller.id,
           CASE WHEN i %% 3 > 0 THEN
               %(noted)s::timestamptz - make_interval(days => i * 11 %% 90 + 1) END,
           CASE WHEN i %% 5 < 2 THEN i * 5 %% 12 + 1 END,
           CASE WHEN i %% 5 < 2 THEN i * 13 %% 28 + 1 END,
           i %% 20 = 0, false, CASE WHEN i %% 5 < 2 THEN %(noted)s::timestamptz END
      FROM generate_series(1, %(customers)s) i
      JOIN seller ON seller.n = i %% %(sellers)s
     ORDER BY i
"""

PRODUCTS = """
    WITH seen AS (
        SELECT customer.*, store.trade, (customer.id * 7919 + k * 631) %% %(days)s AS ago
          FROM customers_customer customer JOIN staff_store store ON store.id = customer.store_id
          CROSS JOIN generate_series(1, CASE WHEN customer.id %% 20 = 3 THEN 2 ELSE 1 END) k
         WHERE customer.id %% 5 < 3),
    dated AS (SELECT seen.*, %(today)s::date - ago::integer - 1 AS delivered_on FROM seen)
    INSERT INTO customers_ownedproduct
           (customer_id, store_id, product, serial, sold_by_id, purchased_on, purchased_noted_at,
            delivered_on, delivered_at, delivered_noted_at, insurance_until, insurer,
            first_service_on, warranty_until, terms_noted_at)
    SELECT id, store_id, 'Product', '', owner_id, delivered_on - 7, %(noted)s, delivered_on,
           CASE WHEN id %% 2 = 0 THEN
               (delivered_on + time '15:30') AT TIME ZONE 'Asia/Shanghai' END, %(noted)s,
           CASE trade WHEN 'cars' THEN
               (delivered_on + make_interval(years => (ago / 365)::integer + 1))::date END, '',
           CASE trade WHEN 'cars' THEN delivered_on + 180 END,
           delivered_on + 1095, %(noted)s
      FROM dated ORDER BY id
"""

PEOPLE = (
    """
    INSERT INTO customers_householdmember
           (customer_id, relation, name, note, added_by_id, masked, last4,
            birth_month, birth_day, birth_is_lunar, birth_is_leap_month, birthday_noted_at)
    SELECT id, 'spouse', '', '', owner_id, '', '',
           id * 3 %% 12 + 1, id * 17 %% 28 + 1, id %% 4 = 0, false, %(noted)s
      FROM customers_customer WHERE id %% 5 = 1
    """,
    """
    INSERT INTO customers_keyperson
           (customer_id, name, position, role, note, added_by_id, masked, last4,
            birth_month, birth_day, birth_is_lunar, birth_is_leap_month, birthday_noted_at)
    SELECT id, 'Somebody', '', '', '', owner_id, '', '',
           id * 7 %% 12 + 1, id * 19 %% 28 + 1, false, false, %(noted)s
      FROM customers_customer WHERE id %% 50 = 4
    """,
)


@dataclass(frozen=True, kw_only=True)
class World:
    """How large, and the day on which it is brought in."""

    customers: int
    today: date
    noted_at: datetime


# Indexes that only find rows: put back when the rows are there, which takes a fifth of the time.
_MERE_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
     WHERE tablename IN ('customers_customer', 'customers_ownedproduct')
       AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


@transaction.atomic
def build(world: World) -> None:
    """Write the company into a migrated database."""
    people = max(PEOPLE_A_STORE, world.customers // CUSTOMERS_A_PERSON)
    params: dict[str, Any] = {
        "customers": world.customers,
        "stores": people // PEOPLE_A_STORE,
        "people": PEOPLE_A_STORE,
        "sellers": people // PEOPLE_A_STORE * PEOPLE_A_STORE,
        "password": UNUSABLE_PASSWORD_PREFIX,
        "today": world.today,
        "noted": world.noted_at,
        "days": DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MERE_INDEXES)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for statement in (*STAFF, CUSTOMERS, PRODUCTS, *PEOPLE):
            cursor.execute(statement, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
