"""What happened with one customer, as rows of one shape that other rooms' rows can join.

Plain SQL: building a union of five querysets took the ORM longer than all else on the card.
"""

from django.db.models import QuerySet, TextChoices

from customers.models import Contact, Customer


class TimelineKind(TextChoices):
    """What a row of the timeline is; also their order within one moment."""

    REGISTERED = "a_registered"
    GRADE = "b_grade"
    TASK = "c_task"
    PRODUCT = "d_product"
    CONTACT = "e_contact"


def contacts_of(customer: Customer) -> QuerySet[Contact]:
    """The contacts of one customer, newest first."""
    return customer.contacts.select_related("by", "on_behalf_of", "voided_by").order_by(
        "-occurred_at", "-pk"
    )


# Each: when, kind and key of the row, who, up to three codes of the kind's own, text, standing,
# for whom it was done, and when it was entered.
# Parameters: customer, and zone for days without an hour, which begin at its midnight.
TIMELINE = (
    """
    SELECT contact.occurred_at AS at, 'e_contact' AS kind, contact.id AS row, person.name AS who,
           contact.channel AS code, contact.outcome AS code2, contact.reason AS code3,
           contact.note AS text,
           CASE WHEN contact.voided_at IS NOT NULL THEN 'void'
                WHEN NOT contact.reached THEN 'no'
                WHEN contact.is_late_entry THEN 'late'
                WHEN contact.is_imported THEN 'imported'
                ELSE '' END AS standing,
           COALESCE(other.name, '') AS behalf, contact.logged_at AS entered
      FROM customers_contact contact
      JOIN staff_person person ON person.id = contact.by_id
      LEFT JOIN staff_person other ON other.id = contact.on_behalf_of_id
     WHERE contact.customer_id = %(customer)s
    """,
    """
    SELECT change.at, 'b_grade', change.id, person.name, change.before, change.after, '',
           change.reason, '', '', NULL
      FROM customers_gradechange change
      JOIN staff_person person ON person.id = change.by_id
     WHERE change.customer_id = %(customer)s
    """,
    """
    SELECT customer.registered_at, 'a_registered', customer.id, person.name, customer.source,
           '', '', '', '', '', NULL
      FROM customers_customer customer
      JOIN staff_person person ON person.id = customer.registered_by_id
     WHERE customer.id = %(customer)s
    """,
    """
    SELECT COALESCE(product.delivered_at,
                    COALESCE(product.delivered_on, product.purchased_on)::timestamp
                    AT TIME ZONE %(zone)s),
           'd_product', product.id, COALESCE(person.name, ''),
           CASE WHEN product.delivered_on IS NULL THEN 'purchased' ELSE 'delivered' END,
           product.gone_reason, '', product.product,
           CASE WHEN product.delivered_at IS NULL THEN 'day' ELSE '' END, '', NULL
      FROM customers_ownedproduct product
      LEFT JOIN staff_person person ON person.id = product.sold_by_id
     WHERE product.customer_id = %(customer)s
    """,
)
