"""What happened with one customer, as rows of one shape that other rooms' rows can join.

Plain SQL: building a union of so many querysets took the ORM longer than all else on the card.
Every part finds its rows by an index that begins with the customer, or by the customer's own few
products and opportunities.
"""

from collections.abc import Mapping

from django.db.models import QuerySet, TextChoices

from customers.models import Contact, Customer


class TimelineKind(TextChoices):
    """What a row of the timeline is; also their order within one moment."""

    REGISTERED = "a_registered"
    ARRIVAL = "aa_arrival"
    INQUIRY = "ab_inquiry"
    MERGE = "ac_merge"
    KEEPER = "ad_keeper"
    QUIET = "ae_quiet"
    CHANGED = "aea_changed"
    MEMBER = "af_member"
    KEY_PERSON = "ag_key_person"
    GRADE = "b_grade"
    PROPOSAL = "ba_proposal"
    INTENT = "bb_intent"
    TASK = "c_task"
    STAGE = "ca_stage"
    BOOKED = "cb_booked"
    APPOINTMENT = "cc_appointment"
    GREETING = "cd_greeting"
    REPORTED_UP = "ce_reported_up"
    INVITED = "cf_invited"
    PRODUCT = "d_product"
    REDELIVERED = "d_redelivered"
    EVENT = "da_event"
    PICTURE = "db_picture"
    MEASURING = "dc_measuring"
    DEAL = "dca_deal"
    DEAL_UNDONE = "dcb_deal_undone"
    QUOTE = "dcc_quote"
    ORDER = "dcd_order"
    CASE = "dd_case"
    CONTACT = "e_contact"
    SURVEY = "f_survey"


def contacts_of(customer: Customer) -> QuerySet[Contact]:
    """The contacts of one customer, newest first."""
    return customer.contacts.select_related("by", "on_behalf_of", "voided_by").order_by(
        "-occurred_at", "-pk"
    )


