"""The floor of the engine: the least SQL that writes the rows which the engine writes.

Written by hand for the bench's own world and the plans as shipped. It takes everything for
granted that the engine has to find out: that nothing stands yet, nothing moved, nobody holds a
customer, no plan was changed, and whose work it is. Two ways: everything up to a day in one
sweep, and one day's window, found by indexes on the facts themselves.
"""

_ZONE = "'Asia/Shanghai'"
_LIMIT = f"(due_on + 1)::timestamp AT TIME ZONE {_ZONE}"
# The last day of a product's plan, as shipped: until then the grade's cadence stands back.
_ENDS = """(product.delivered_on + make_interval(months =>
              CASE store.trade WHEN 'cars' THEN 60 ELSE 12 END))::date"""
_LAST = f"((GREATEST(registered_at, last_contact_at)) AT TIME ZONE {_ZONE})::date"
_CADENCE = "CASE customer.grade WHEN 'B2' THEN 'C1' ELSE customer.grade END"

_SHIFTED = """CASE step.unit
       WHEN 'months' THEN (anchored.day + make_interval(months => anchored.n))::date
       WHEN 'hours' THEN anchored.day + 1
       WHEN 'working_days' THEN (
           SELECT later.day FROM core_businessday known JOIN core_businessday later
             ON later.is_working AND later.ordinal = known.ordinal + anchored.n
            WHERE known.day = anchored.day)
       ELSE anchored.day + anchored.n END"""
_NUMBER = """step."offset" + (k - 1) * step.every"""

# Everything up to a day.
ALL_CARE = f"""
    SELECT product.customer_id, step.id AS step_id, step.assignee, step.way, step.ahead_days,
           step.unit = 'hours' AS is_hourly, true AS is_care, product.id AS subject_id,
           CASE step.anchor WHEN 'insurance' THEN EXTRACT(year FROM anchored.day)::integer
                            WHEN 'warranty' THEN EXTRACT(year FROM anchored.day)::integer
                            ELSE k END AS occurrence,
           due.due_on, product.sold_by_id,
           CASE WHEN step.unit = 'hours' AND product.delivered_at IS NOT NULL
                THEN product.delivered_at + make_interval(hours => step."offset") END AS exact
      FROM customers_ownedproduct product
      JOIN staff_store store ON store.id = product.store_id
      JOIN followups_plan plan ON store.trade = ANY(plan.trades)
      JOIN followups_step step ON step.plan_id = plan.id
      CROSS JOIN LATERAL generate_series(1, step.times) k
      CROSS JOIN LATERAL (
          SELECT ({_NUMBER}) * CASE WHEN step.is_before THEN -1 ELSE 1 END AS n,
                 CASE step.anchor WHEN 'delivery' THEN product.delivered_on
                                  WHEN 'purchase' THEN product.purchased_on
                                  WHEN 'insurance' THEN product.insurance_until
                                  WHEN 'warranty' THEN product.warranty_until
                                  ELSE product.first_service_on END AS day) anchored
      CROSS JOIN LATERAL (SELECT {_SHIFTED} AS due_on) due
     WHERE anchored.day IS NOT NULL AND due.due_on BETWEEN %(since)s AND %(until)s
"""

ALL_CADENCE = f"""
    SELECT customer.id, step.id, step.assignee, step.way, 0, false, false, customer.id, 1,
           CASE WHEN plain <= ends.ends_on THEN ends.ends_on ELSE last_on END + step."offset",
           NULL::bigint, NULL::timestamptz
      FROM (SELECT customer.*, {_LAST} AS last_on FROM customers_customer customer) customer
      JOIN followups_step step ON step.grade = {_CADENCE}
      CROSS JOIN LATERAL (SELECT last_on + step."offset" AS plain) counted
      LEFT JOIN (SELECT product.customer_id, max({_ENDS}) AS ends_on
                   FROM customers_ownedproduct product
                   JOIN staff_store store ON store.id = product.store_id GROUP BY 1) ends
        ON ends.customer_id = customer.id
     WHERE CASE WHEN plain <= ends.ends_on THEN ends.ends_on ELSE last_on END + step."offset"
           <= %(until)s
"""

# One day, each fact by its index.
_REACHES = """CASE step.unit
      WHEN 'months' THEN (fact.day + make_interval(months => fact.n))::date
      WHEN 'hours' THEN fact.day + 1 WHEN 'working_days' THEN %(until)s
      ELSE fact.day + fact.n END = %(until)s"""
_FROM = """CASE step.unit
      WHEN 'months' THEN (%(until)s::date - make_interval(months => n))::date
      WHEN 'hours' THEN %(until)s::date - 1
      WHEN 'working_days' THEN (
          SELECT min(known.day) FROM core_businessday known JOIN core_businessday later
            ON later.is_working AND later.ordinal = known.ordinal + n
           WHERE later.day = %(until)s::date)
      ELSE %(until)s::date - n END"""
