"""Whether orders are stored as their rows say: sums, goods, reminders, commission, history.

Each check is one statement that reckons anew from the rows and never believes what is kept: the
many that are as they should be stay in the database. What customers are reminded of is held
against these days in the other direction by `followups.order_verification`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from core.verification import Difference, rows_of
from orders.verifying_goods import (
    CARD_PRODUCT,
    DELIVERED_PIECES,
    DELIVERED_STATE,
    DELIVERY_OFF_CARD,
    LINE_STATE,
    RETURN_UNSETTLED,
    RETURNED_PIECES,
)

# What is paid of each order and what it costs, from lines, payments, credits and offsets.
_RECKONED = """
    line AS (
        SELECT order_id, sum(CASE WHEN state = 'cancelled' THEN 0
                                  ELSE (qty - returned_qty) * agreed_price END) AS amount,
               count(*) FILTER (WHERE state <> 'cancelled') AS lines_all,
               count(*) FILTER (WHERE state NOT IN ('open', 'allocated', 'cancelled'))
                   AS lines_submitted,
               count(*) FILTER (WHERE state IN ('arrived', 'ready', 'shipped', 'delivered'))
                   AS lines_arrived,
               count(*) FILTER (WHERE state = 'delivered') AS lines_delivered
          FROM orders_orderline GROUP BY order_id),
    money AS (
        SELECT order_id, sum(amount) AS paid, sum(unconfirmed) AS unconfirmed
          FROM (SELECT order_id, amount,
                       CASE WHEN confirmed_at IS NULL THEN amount ELSE 0 END AS unconfirmed
                  FROM orders_payment WHERE returned_at IS NULL
                 UNION ALL SELECT order_id, -amount, 0 FROM orders_credit
                 UNION ALL SELECT order_id, amount, 0 FROM orders_credituse
                            WHERE order_id IS NOT NULL AND refused_at IS NULL) moved
         GROUP BY order_id),
    due AS (
        SELECT due.order_id, sum(due.amount) AS asked,
               sum(CASE WHEN due.kind IN ('ordered', 'before_delivery')
                          OR due.kind = 'on_day' AND due.due_on <= sold.current_on
                        THEN due.amount ELSE 0 END) AS due_before
          FROM orders_due due JOIN orders_order sold ON sold.id = due.order_id
         GROUP BY due.order_id),
    reckoned AS (
        SELECT sold.id, line.amount, COALESCE(money.paid, 0) AS paid,
               COALESCE(money.unconfirmed, 0) AS unconfirmed,
               COALESCE(due.asked, 0) AS asked, COALESCE(due.due_before, 0) AS due_before,
               COALESCE(line.lines_all, 0) AS lines_all,
               COALESCE(line.lines_submitted, 0) AS lines_submitted,
               COALESCE(line.lines_arrived, 0) AS lines_arrived,
               COALESCE(line.lines_delivered, 0) AS lines_delivered
          FROM orders_order sold
          LEFT JOIN line ON line.order_id = sold.id
          LEFT JOIN money ON money.order_id = sold.id
          LEFT JOIN due ON due.order_id = sold.id)
"""
ORDER_SUMS = f"""
    WITH {_RECKONED}
    SELECT sold.id, kept.name, kept.stored, kept.expected
      FROM orders_order sold JOIN reckoned ON reckoned.id = sold.id
     CROSS JOIN LATERAL (VALUES
           ('amount', sold.amount, reckoned.amount),
           ('paid', sold.paid, reckoned.paid),
           ('unconfirmed', sold.unconfirmed, reckoned.unconfirmed),
           ('due_before', sold.due_before, reckoned.due_before),
           ('lines_all', sold.lines_all, reckoned.lines_all),
           ('lines_submitted', sold.lines_submitted, reckoned.lines_submitted),
           ('lines_arrived', sold.lines_arrived, reckoned.lines_arrived),
           ('lines_delivered', sold.lines_delivered, reckoned.lines_delivered)
         ) kept (name, stored, expected)
     WHERE kept.stored IS DISTINCT FROM kept.expected
     ORDER BY sold.id, kept.name
"""
OVERPAID = f"""
    WITH {_RECKONED}
    SELECT id, paid, amount FROM reckoned WHERE paid < 0 OR paid > amount ORDER BY id
