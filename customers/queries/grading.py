"""What the grades of many customers depend on, read set by set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from customers.models import Customer, GradeChange, GradeProposal, OwnedProduct, Parameters
from customers.queries.finding import visible
from customers.rules import Bought, GradeFacts, GradeFigures, Silence, Ticks
from customers.states import GoneReason, Grade, ProposalState
from staff.scope import Reach


@dataclass(frozen=True, kw_only=True)
class Graded:
    """One customer with the present grade and what it depends on."""

    customer_id: int
    grade: Grade
    facts: GradeFacts


# A product that is gone for one of these was never bought.
NOT_BOUGHT = (GoneReason.MISTAKE, GoneReason.RETURNED)


def has_bought(customer: Customer) -> bool:
    """Something stands on the card that they bought and kept; the twin of `owned` in `FACTS`."""
    kept = OwnedProduct.objects.filter(customer=customer).exclude(gone_reason__in=NOT_BOUGHT)
    return kept.exclude(delivered_on=None, purchased_on=None).exists()


def figures_of(parameters: Parameters) -> GradeFigures:
    """The figures that the rule of grades goes by."""
    return GradeFigures(
        b2_months=parameters.b2_months,
        silent_contacts=parameters.silent_contacts,
        unreached_attempts=parameters.unreached_attempts,
    )


# Each lateral reads one customer's few rows by an index that begins with the customer. `spoken`
# counts, newest first, the effective contacts down to a row that agreed on a next step (or came
# in without one being told): the silent ones stand above the first of them. `reached` counts in
# the same way those who answered: attempts above the first of them have been in vain.
FACTS = """
    SELECT customer.id, customer.grade, COALESCE(graded.at, customer.registered_at),
           owned.last_on, owned.noted_at,
           talk.silent, talk.silent_id, talk.silent_at,
           talk.unreached, talk.reached_id, talk.tried_at,
           talk.visits > 0 OR talk.talks >= 2,
           EXISTS (SELECT 1 FROM customers_customerphone phone
                    WHERE phone.customer_id = customer.id AND NOT phone.is_placeholder),
           customer.need <> '' OR EXISTS (SELECT 1 FROM customers_interest interest
                                           WHERE interest.customer_id = customer.id),
           talk.heard_at, GREATEST(arrived.at, asked.at), talk.visited_at
      FROM customers_customer customer
      LEFT JOIN LATERAL (
           SELECT change.at FROM customers_gradechange change
            WHERE change.customer_id = customer.id
            ORDER BY change.at DESC LIMIT 1) graded ON true
     CROSS JOIN LATERAL (
           SELECT max(COALESCE(product.delivered_on, product.purchased_on)) AS last_on,
                  max(GREATEST(product.purchased_noted_at, product.delivered_noted_at)) AS noted_at
             FROM customers_ownedproduct product
            WHERE product.customer_id = customer.id
              AND product.gone_reason NOT IN ('mistake', 'returned')
              AND COALESCE(product.delivered_on, product.purchased_on) IS NOT NULL) owned
     CROSS JOIN LATERAL (
           SELECT count(*) FILTER (WHERE said.is_effective AND said.spoken = 0) AS silent,
                  (array_agg(said.id ORDER BY said.occurred_at DESC, said.id DESC)
                     FILTER (WHERE said.is_effective AND said.spoken = 0))[1] AS silent_id,
                  max(said.logged_at)
                     FILTER (WHERE said.is_effective AND said.spoken = 0) AS silent_at,
                  count(*) FILTER (WHERE said.is_vain AND said.occurred_at
                     > said.last_try - make_interval(days => %(days)s)) AS unreached,
                  COALESCE((array_agg(said.id ORDER BY said.occurred_at DESC, said.id DESC)
                     FILTER (WHERE said.reached))[1], 0) AS reached_id,
                  max(said.logged_at) FILTER (WHERE said.is_vain) AS tried_at,
                  count(*) FILTER (WHERE said.is_effective) AS talks,
                  count(*) FILTER (WHERE said.is_effective AND said.channel IN
                     ('store_visit', 'home_visit', 'measuring')) AS visits,
                  max(said.logged_at) FILTER (WHERE said.is_effective AND NOT said.is_imported)
                     AS heard_at,
                  max(said.logged_at)
                     FILTER (WHERE said.reached AND said.channel = 'store_visit') AS visited_at
             FROM (SELECT told.*, max(told.occurred_at) FILTER (WHERE told.is_vain) OVER ()
                             AS last_try
                     FROM (SELECT contact.id, contact.occurred_at, contact.logged_at,
                                  contact.channel, contact.reached, contact.is_effective,
                                  contact.is_imported,
                                  count(*) FILTER (WHERE contact.is_effective AND NOT
                                     (contact.next_kind = 'none'
                                      AND contact.none_reason
                                          NOT IN ('cared_for', 'stands')))
                                     OVER newest_first AS spoken,
                                  NOT contact.reached AND contact.outcome <> 'sent'
                                  AND contact.channel IN ('call', 'wechat', 'store_visit',
                                     'home_visit', 'measuring')
                                  AND count(*) FILTER (WHERE contact.reached)
                                     OVER newest_first = 0 AS is_vain
                             FROM customers_contact contact
                            WHERE contact.customer_id = customer.id AND contact.voided_at IS NULL
                           WINDOW newest_first AS
                                  (ORDER BY contact.occurred_at DESC, contact.id DESC)) told) said
           ) talk
     CROSS JOIN LATERAL (
           SELECT max(arrival.at) AS at FROM customers_arrival arrival
            WHERE arrival.customer_id = customer.id) arrived
     CROSS JOIN LATERAL (
           SELECT max(lead.received_at) AS at FROM customers_lead lead
            WHERE lead.customer_id = customer.id) asked
     WHERE customer.id = ANY(%(customers)s) AND customer.merged_into_id IS NULL
     ORDER BY customer.id