_TO = """CASE step.unit WHEN 'months' THEN first + 3
      WHEN 'working_days' THEN (
          SELECT max(known.day) FROM core_businessday known JOIN core_businessday later
            ON later.is_working AND later.ordinal = known.ordinal + n
           WHERE later.day = %(until)s::date)
      ELSE first END"""


def _day_of(anchor: str, column: str) -> str:
    """The day's care that counts from one column of the product."""
    number = f"EXTRACT(year FROM {column})::integer" if anchor in ("insurance", "warranty") else "k"
    exact = (
        "CASE WHEN step.unit = 'hours' AND product.delivered_at IS NOT NULL"
        ' THEN product.delivered_at + make_interval(hours => step."offset") END'
        if anchor == "delivery"
        else "NULL::timestamptz"
    )
    return f"""
    SELECT product.customer_id, step.id AS step_id, step.assignee, step.way, step.ahead_days,
           step.unit = 'hours' AS is_hourly, true AS is_care, product.id AS subject_id,
           {number} AS occurrence, %(until)s::date AS due_on, product.sold_by_id, {exact} AS exact
      FROM followups_step step
      JOIN followups_plan plan ON plan.id = step.plan_id
      CROSS JOIN LATERAL generate_series(1, step.times) k
      CROSS JOIN LATERAL (
          SELECT ({_NUMBER}) * CASE WHEN step.is_before THEN -1 ELSE 1 END AS n) counted
      CROSS JOIN LATERAL (SELECT {_FROM} AS first) lower
      CROSS JOIN LATERAL (SELECT {_TO} AS last) upper
      JOIN customers_ownedproduct product ON product.{column} BETWEEN lower.first AND upper.last
      JOIN staff_store store ON store.id = product.store_id AND store.trade = ANY(plan.trades)
      CROSS JOIN LATERAL (SELECT product.{column} AS day, counted.n) fact
     WHERE step.anchor = '{anchor}' AND {_REACHES}
"""


_COLUMNS = {
    "delivery": "delivered_on",
    "purchase": "purchased_on",
    "insurance": "insurance_until",
    "warranty": "warranty_until",
    "first_service": "first_service_on",
}
DAY_CARE = " UNION ALL ".join(_day_of(*each) for each in _COLUMNS.items())

DAY_CADENCE = f"""
    SELECT customer.id, step.id, step.assignee, step.way, 0, false, false, customer.id, 1,
           %(until)s::date, NULL::bigint, NULL::timestamptz
      FROM followups_step step
      JOIN customers_customer customer
        ON {_LAST} = %(until)s::date - step."offset" AND step.grade = {_CADENCE}
     WHERE NOT EXISTS (
           SELECT 1 FROM customers_ownedproduct product
             JOIN staff_store store ON store.id = product.store_id
            WHERE product.customer_id = customer.id AND {_ENDS} >= %(until)s)
    UNION ALL
    SELECT DISTINCT customer.id, step.id, step.assignee, step.way, 0, false, false, customer.id, 1,
           %(until)s::date, NULL::bigint, NULL::timestamptz
      FROM followups_step step
      CROSS JOIN (VALUES (60), (12)) plan(months)
      JOIN customers_ownedproduct product
        ON product.delivered_on BETWEEN (%(until)s::date - step."offset"
               - make_interval(months => plan.months))::date
           AND (%(until)s::date - step."offset" - make_interval(months => plan.months))::date + 3
      JOIN staff_store store ON store.id = product.store_id
       AND {_ENDS} = %(until)s::date - step."offset"
      JOIN customers_customer customer
        ON customer.id = product.customer_id AND step.grade = {_CADENCE}
       AND {_LAST} + step."offset" <= {_ENDS}
     WHERE NOT EXISTS (
           SELECT 1 FROM customers_ownedproduct other
             JOIN staff_store store ON store.id = other.store_id
            WHERE other.customer_id = customer.id
              AND {_ENDS.replace("product.", "other.")} > %(until)s::date - step."offset")
"""


_BORN = (
    ("birthday", "customers_customer", "born.id"),
    ("household_birthday", "customers_householdmember", "born.customer_id"),
    ("key_birthday", "customers_keyperson", "born.customer_id"),
)
_BY_THE_SUN = """NOT born.birth_is_lunar
       AND born.birth_month = EXTRACT(month FROM known.day)::integer
       AND born.birth_day = EXTRACT(day FROM known.day)::integer"""
_BY_THE_MOON = """born.birth_is_lunar AND born.birth_month = known.lunar_month
       AND born.birth_day = known.lunar_day AND NOT known.lunar_is_leap"""


def _births(since: str) -> str:
    """Birthdays from a day until the last, by both calendars."""
    return " UNION ALL ".join(
        f"""
    SELECT {customer}, step.id, step.assignee, step.way, step.ahead_days, false, false, born.id,
           {year}, known.day, NULL::bigint, NULL::timestamptz
      FROM core_businessday known
      JOIN {table} born ON {condition}
      JOIN followups_step step ON step.anchor = '{anchor}'
     WHERE known.day BETWEEN {since} AND %(until)s
"""
        for anchor, table, customer in _BORN
        for condition, year in (
            (_BY_THE_SUN, "EXTRACT(year FROM known.day)::integer"),
            (_BY_THE_MOON, "known.lunar_year"),
        )
    )