"""
SETTLED_OPEN = f"""
    WITH {_RECKONED}
    SELECT sold.id, reckoned.paid - reckoned.unconfirmed, reckoned.amount
      FROM orders_order sold JOIN reckoned ON reckoned.id = sold.id
     WHERE sold.state IN ('settled', 'archived')
       AND (reckoned.amount IS DISTINCT FROM reckoned.paid OR reckoned.unconfirmed <> 0)
     ORDER BY sold.id
"""
DUES = f"""
    WITH {_RECKONED}
    SELECT id, asked, COALESCE(amount, 0) FROM reckoned
     WHERE asked <> COALESCE(amount, 0) ORDER BY id
"""
# Days whose parameters may have changed since are only held to be there.
DUE_DAY = """
    SELECT due.order_id, due.id, due.due_on, day.expected
      FROM orders_due due JOIN orders_order sold ON sold.id = due.order_id
     CROSS JOIN LATERAL (
           SELECT CASE WHEN due.kind = 'ordered' THEN sold.ordered_on
                       WHEN due.kind = 'on_day' THEN due.due_on
                       WHEN COALESCE(sold.delivered_on, sold.current_on) IS NULL THEN NULL
                       WHEN due.kind = 'on_delivery'
                       THEN COALESCE(sold.delivered_on, sold.current_on)
                       ELSE COALESCE(due.due_on, sold.delivered_on, sold.current_on)
                   END AS expected) day
     WHERE due.due_on IS DISTINCT FROM day.expected
     ORDER BY due.id
"""
CREDIT_USED = """
    SELECT credit.id, credit.used, COALESCE(gone.amount, 0)
      FROM orders_credit credit
      LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM orders_credituse
                  WHERE refused_at IS NULL GROUP BY credit_id) gone ON gone.credit_id = credit.id
     WHERE credit.used <> COALESCE(gone.amount, 0) OR COALESCE(gone.amount, 0) > credit.amount
     ORDER BY credit.id
"""
BILLS = """
    SELECT payment.order_id, bill.id, bill.state, 'returned'
      FROM orders_bill bill JOIN orders_payment payment ON payment.id = bill.payment_id
     WHERE bill.state = 'bounced' AND payment.returned_at IS NULL
     ORDER BY bill.id
"""

# Each: the anchor, its subject, of whom, on which day, and whether it rests.
_EXPECTED_DAYS = """
    SELECT 'order_delivery' AS anchor, id AS subject, customer_id, current_on AS day,
           FALSE AS rests
      FROM orders_order
     WHERE state IN ('received', 'checked', 'confirmed') AND delivered_on IS NULL
       AND current_on IS NOT NULL AND due_before > paid
     UNION ALL
    SELECT 'receivable', owed.id, sold.customer_id, owed.due_on, owed.disputed_at IS NOT NULL
      FROM (SELECT id, order_id, kind, due_on, disputed_at,
                   sum(amount) OVER (PARTITION BY order_id ORDER BY due_on NULLS LAST, position)
                       AS up_to
              FROM orders_due) owed
      JOIN orders_order sold ON sold.id = owed.order_id
     WHERE owed.up_to > sold.paid AND owed.due_on IS NOT NULL AND sold.state <> 'cancelled'
       AND (sold.delivered_on IS NOT NULL OR owed.kind = 'on_day')
     UNION ALL
    SELECT 'credit', credit.id, sold.customer_id, credit.refundable_from, FALSE
      FROM orders_credit credit JOIN orders_order sold ON sold.id = credit.order_id
     WHERE credit.used < credit.amount
"""
DAYS = f"""
    WITH expected AS ({_EXPECTED_DAYS}),
    standing AS (
        SELECT anchor, subject_id AS subject, customer_id, "on" AS day,
               paused_from IS NOT NULL AS rests
          FROM followups_anchorday
         WHERE ended_at IS NULL AND anchor IN ('order_delivery', 'receivable', 'credit'))
    SELECT COALESCE(expected.anchor, standing.anchor),
           COALESCE(expected.subject, standing.subject),
           COALESCE(expected.customer_id, standing.customer_id),
           CASE WHEN standing.subject IS NOT NULL
                THEN concat_ws(' ', standing.customer_id, standing.day,
                               CASE WHEN standing.rests THEN 'rests' END) END,
           CASE WHEN expected.subject IS NOT NULL
                THEN concat_ws(' ', expected.customer_id, expected.day,
                               CASE WHEN expected.rests THEN 'rests' END) END
      FROM expected FULL JOIN standing USING (anchor, subject)
     WHERE (expected.customer_id, expected.day, expected.rests)
           IS DISTINCT FROM (standing.customer_id, standing.day, standing.rests)
     ORDER BY 1, 2