# Each: when, kind and key of the row, the person's id, up to three codes of the kind's own, text,
# standing, the id of another person (for whom a contact was made; to whom a case or what was
# reported up went), and another moment that the kind speaks of.
# `NAMED` puts names to the ids, once for the rows of a page: a join in each part took PostgreSQL
# longer to plan than all parts to run.
# Parameters: customer; zone for days without an hour, which begin at its midnight; zh, whether
# what is named in both languages is wanted in Chinese.
TIMELINE: Mapping[TimelineKind, str] = {
    TimelineKind.CONTACT: """
    SELECT contact.occurred_at AS at, 'e_contact' AS kind, contact.id AS row, contact.by_id AS who,
           contact.channel AS code, contact.outcome AS code2,
           concat_ws('|', contact.reason, NULLIF(contact.override, '')) AS code3,
           contact.note AS text,
           CASE WHEN contact.voided_at IS NOT NULL THEN 'void'
                WHEN NOT contact.reached THEN 'no'
                WHEN contact.is_late_entry THEN 'late'
                WHEN contact.is_imported THEN 'imported'
                ELSE '' END AS standing,
           contact.on_behalf_of_id AS other, contact.logged_at AS entered
      FROM customers_contact contact
     WHERE contact.customer_id = %(customer)s
    """,
    TimelineKind.GRADE: """
    SELECT change.at AS at, 'b_grade' AS kind, change.id AS row, change.by_id AS who,
           change.before AS code, change.after AS code2, '' AS code3, change.reason AS text,
           '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_gradechange change
     WHERE change.customer_id = %(customer)s
    """,
    TimelineKind.PROPOSAL: """
    SELECT proposal.decided_at AS at, 'ba_proposal' AS kind, proposal.id AS row,
           proposal.decided_by_id AS who, proposal.before AS code, proposal.after AS code2,
           proposal.because AS code3, proposal.reason AS text, '' AS standing,
           NULL::bigint AS other,
           NULL::timestamptz AS entered
      FROM customers_gradeproposal proposal
     WHERE proposal.customer_id = %(customer)s AND proposal.state = 'declined'
    """,
    TimelineKind.INTENT: """
    SELECT change.at AS at, 'bb_intent' AS kind, change.id AS row, change.by_id AS who,
           change.before AS code, change.after AS code2, '' AS code3, '' AS text,
           '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_intentchange change
     WHERE change.customer_id = %(customer)s
    """,
    TimelineKind.REGISTERED: """
    SELECT customer.registered_at AS at, 'a_registered' AS kind, customer.id AS row,
           customer.registered_by_id AS who, customer.source AS code, '' AS code2, '' AS code3,
           '' AS text,
           '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_customer customer
     WHERE customer.id = %(customer)s
    """,
    TimelineKind.ARRIVAL: """
    SELECT arrival.at AS at, 'aa_arrival' AS kind, arrival.id AS row,
           arrival.by_id AS who, arrival.source AS code, '' AS code2, '' AS code3,
           arrival.campaign AS text, '' AS standing, NULL::bigint AS other,
           NULL::timestamptz AS entered
      FROM customers_arrival arrival
     WHERE arrival.customer_id = %(customer)s
    """,
    TimelineKind.INQUIRY: """
    SELECT lead.received_at AS at, 'ab_inquiry' AS kind, lead.id AS row,
           lead.closed_by_id AS who, origin.source AS code, '' AS code2, '' AS code3,
           concat_ws(' · ', NULLIF(lead.need, ''), NULLIF(lead.campaign, '')) AS text,
           '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_lead lead
      JOIN customers_leadsource origin ON origin.id = lead.origin_id
     WHERE lead.customer_id = %(customer)s AND lead.state = 'accepted'
    """,
    TimelineKind.MERGE: """
    SELECT merge.at AS at, 'ac_merge' AS kind, merge.id AS row, merge.by_id AS who,
           other.name AS code, '' AS code2, '' AS code3, merge.reason AS text,
           CASE WHEN merge.undone_at IS NULL THEN '' ELSE 'undone' END AS standing,
           NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_merge merge
      JOIN customers_customer other ON other.id = merge.merged_id
     WHERE merge.kept_id = %(customer)s
    """,
    TimelineKind.KEEPER: """
    SELECT entry.at AS at, 'ad_keeper' AS kind, entry.id AS row,
           entry.by_id AS who, COALESCE(former.name, '') AS code,
           COALESCE(latter.name, '') AS code2, '' AS code3, entry.reason AS text,
           '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM core_auditentry entry
      LEFT JOIN staff_person former ON former.id = (entry.detail ->> 'before')::bigint
      LEFT JOIN staff_person latter ON latter.id = (entry.detail ->> 'after')::bigint
     WHERE entry.object_type = 'customers.customer' AND entry.object_id = %(customer)s
       AND entry.verb = 'assign'
    """,
    TimelineKind.QUIET: """
    SELECT entry.at AS at, 'ae_quiet' AS kind, entry.id AS row,
           entry.by_id AS who, entry.detail ->> 'after' AS code,
           COALESCE(entry.detail ->> 'because', '') AS code2, '' AS code3,
           entry.reason AS text, '' AS standing, NULL::bigint AS other,
           NULL::timestamptz AS entered
      FROM core_auditentry entry
     WHERE entry.object_type = 'customers.customer' AND entry.object_id = %(customer)s
       AND entry.verb = 'set_quiet'
    """,
    TimelineKind.CHANGED: """
    SELECT entry.at AS at, 'aea_changed' AS kind, entry.id AS row, entry.by_id AS who,
           entry.verb AS code, COALESCE(entry.detail ->> 'new_numbers', '') AS code2, '' AS code3,
           COALESCE((SELECT string_agg(field.name, ',')
                       FROM jsonb_array_elements_text(entry.detail -> 'fields') field (name)), '')
           AS text, '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM core_auditentry entry
     WHERE entry.object_type = 'customers.customer' AND entry.object_id = %(customer)s
       AND entry.verb IN ('update', 'main_number', 'retire_number', 'take_up_number')
    """,
    TimelineKind.MEMBER: """
    SELECT member.added_at AS at, 'af_member' AS kind, member.id AS row, member.added_by_id AS who,
           member.relation AS code, '' AS code2, '' AS code3, member.name AS text,
           '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_householdmember member
     WHERE member.customer_id = %(customer)s
    """,
    TimelineKind.KEY_PERSON: """
    SELECT member.added_at AS at, 'ag_key_person' AS kind, member.id AS row,
           member.added_by_id AS who,
           member.role AS code, '' AS code2, '' AS code3,
           concat_ws(' · ', member.name, NULLIF(member.position, '')) AS text,
           '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_keyperson member
     WHERE member.customer_id = %(customer)s
    """,
    TimelineKind.STAGE: """
    SELECT move.at AS at, 'ca_stage' AS kind, move.id AS row, move.by_id AS who,
           COALESCE(CASE WHEN %(zh)s THEN former.name_zh ELSE former.name_en END, '') AS code,
           CASE WHEN %(zh)s THEN latter.name_zh ELSE latter.name_en END AS code2,
           latter.kind AS code3,
           concat_ws(' · ', COALESCE(NULLIF(sale.product, ''), brand.name),
                     CASE WHEN latter.kind = 'lost' THEN NULLIF(sale.lost_note, '') END) AS text,
           CASE WHEN latter.kind = 'lost' THEN sale.lost_reason ELSE '' END AS standing,
           NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_opportunity sale
      JOIN customers_stagemove move ON move.opportunity_id = sale.id
      JOIN customers_stage latter ON latter.id = move.after_id
      LEFT JOIN customers_stage former ON former.id = move.before_id
      LEFT JOIN stock_brand brand ON brand.id = sale.brand_id
     WHERE sale.customer_id = %(customer)s
    """,
    TimelineKind.BOOKED: """
    SELECT booking.made_at AS at, 'cb_booked' AS kind, booking.id AS row, booking.made_by_id AS who,
           booking.kind AS code, 'booked' AS code2, person.name AS code3, booking.place AS text,
           '' AS standing, NULL::bigint AS other, booking.starts_at AS entered
      FROM customers_appointment booking
      JOIN staff_person person ON person.id = booking.person_id
     WHERE booking.customer_id = %(customer)s
    """,
    TimelineKind.APPOINTMENT: """
    SELECT booking.closed_at AS at, 'cc_appointment' AS kind, booking.id AS row,
           booking.closed_by_id AS who,
           booking.kind AS code, booking.state AS code2, '' AS code3, booking.result AS text,
           '' AS standing, NULL::bigint AS other, booking.starts_at AS entered
      FROM customers_appointment booking
     WHERE booking.customer_id = %(customer)s AND booking.closed_at IS NOT NULL
    """,
    TimelineKind.PRODUCT: """
    SELECT COALESCE(product.delivered_at,
                    COALESCE(product.delivered_on, product.purchased_on)::timestamp
                    AT TIME ZONE %(zone)s) AS at,
           'd_product' AS kind, product.id AS row, product.sold_by_id AS who,
           CASE WHEN product.delivered_on IS NULL THEN 'purchased' ELSE 'delivered' END AS code,
           product.gone_reason AS code2, '' AS code3, product.product AS text,
           CASE WHEN product.delivered_at IS NULL THEN 'day' ELSE '' END AS standing,
           NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_ownedproduct product
     WHERE product.customer_id = %(customer)s
    """,
    TimelineKind.REDELIVERED: """
    SELECT entry.at AS at, 'd_redelivered' AS kind, entry.id AS row, entry.by_id AS who,
           COALESCE(entry.detail #>> '{days,delivered_on,0}', '') AS code,
           COALESCE(entry.detail #>> '{days,delivered_on,1}', '') AS code2, '' AS code3,
           concat_ws(' · ', product.product, NULLIF(entry.reason, '')) AS text,
           '' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_ownedproduct product
      JOIN core_auditentry entry ON entry.object_type = 'customers.ownedproduct'
       AND entry.object_id = product.id AND entry.verb = 'change_product'
     WHERE product.customer_id = %(customer)s
       AND entry.detail -> 'days' ?| ARRAY['delivered_on', 'delivered_at']
       AND entry.detail #>> '{days,delivered_on,0}' IS DISTINCT FROM ''
    """,
    TimelineKind.EVENT: """
    SELECT event.on::timestamp AT TIME ZONE %(zone)s AS at, 'da_event' AS kind, event.id AS row,
           event.noted_by_id AS who, event.kind AS code,
           CASE WHEN event.voided_at IS NULL THEN '' ELSE 'void' END AS code2, '' AS code3,
           concat_ws(' · ', product.product, NULLIF(event.text, '')) AS text,
           'day' AS standing, NULL::bigint AS other, NULL::timestamptz AS entered
      FROM customers_ownedproduct product
      JOIN customers_productevent event ON event.product_id = product.id
     WHERE product.customer_id = %(customer)s
    """,
    TimelineKind.PICTURE: """
    SELECT picture.added_at AS at, 'db_picture' AS kind, picture.id AS row,
           picture.added_by_id AS who,
           picture.kind AS code, CASE WHEN picture.removed_at IS NULL THEN '' ELSE 'gone' END
           AS code2, '' AS code3, picture.caption AS text, '' AS standing, NULL::bigint AS other,
           NULL::timestamptz AS entered
      FROM customers_attachment picture
     WHERE picture.customer_id = %(customer)s AND picture.kind <> 'evidence'
    """,
}

# The rows of a page, `{page}`, with names; a moment's rows in the order of their kinds.
NAMED = """
    SELECT page.at, page.kind, page.row, COALESCE(person.name, ''), page.code, page.code2,
           page.code3, page.text, page.standing, COALESCE(other.name, ''), page.entered
      FROM ({page}) page
      LEFT JOIN staff_person person ON person.id = page.who
      LEFT JOIN staff_person other ON other.id = page.other
     ORDER BY page.at DESC, page.kind DESC, page.row DESC
"""
