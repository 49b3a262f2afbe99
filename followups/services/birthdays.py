"""Greetings for birthdays in SQL: the set-based twin of `followups.rules.birthdays`.

Works on the everyday courses in the table `wanted`; a birthday is a day of `core_businessday`,
which knows its lunar day, too.
"""

from followups.services.doers import doer, people
from followups.services.occurrences import (
    IS_LEFT_OVER,
    WEEK,
    among,
    planned_after,
    shifted,
)
from followups.states import BIRTHDAY_ANCHORS

BIRTHDAYS = among(BIRTHDAY_ANCHORS)

# Whose birthdays the asked customers have: their own, the household's, of their key people.
_BORN = """
    SELECT 'birthday' AS anchor, course_id, customer_id, zone, is_not_greeted,
           customer_id AS subject_id, birth_month AS month, birth_day AS day,
           birth_is_lunar AS is_lunar, birth_is_leap_month AS is_leap, birthday_noted_at AS noted_at
      FROM wanted WHERE NOT is_merged AND birth_month IS NOT NULL
    UNION ALL
    SELECT 'household_birthday', course_id, wanted.customer_id, zone, is_not_greeted,
           member.id, member.birth_month, member.birth_day, member.birth_is_lunar,
           member.birth_is_leap_month, member.birthday_noted_at
      FROM wanted CROSS JOIN LATERAL (
           SELECT * FROM customers_householdmember
            WHERE customer_id = wanted.customer_id AND birth_month IS NOT NULL OFFSET 0) member
     WHERE NOT is_merged
    UNION ALL
    SELECT 'key_birthday', course_id, wanted.customer_id, zone, is_not_greeted,
           person.id, person.birth_month, person.birth_day, person.birth_is_lunar,
           person.birth_is_leap_month, person.birthday_noted_at
      FROM wanted CROSS JOIN LATERAL (
           SELECT * FROM customers_keyperson
            WHERE customer_id = wanted.customer_id AND birth_month IS NOT NULL OFFSET 0) person
     WHERE NOT is_merged
"""

# Each with the steps that greet them, from a week before we knew of the day.
_GREETED = f"""
    SELECT born.*, step.id AS step_id, step.assignee AS assignee_role, step.asks_from, step.unit,
           step."offset", step.ahead_days, noted.earliest,
           EXTRACT(year FROM noted.earliest)::integer - 1 AS first_year,
           EXTRACT(year FROM %(until)s::date)::integer + 1 AS last_year
      FROM ({_BORN}) born
      JOIN followups_step step ON step.anchor = born.anchor AND step.is_active
      JOIN followups_plan plan ON plan.id = step.plan_id AND plan.is_active
     CROSS JOIN LATERAL (
          SELECT (born.noted_at AT TIME ZONE born.zone)::date - {WEEK} AS earliest OFFSET 0) noted
"""

# By the sun: 29 February is the 28th in plain years (the interval clamps); 31 April is no day.
_BY_THE_SUN = """
    SELECT *, (make_date(2000, month, day) + make_interval(years => year - 2000))::date AS birthday
      FROM (SELECT *, generate_series(first_year, last_year) AS year FROM greeted
             WHERE NOT is_lunar
               AND day <= CASE WHEN month = 2 THEN 29 WHEN month IN (4, 6, 9, 11) THEN 30
                               ELSE 31 END) known
"""

# By the moon, once a lunar year: in a leap month only who was born in one and where there is one; a
# 30th is the 29th of a short month.
_BY_THE_MOON = """
    SELECT greeted.*, moon.year, moon.birthday
      FROM (SELECT * FROM greeted WHERE is_lunar) greeted
     CROSS JOIN LATERAL (
          SELECT DISTINCT ON (known.lunar_year) known.lunar_year AS year, known.day AS birthday
            FROM core_businessday known
           WHERE known.lunar_month = greeted.month
             AND known.lunar_day IN (greeted.day, CASE WHEN greeted.day = 30 THEN 29
                                                       ELSE greeted.day END)
             AND (greeted.is_leap OR NOT known.lunar_is_leap)
             AND known.lunar_year BETWEEN greeted.first_year AND greeted.last_year
             AND known.day BETWEEN make_date(greeted.first_year, 1, 1)
                               AND make_date(greeted.last_year + 1, 3, 1)
           ORDER BY known.lunar_year, known.lunar_is_leap DESC, known.lunar_day DESC
          OFFSET 0) moon
"""