"""
NEWS = """
    SELECT day.subject_id, day.customer_id, COALESCE(event.kind, 'none'), sold.state
      FROM followups_anchorday day
      LEFT JOIN orders_orderevent event ON event.id = day.subject_id
      LEFT JOIN orders_order sold ON sold.id = event.order_id
     WHERE day.anchor = 'order_news' AND day.ended_at IS NULL
       AND (event.id IS NULL OR event.kind NOT IN ('date_changed', 'incident', 'slip_noted')
            OR sold.state = 'cancelled' OR sold.customer_id <> day.customer_id
            OR event.kind = 'date_changed' AND sold.delivered_on IS NOT NULL)
     ORDER BY day.subject_id
"""

# A claw-back is the share of what came back by the rate and the part that were written down; a
# payment is in the history once.
CLAWED_BACK = """
    SELECT entry.order_id, entry.id, entry.amount, told.amount
      FROM orders_commissionentry entry
      JOIN orders_return goods ON goods.id = entry.goods_back_id
      LEFT JOIN LATERAL (
           SELECT max(round(goods.amount * (params ->> 'rate')::numeric
                            * (params ->> 'percent')::numeric / 10000, 2)) AS amount
             FROM orders_orderevent
            WHERE order_id = entry.order_id AND kind = 'commission_clawed_back'
              AND line_id = goods.line_id AND (params ->> 'of')::numeric = goods.amount
           ) told ON TRUE
     WHERE entry.kind = 'clawed_back'
       AND (entry.amount IS DISTINCT FROM told.amount OR entry.order_id <> goods.order_id
            OR goods.state <> 'settled' OR goods.kind <> 'return' OR goods.cause <> 'customer')
     ORDER BY entry.id
"""
PAID_COMMISSION = """
    WITH entry AS (
        SELECT order_id, sum(amount) AS amount FROM orders_commissionentry
         WHERE kind = 'paid' GROUP BY order_id),
    told AS (
        SELECT order_id, sum((params ->> 'amount')::numeric) AS amount FROM orders_orderevent
         WHERE kind = 'commission_paid' GROUP BY order_id)
    SELECT order_id, entry.amount, told.amount FROM entry FULL JOIN told USING (order_id)
     WHERE entry.amount IS DISTINCT FROM told.amount ORDER BY order_id
"""

# Each row that names an order and a row of an order: both are the same one's.
_OF_ONE_ORDER = (
    ("orders_orderevent", "line_id", "orders_orderline"),
    ("orders_milestone", "line_id", "orders_orderline"),
    ("orders_datechange", "line_id", "orders_orderline"),
    ("orders_incident", "line_id", "orders_orderline"),
    ("orders_return", "line_id", "orders_orderline"),
    ("orders_return", "new_line_id", "orders_orderline"),
    ("orders_return", "credit_id", "orders_credit"),
    ("orders_slip", "payment_id", "orders_payment"),
    ("orders_commissionentry", "goods_back_id", "orders_return"),
)
OTHER_ORDER = (
    " UNION ALL ".join(
        f"SELECT '{table}', part.id, part.order_id, named.order_id FROM {table} part"
        f" JOIN {named} named ON named.id = part.{column} WHERE named.order_id <> part.order_id"
        for table, column, named in _OF_ONE_ORDER
    )
    + """
     UNION ALL
    SELECT 'orders_deliveryline', part.id, delivery.order_id, line.order_id
      FROM orders_deliveryline part
      JOIN orders_delivery delivery ON delivery.id = part.delivery_id
      JOIN orders_orderline line ON line.id = part.line_id
     WHERE line.order_id <> delivery.order_id
     ORDER BY 1, 2