"""


def graded_customers(customers: Sequence[int], *, parameters: Parameters) -> list[Graded]:
    """The facts of these customers, in one query; merged cards are left out."""
    asked: dict[str, Any] = {"customers": list(customers), "days": parameters.unreached_days}
    with connection.cursor() as cursor:
        cursor.execute(FACTS, asked)
        return [_graded(*row) for row in cursor.fetchall()]


def _graded(
    customer: int, grade: str, graded_at: datetime,
    last_on: date | None, bought_noted_at: datetime | None,
    silent: int, silent_id: int, silent_at: datetime,
    unreached: int, reached_id: int, tried_at: datetime,
    spent_time: bool, gave_data: bool, showed_interest: bool,
    heard_at: datetime | None, came_at: datetime | None, visited_at: datetime | None,
) -> Graded:  # fmt: skip
    """One row of `FACTS`."""
    bought = None
    if last_on is not None and bought_noted_at is not None:
        bought = Bought(last_on=last_on, noted_at=bought_noted_at)
    facts = GradeFacts(
        graded_at=graded_at,
        bought=bought,
        silent=Silence(count=silent, contact_id=silent_id, noted_at=silent_at) if silent else None,
        unreached=Silence(count=unreached, contact_id=reached_id, noted_at=tried_at)
        if unreached
        else None,
        ticks=Ticks(spent_time=spent_time, gave_data=gave_data, showed_interest=showed_interest),
        heard_at=heard_at,
        came_at=came_at,
        visited_at=visited_at,
    )
    return Graded(customer_id=customer, grade=Grade(grade), facts=facts)


def open_proposals(reach: Reach) -> QuerySet[GradeProposal]:
    """What the rules propose for customers within reach, with customer, keeper and store."""
    waiting = GradeProposal.objects.filter(state=ProposalState.OPEN, customer__merged_into=None)
    if not reach.sees_all:
        waiting = waiting.filter(customer__in=visible(reach).values("pk"))
    return waiting.select_related("customer__owner", "customer__store")


def last_change(customer: Customer) -> GradeChange | None:
    """The last change of this customer's grade, with whoever made it."""
    changes = GradeChange.objects.filter(customer=customer).select_related("by")
    return changes.order_by("-at", "-pk").first()


def grade_facts(customer: Customer, *, parameters: Parameters) -> GradeFacts:
    """What the grade of this one customer depends on."""
    return graded_customers([customer.pk], parameters=parameters)[0].facts


def count_by_grade(
    customers: QuerySet[Customer], *, of: str
) -> list[tuple[int | None, str, str, int]]:
    """By store or by owner (`of`): its id, grade, intent level and how many; one statement."""
    rows = customers.order_by().values_list(of, "grade", "intent")
    return list(rows.annotate(n=Count("pk")))