# One row for each birthday from then until the first beyond the horizon. The occurrence is the
# year, lunar for a lunar birthday: a person is greeted once in each.
GREETINGS = f"""
    WITH greeted AS MATERIALIZED ({_GREETED})
    SELECT course_id, customer_id, step_id, assignee_role, asks_from, subject_id,
           year AS occurrence, due_on, (due_on + 1)::timestamp AT TIME ZONE zone AS due_at,
           due_on - ahead_days AS shown_on,
           CASE WHEN is_not_greeted THEN 'suspended' ELSE 'open' END AS state
      FROM (SELECT known.*, {shifted("birthday", '"offset"', "unit")} AS due_on
              FROM ({_BY_THE_SUN} UNION ALL {_BY_THE_MOON}) known OFFSET 0) due
     WHERE due_on >= earliest
"""

# A birthday that was removed or corrected out of its year, somebody who is off the card, a step
# that is out of use: what is not done is not owed. What rests is looked for where it can. OFFSET 0
# keeps the planner to the few customers: it would read all that is open.
CANCEL_GREETINGS = f"""
    UPDATE followups_obligation obligation
       SET state = 'cancelled', cause = 'left_over', closed_at = %(now)s
     WHERE obligation.id IN (
           SELECT waiting.id FROM wanted CROSS JOIN LATERAL (
                  SELECT id FROM followups_obligation
                   WHERE customer_id = wanted.customer_id AND state = 'open' OFFSET 0) waiting
           UNION ALL
           SELECT waiting.id FROM wanted
            CROSS JOIN LATERAL (
                  SELECT id FROM followups_obligation
                   WHERE customer_id = wanted.customer_id AND state = 'suspended'
                  OFFSET 0) waiting
            WHERE wanted.is_not_greeted OR wanted.is_merged)
       AND obligation.step_id IN (SELECT id FROM followups_step WHERE anchor IN ({BIRTHDAYS}))
       AND NOT EXISTS (SELECT 1 FROM greeting
                        WHERE greeting.step_id = obligation.step_id
                          AND greeting.subject_id = obligation.subject_id
                          AND greeting.occurrence = obligation.occurrence)
"""

# Corrected within its year, a birthday takes its greeting along. It rests with the customer's wish
# or grade; what fell due meanwhile is over, what lies ahead is open again.
MOVE_GREETINGS = f"""
    UPDATE followups_obligation obligation
       SET due_on = greeting.due_on, due_at = greeting.due_at, shown_on = greeting.shown_on,
           task_id = NULL, planned_on = {planned_after("waiting", "greeting.due_on")},
           state = CASE WHEN over.is_over THEN 'cancelled' ELSE greeting.state END,
           cause = CASE WHEN over.is_over THEN 'silence' ELSE '' END,
           closed_at = CASE WHEN over.is_over THEN %(now)s END
      FROM greeting
      CROSS JOIN LATERAL (
          SELECT id, due_on, due_at, shown_on, planned_on, state FROM followups_obligation
           WHERE step_id = greeting.step_id AND subject_id = greeting.subject_id
             AND occurrence = greeting.occurrence AND state IN ('open', 'suspended')
          OFFSET 0) waiting
      CROSS JOIN LATERAL (
          SELECT waiting.state = 'suspended' AND greeting.state = 'open'
             AND greeting.due_on < %(today)s AS is_over
      ) over
     WHERE obligation.id = waiting.id
       AND (waiting.due_on, waiting.due_at, waiting.shown_on, waiting.state) IS DISTINCT FROM
           (greeting.due_on, greeting.due_at, greeting.shown_on, greeting.state)
"""

FRESH_GREETINGS = f"""
    INSERT INTO fresh
    SELECT greeting.step_id, greeting.subject_id, greeting.occurrence, greeting.customer_id,
           {doer("greeting.assignee_role")},
           greeting.due_on, greeting.due_at, greeting.shown_on, greeting.state
      FROM (SELECT * FROM greeting WHERE due_on <= %(until)s OFFSET 0) greeting
      LEFT JOIN LATERAL (
          SELECT {IS_LEFT_OVER} FROM followups_obligation
           WHERE %(stands)s AND step_id = greeting.step_id
             AND subject_id = greeting.subject_id
             AND occurrence = greeting.occurrence OFFSET 0) before ON true
      JOIN customers_customer customer ON customer.id = greeting.customer_id
      {people()}
     WHERE COALESCE(before.is_left_over, greeting.asks_from IS NULL
                                         OR greeting.due_on >= greeting.asks_from - {WEEK})
"""
