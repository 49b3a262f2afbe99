"""What the card says of a customer that stands in other tables: one statement, in plain SQL.

As annotations the ORM took longer to word it than PostgreSQL to answer.
"""

from typing import TYPE_CHECKING, Any, TypedDict

from django.db import connection

from customers.models import Customer

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Number(TypedDict):
        pk: int
        masked: str
        retired_at: str | None

    class _Known(TypedDict):
        phone: str | None
        numbers: list[_Number]
        interest_words: list[str]
        tag_names: list[str]
        proposed: dict[str, Any] | None
        is_doubted: bool

    KnownCustomer = WithAnnotations[Customer, _Known]
else:
    KnownCustomer = Customer

KNOWN = """
    SELECT (SELECT phone.masked FROM customers_customerphone phone
             WHERE phone.customer_id = %(customer)s AND phone.retired_at IS NULL
             ORDER BY phone.is_primary DESC, phone.id LIMIT 1),
           (SELECT coalesce(json_agg(json_build_object('pk', phone.id, 'masked', phone.masked,
                                                       'retired_at', phone.retired_at)
                                     ORDER BY phone.is_primary DESC, phone.id), '[]')
              FROM customers_customerphone phone WHERE phone.customer_id = %(customer)s),
           ARRAY(SELECT coalesce(nullif(interest.text, ''), style.number, brand.name)
                   FROM customers_interest interest
                   LEFT JOIN stock_style style ON style.id = interest.style_id
                   LEFT JOIN stock_brand brand ON brand.id = interest.brand_id
                  WHERE interest.customer_id = %(customer)s ORDER BY interest.id),
           ARRAY(SELECT tag.name FROM customers_taggedcustomer tagged
                   JOIN customers_tag tag ON tag.id = tagged.tag_id
                  WHERE tagged.customer_id = %(customer)s ORDER BY tag.name, tagged.id),
           (SELECT json_build_object('pk', proposal.id, 'after', proposal.after,
                                     'because', proposal.because)
              FROM customers_gradeproposal proposal
             WHERE proposal.customer_id = %(customer)s AND proposal.state = 'open'),
           EXISTS (SELECT FROM customers_suspicion doubt
                    WHERE doubt.first_id = %(customer)s AND doubt.state = 'open')
           OR EXISTS (SELECT FROM customers_suspicion doubt
                       WHERE doubt.second_id = %(customer)s AND doubt.state = 'open')
"""


def with_what_is_known(customer: Customer) -> KnownCustomer:
    """The customer with masked numbers, interests, tags and the open proposal of a grade.

    `is_doubted` says that the card may be another's, too.
    """
    known: Any = customer
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"customer": customer.pk})
        (
            known.phone,
            known.numbers,
            known.interest_words,
            known.tag_names,
            known.proposed,
            known.is_doubted,
        ) = cursor.fetchone()
    return known
