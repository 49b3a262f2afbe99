"""What orders add to a customer's timeline: rows of the shape of `customers.queries.timeline`.

Parameters beside its own: orders and quotes, the ids of what the reader sees; null is all.
"""

from collections.abc import Mapping

from customers.queries import TimelineKind

ORDER_TIMELINE: Mapping[TimelineKind, str] = {
    TimelineKind.QUOTE: """
    SELECT quote.quoted_at AS at, 'dcc_quote' AS kind, quote.id AS row, quote.seller_id AS who,
           quote.state AS code, '' AS code2, quote.amount::text AS code3,
           concat_ws(' · ', quote.number, NULLIF(quote.declined_reason, '')) AS text,
           CASE WHEN quote.state = 'declined' THEN 'no' ELSE '' END AS standing,
           NULL::bigint AS other, NULL::timestamptz AS entered
      FROM orders_quote quote
     WHERE quote.customer_id = %(customer)s
       AND (%(quotes)s::bigint[] IS NULL OR quote.id = ANY (%(quotes)s::bigint[]))
    """,
    # A deposit that was a deal stands there as the deal; what happens to goods on their way, and
    # between clerks, stands on the page of the order alone.
    TimelineKind.ORDER: """
    SELECT event.at AS at, 'dcd_order' AS kind, event.id AS row, event.by_id AS who,
           event.kind AS code, paper.id::text AS code2, paper.number AS code3,
           (event.params || jsonb_build_object('product', line.product, 'note', event.note))::text
           AS text,
           CASE WHEN event.kind IN ('cancelled', 'payment_returned', 'delivery_voided') THEN 'no'
                ELSE '' END AS standing,
           NULL::bigint AS other, NULL::timestamptz AS entered
      FROM orders_order paper
      JOIN orders_orderevent event ON event.order_id = paper.id
      LEFT JOIN orders_orderline line ON line.id = event.line_id
     WHERE paper.customer_id = %(customer)s
       AND (%(orders)s::bigint[] IS NULL OR paper.id = ANY (%(orders)s::bigint[]))
       AND event.kind IN ('received', 'imported', 'signed', 'paid', 'payment_returned',
                          'delivered', 'delivery_voided', 'return_asked', 'return_settled',
                          'credit_made', 'credit_refunded', 'cancelled')
       AND NOT (event.kind = 'paid' AND event.params ->> 'of' = 'deposit'
                AND EXISTS (SELECT FROM filings_deal deal
                             WHERE deal.customer_id = %(customer)s
                               AND deal.order_no = paper.number AND deal.kind = 'deposit'
                               AND deal.at = event.at))
    """,
}
