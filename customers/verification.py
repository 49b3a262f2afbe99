"""Whether customers are stored as the rules say: numbers, projects, the last contact."""

from collections.abc import Iterator

from core.keyring import keyring
from core.phones import PhoneRefused, PhoneUnreadable, mask, normalise
from core.verification import Difference, id_batches, rows_of
from customers.models import CustomerPhone

_WITHOUT_PRIMARY = """
    SELECT customer_id, count(*) FILTER (WHERE is_primary) FROM customers_customerphone
     GROUP BY customer_id HAVING count(*) FILTER (WHERE is_primary) <> 1 ORDER BY customer_id
"""

_WITHOUT_PROJECT = """
    SELECT customer.id FROM customers_customer customer
     WHERE customer.merged_into_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM customers_project project
                        WHERE project.customer_id = customer.id)
     ORDER BY customer.id
"""

_WRONG_LAST_CONTACT = """
    SELECT customer.id, customer.last_contact_at, told.at
      FROM customers_customer customer
      LEFT JOIN (SELECT customer_id, max(occurred_at) AS at FROM customers_contact
                  WHERE is_effective AND voided_at IS NULL GROUP BY customer_id) told
        ON told.customer_id = customer.id
     WHERE customer.last_contact_at IS DISTINCT FROM told.at
     ORDER BY customer.id
"""

_WRONG_VALUE = """
    WITH worth AS (
        SELECT customer_id, sum(price) AS total, count(*) AS times,
               max(GREATEST(purchased_on, delivered_on)) AS last_on
          FROM customers_ownedproduct
         WHERE gone_reason NOT IN ('mistake', 'returned')
           AND (purchased_on IS NOT NULL OR delivered_on IS NOT NULL)
         GROUP BY customer_id)
    SELECT customer.id,
           ARRAY[customer.bought_total::text, customer.bought_count::text,
                 customer.last_bought_on::text],
           ARRAY[LEAST(COALESCE(worth.total, 0), 9999999999.99)::numeric(12, 2)::text,
                 COALESCE(worth.times, 0)::text, worth.last_on::text]
      FROM customers_customer customer LEFT JOIN worth ON worth.customer_id = customer.id
     WHERE customer.bought_total <> LEAST(COALESCE(worth.total, 0), 9999999999.99)
        OR customer.bought_count <> COALESCE(worth.times, 0)
        OR customer.last_bought_on IS DISTINCT FROM worth.last_on
     ORDER BY customer.id
"""


# Tables whose rows all go along when cards are merged. Of access and tags, which stand once on a
# card, the merged card keeps what the kept one has already.
_HANGING = (
    "customers_contact",
    "customers_project",
    "customers_ownedproduct",
    "customers_opportunity",
    "customers_appointment",
    "customers_attachment",
    "customers_customerphone",
    "customers_householdmember",
    "customers_keyperson",
    "customers_interest",
    "customers_arrival",
    "customers_lead",
    "customers_gradechange",
    "customers_intentchange",
    "orders_order",
    "orders_quote",
    "orders_credit",
    "orders_statement",
    "filings_measuring",
    "filings_filing",
    "filings_filingevent",
    "filings_deal",
    "filings_dispute",
    "followups_task",
    "followups_obligation",
    "followups_anchorday",
)

_LEFT_BEHIND = """
    SELECT merged.id, row.id FROM {table} row
      JOIN customers_customer merged ON merged.id = row.customer_id
     WHERE merged.merged_into_id IS NOT NULL
     ORDER BY row.id
"""

_MERGES = """
    SELECT customer.id, customer.merged_into_id, standing.kept_id
      FROM customers_customer customer
      FULL JOIN (SELECT merged_id, kept_id FROM customers_merge WHERE undone_at IS NULL) standing
        ON standing.merged_id = customer.id
     WHERE customer.merged_into_id IS DISTINCT FROM standing.kept_id
     ORDER BY customer.id
"""


def merge_differences() -> Iterator[Difference]:
    """A merged card says into which it went, and nothing hangs on it any more (DAT-02)."""
    for customer, stored, expected in rows_of(_MERGES):
        yield Difference(
            check="merged_into", where={"customer": customer}, stored=stored, expected=expected
        )
    for table in _HANGING:
        for customer, row in rows_of(_LEFT_BEHIND.format(table=table)):
            where = {"customer": customer, "table": table, "row": row}
            yield Difference(check="left_on_merged_card", where=where)


def primary_number_differences() -> Iterator[Difference]:
    """Whoever has numbers has exactly one main number."""
    for customer, count in rows_of(_WITHOUT_PRIMARY):
        yield Difference(
            check="primary_number", where={"customer": customer}, stored=count, expected=1
        )


def number_differences() -> Iterator[Difference]:
    """What is stored beside each sealed number follows from it: key, masked text, last four."""
    for ids in id_batches(CustomerPhone.objects.all()):
        for row in CustomerPhone.objects.filter(pk__in=ids).order_by("pk"):
            for name in _wrong_fields(row):
                yield Difference(
                    check=f"number_{name}", where={"customer": row.customer_id, "number": row.pk}
                )


def _wrong_fields(row: CustomerPhone) -> Iterator[str]:
    """Which fields do not follow from the sealed number; never the number itself."""
    keys = keyring()
    try:
        e164 = keys.decrypt(row.cipher)
        phone = normalise(e164)
    except PhoneUnreadable:
        yield "unreadable"
        return
    except PhoneRefused:
        yield "not_a_number"
        return
    derived = {
        "not_normal": phone.e164 == e164,
        "key": bytes(row.key) == keys.index(e164),
        "masked": row.masked == mask(e164),
        "last4": row.last4 == phone.last4,
        "placeholder": row.is_placeholder == phone.is_placeholder,
    }
    yield from (name for name, is_right in derived.items() if not is_right)


def project_differences() -> Iterator[Difference]:
    """Every customer has at least one project (decision 1)."""
    for (customer,) in rows_of(_WITHOUT_PROJECT):
        yield Difference(check="project_missing", where={"customer": customer})


def last_contact_differences() -> Iterator[Difference]:
    """The last contact on a card is the last effective one that stands (FIL-29)."""
    for customer, stored, expected in rows_of(_WRONG_LAST_CONTACT):
        yield Difference(
            check="last_contact", where={"customer": customer}, stored=stored, expected=expected
        )


def value_differences() -> Iterator[Difference]:
    """What customers bought is added up on their cards as their products say."""
    for customer, stored, expected in rows_of(_WRONG_VALUE):
        yield Difference(
            check="value", where={"customer": customer}, stored=stored, expected=expected
        )
