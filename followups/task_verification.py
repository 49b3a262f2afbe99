"""Whether what is owed stands where a person sees it: on tasks, on the card, in the calendar."""

from collections.abc import Iterator

from core.verification import Difference, rows_of

_OFF_THEIR_TASK = """
    SELECT obligation.id, obligation.customer_id, obligation.task_id, task.state
      FROM followups_obligation obligation
      JOIN followups_step step ON step.id = obligation.step_id
      LEFT JOIN followups_task task ON task.id = obligation.task_id
     WHERE obligation.state = 'open'
       AND (task.id IS NULL OR task.state <> 'open'
            OR task.customer_id <> obligation.customer_id
            OR task.assignee_id IS DISTINCT FROM obligation.assignee_id
            OR task.letter_id IS DISTINCT FROM
               CASE WHEN step.way IN ('letter', 'greeting') THEN obligation.step_id END)
     ORDER BY obligation.id
"""

_EMPTY_TASKS = """
    SELECT task.id, task.customer_id FROM followups_task task
     WHERE task.state = 'open'
       AND NOT EXISTS (SELECT 1 FROM followups_obligation obligation
                        WHERE obligation.task_id = task.id AND obligation.state = 'open')
     ORDER BY task.id
"""

# What is booked is to be done, by who is booked and at that hour, and nothing else is. What fell
# due in a silence is done no more, and stays booked until somebody says what became of it.
_OFF_THEIR_WORK = """
    SELECT appointment.id, appointment.customer_id, appointment.state, obligation.state
      FROM followups_step step
      JOIN customers_appointment appointment ON true
      LEFT JOIN followups_obligation obligation
        ON obligation.step_id = step.id AND obligation.subject_id = appointment.id
     WHERE step.anchor = 'appointment'
       AND COALESCE(obligation.cause, '') <> 'silence'
       AND ((appointment.state = 'booked')
            <> (COALESCE(obligation.state, '') IN ('open', 'suspended'))
            OR appointment.state = 'booked'
            AND (obligation.due_at <> appointment.starts_at
                 OR obligation.customer_id <> appointment.customer_id
                 OR obligation.assignee_id <> appointment.person_id))
     ORDER BY appointment.id
"""

# Only the customer of a solved case is asked about it, and not by whom it is about.
_OFF_THEIR_CASE = """
    SELECT obligation.id, obligation.customer_id, obligation.subject_id, service.state
      FROM followups_step step
      JOIN followups_obligation obligation
        ON obligation.step_id = step.id AND obligation.state IN ('open', 'suspended')
      LEFT JOIN followups_case service ON service.id = obligation.subject_id
     WHERE step.anchor = 'satisfaction'
       AND (service.id IS NULL OR service.state <> 'solved'
            OR service.customer_id <> obligation.customer_id
            OR service.about_id = obligation.assignee_id)
     ORDER BY obligation.id
"""

_WRONG_NEXT_CONTACT = """
    SELECT customer.id, customer.next_contact_on, ahead.day
      FROM customers_customer customer
      LEFT JOIN (SELECT customer_id, min(day) AS day FROM followups_task
                  WHERE state = 'open' AND letter_id IS NULL GROUP BY customer_id) ahead
        ON ahead.customer_id = customer.id
     WHERE customer.next_contact_on IS DISTINCT FROM ahead.day
     ORDER BY customer.id
"""


def task_differences() -> Iterator[Difference]:
    """Every open obligation stands on an open task of its customer, assignee and kind."""
    for obligation, customer, task, state in rows_of(_OFF_THEIR_TASK):
        where = {"customer": customer, "obligation": obligation, "task": task}
        yield Difference(check="obligation_off_task", where=where, stored=state, expected="open")


def empty_task_differences() -> Iterator[Difference]:
    """No open task is without an open obligation."""
    for task, customer in rows_of(_EMPTY_TASKS):
        yield Difference(check="task_empty", where={"customer": customer, "task": task})


def appointment_differences() -> Iterator[Difference]:
    """Every booked appointment is open work of who is booked, at its hour; a closed one is none."""
    for appointment, customer, state, work in rows_of(_OFF_THEIR_WORK):
        where = {"customer": customer, "appointment": appointment, "state": state}
        yield Difference(check="appointment_off_its_work", where=where, stored=work)


def asking_differences() -> Iterator[Difference]:
    """Who is to be asked how satisfied they are has a solved case, and is asked by somebody else
    than whom it is about.
    """
    for obligation, customer, case, state in rows_of(_OFF_THEIR_CASE):
        where = {"customer": customer, "case": case, "obligation": obligation}
        yield Difference(check="asking_off_its_case", where=where, stored=state, expected="solved")


def next_contact_differences() -> Iterator[Difference]:
    """The next contact on a card is the day of the earliest open task that is no letter."""
    for customer, stored, expected in rows_of(_WRONG_NEXT_CONTACT):
        yield Difference(
            check="next_contact", where={"customer": customer}, stored=stored, expected=expected
        )