"""
)
OTHER_CUSTOMER = """
    SELECT 'orders_credit', credit.id, credit.customer_id, sold.customer_id
      FROM orders_credit credit JOIN orders_order sold ON sold.id = credit.order_id
     WHERE credit.customer_id <> sold.customer_id
     UNION ALL
    SELECT 'orders_credituse', used.id, sold.customer_id, credit.customer_id
      FROM orders_credituse used
      JOIN orders_credit credit ON credit.id = used.credit_id
      JOIN orders_order sold ON sold.id = used.order_id
     WHERE credit.customer_id <> sold.customer_id
     UNION ALL
    SELECT 'orders_quote', quote.id, quote.customer_id, sold.customer_id
      FROM orders_quote quote JOIN orders_order sold ON sold.quote_id = quote.id
     WHERE quote.customer_id <> sold.customer_id
     ORDER BY 1, 2
"""
# What was done stands in the history; what the shop's own system did stands there as a whole.
UNTOLD = """
    SELECT act.what, act.id, act.order_id
      FROM (SELECT 'delivery' AS what, 'delivered' AS kind, id, order_id FROM orders_delivery
             WHERE NOT EXISTS (SELECT 1 FROM orders_orderevent event
                                WHERE event.order_id = orders_delivery.order_id
                                  AND event.kind = 'imported')
             UNION ALL SELECT 'credit', 'credit_made', id, order_id FROM orders_credit
             UNION ALL SELECT 'goods_back', 'return_asked', id, order_id FROM orders_return) act
     WHERE NOT EXISTS (SELECT 1 FROM orders_orderevent event
                        WHERE event.order_id = act.order_id AND event.kind = act.kind
                          AND event.params -> act.what = to_jsonb(act.id))
     ORDER BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class _Check:
    """A statement whose rows are `where`, in this order, then what is stored and expected."""

    name: str
    statement: str
    where: tuple[str, ...]

    def differences(self) -> Iterator[Difference]:
        for row in rows_of(self.statement):
            found = dict(zip(self.where, row, strict=False))
            stored, expected = (*row[len(self.where) :], None, None)[:2]
            yield Difference(check=self.name, where=found, stored=stored, expected=expected)


CHECKS = (
    _Check(name="order_sum", statement=ORDER_SUMS, where=("order", "field")),
    _Check(name="order_overpaid", statement=OVERPAID, where=("order",)),
    _Check(name="order_settled_while_open", statement=SETTLED_OPEN, where=("order",)),
    _Check(name="order_dues", statement=DUES, where=("order",)),
    _Check(name="order_due_day", statement=DUE_DAY, where=("order", "due")),
    _Check(name="credit_used", statement=CREDIT_USED, where=("credit",)),
    _Check(name="bill_bounced_but_paid", statement=BILLS, where=("order", "bill")),
    _Check(name="line_delivered", statement=DELIVERED_PIECES, where=("order", "line")),
    _Check(name="line_returned", statement=RETURNED_PIECES, where=("order", "line")),
    _Check(name="line_state", statement=LINE_STATE, where=("order", "line")),
    _Check(name="order_state", statement=DELIVERED_STATE, where=("order",)),
    _Check(name="return_unsettled", statement=RETURN_UNSETTLED, where=("order", "goods_back")),
    _Check(name="delivery_off_card", statement=DELIVERY_OFF_CARD, where=("order", "delivery")),
    _Check(name="delivery_product", statement=CARD_PRODUCT, where=("order", "delivery", "product")),
    _Check(name="order_day", statement=DAYS, where=("anchor", "subject", "customer")),
    _Check(name="order_news", statement=NEWS, where=("event", "customer")),
    _Check(name="commission_clawed_back", statement=CLAWED_BACK, where=("order", "entry")),
    _Check(name="commission_paid", statement=PAID_COMMISSION, where=("order",)),
    _Check(name="of_another_order", statement=OTHER_ORDER, where=("table", "row")),
    _Check(name="of_another_customer", statement=OTHER_CUSTOMER, where=("table", "row")),
    _Check(name="order_history", statement=UNTOLD, where=("what", "row", "order")),
)


def paper_differences() -> Iterator[Difference]:
    """Everything of orders that is stored otherwise than its own rows say."""
    return chain.from_iterable(check.differences() for check in CHECKS)