# Whose work it is, its limit, and whether it stands already.
_MANAGER = """(SELECT min(person.id) FROM staff_person person
                WHERE person.store_id = store.id AND person.role = 'store_manager')"""


def _wanted(rows: str) -> str:
    return f"""
    CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
    WITH leader AS (
        SELECT store.id AS store_id, {_MANAGER} AS service_id,
               COALESCE((SELECT duty.person_id FROM staff_duty duty
                          WHERE duty.store_id = store.id AND duty.kind = 'sales_manager'),
                        {_MANAGER}) AS person_id
          FROM staff_store store),
    owed AS ({rows})
    SELECT owed.*, owed.due_on - owed.ahead_days AS shown_on,
           COALESCE(owed.exact, {_LIMIT}) AS due_at,
           CASE owed.assignee WHEN 'sales_manager' THEN leader.person_id
                              WHEN 'service_lead' THEN leader.service_id
                              WHEN 'seller' THEN owed.sold_by_id
                              ELSE customer.owner_id END AS assignee_id,
           CASE WHEN owed.way IN ('letter', 'greeting') THEN owed.step_id END AS letter_id,
           CASE WHEN owed.way = 'greeting' AND customer.grade = 'D' THEN 'suspended'
                ELSE 'open' END AS state
      FROM owed
      JOIN customers_customer customer ON customer.id = owed.customer_id
      JOIN leader ON leader.store_id = customer.store_id
     WHERE NOT EXISTS (
           SELECT 1 FROM followups_obligation stands
            WHERE stands.step_id = owed.step_id AND stands.subject_id = owed.subject_id
              AND stands.occurrence = owed.occurrence)
"""


ALL = _wanted(" UNION ALL ".join((ALL_CARE, ALL_CADENCE, _births("%(since)s"))))
DAY = _wanted(" UNION ALL ".join((DAY_CARE, DAY_CADENCE, _births("%(until)s"))))
WRITE = (
    "ANALYZE wanted",
    """
    INSERT INTO followups_task
           (customer_id, assignee_id, letter_id, day, shown_on, due_at, is_timed, has_hour_limit,
            is_care, state, moved_reason, skip_reason)
    SELECT customer_id, assignee_id, letter_id, due_on, min(shown_on), min(due_at), false,
           bool_or(is_hourly), bool_or(is_care), 'open', '', ''
      FROM wanted WHERE state = 'open' GROUP BY customer_id, assignee_id, letter_id, due_on
    """,
    """
    INSERT INTO followups_obligation
           (step_id, subject_id, occurrence, customer_id, assignee_id, due_on, due_at, shown_on,
            is_timed, way, text, state, cause, task_id)
    SELECT wanted.step_id, wanted.subject_id, wanted.occurrence, wanted.customer_id,
           wanted.assignee_id, wanted.due_on, wanted.due_at, wanted.shown_on, false, '', '',
           wanted.state, '', task.id
      FROM wanted LEFT JOIN followups_task task
        ON wanted.state = 'open' AND task.state = 'open'
       AND task.customer_id = wanted.customer_id AND task.assignee_id = wanted.assignee_id
       AND task.day = wanted.due_on AND task.letter_id IS NOT DISTINCT FROM wanted.letter_id
    """,
    """
    UPDATE customers_customer customer SET next_contact_on = ahead.day
      FROM (SELECT customer_id, min(due_on) AS day FROM wanted
             WHERE letter_id IS NULL AND state = 'open' GROUP BY customer_id) ahead
     WHERE customer.id = ahead.customer_id
       AND (customer.next_contact_on IS NULL OR customer.next_contact_on > ahead.day)
    """,
)

# What the window needs: each fact by its day.
INDEXES = (
    *(f"CREATE INDEX ON customers_ownedproduct ({column})" for column in _COLUMNS.values()),
    *(f"CREATE INDEX ON {table} (birth_month, birth_day)" for _anchor, table, _of in _BORN),
    f"CREATE INDEX ON customers_customer (({_LAST}))",
)

# The same rows, whoever wrote them: one line each, added up.
SAME = (
    """
    SELECT count(*), sum(hashtextextended(concat_ws('|', step_id, subject_id, occurrence,
           obligation.customer_id, obligation.assignee_id, due_on, obligation.due_at,
           obligation.shown_on, obligation.state, task.day, task.letter_id, task.assignee_id,
           task.shown_on, task.due_at, task.has_hour_limit, task.is_care), 0))
      FROM followups_obligation obligation LEFT JOIN followups_task task ON task.id = task_id
    """,
    "SELECT count(*), count(DISTINCT (customer_id, assignee_id, day, letter_id))"
    " FROM followups_task",
    "SELECT count(*), sum(hashtextextended(concat_ws('|', id, next_contact_on), 0))"
    " FROM customers_customer",
)
