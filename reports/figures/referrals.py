"""`report referrals`: who brought customers, how many, and what came of it (AFT-18, M07)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from core.phones import mask_in_text
from customers.models import Customer
from customers.queries import visible, with_masked_phone
from customers.queries.referrals import DEEPEST
from followups.models import Obligation
from followups.states import Anchor, State
from reports.asking.parameters import Parameter, ReportNotMade, read_day
from staff.scope import Reach

PARAMETERS = (
    Parameter(name="from", hint="YYYY-MM-DD", about="brought on this business day or later",
              read=read_day),
    Parameter(name="to", hint="YYYY-MM-DD", about="brought on this business day or earlier",
              read=read_day),
)  # fmt: skip
COLUMNS = (
    "customer_id", "name", "phone", "keeper", "store", "brought", "brought_in_all", "deals",
    "thanks_due",
)  # fmt: skip

# Everybody near and far below each referrer; a path ends a circle made by two people at once.
_CHAINS = """
    WITH RECURSIVE chain AS (
        SELECT referrer_id AS top, id, 1 AS depth, ARRAY[referrer_id, id] AS path,
               registered_at, bought_count
          FROM customers_customer
         WHERE referrer_id IS NOT NULL AND merged_into_id IS NULL
        UNION ALL
        SELECT chain.top, below.id, chain.depth + 1, chain.path || below.id,
               below.registered_at, below.bought_count
          FROM chain JOIN customers_customer below ON below.referrer_id = chain.id
         WHERE below.merged_into_id IS NULL AND NOT below.id = ANY(chain.path)
           AND chain.depth < %(deepest)s)
    SELECT chain.top, count(*) FILTER (WHERE chain.depth = 1), count(*),
           count(*) FILTER (WHERE chain.bought_count > 0)
      FROM chain JOIN customers_customer top ON top.id = chain.top
      JOIN staff_store store ON store.id = top.store_id
     WHERE (%(begins)s::date IS NULL
            OR (chain.registered_at AT TIME ZONE store.zone)::date >= %(begins)s)
       AND (%(ends)s::date IS NULL
            OR (chain.registered_at AT TIME ZONE store.zone)::date <= %(ends)s)
     GROUP BY chain.top
"""


def _counted(params: Mapping[str, Any]) -> dict[int, tuple[int, int, int]]:
    """By referrer: brought directly, with those they brought, and how many of all have bought."""
    asked = {"begins": params.get("from"), "ends": params.get("to"), "deepest": DEEPEST}
    with connection.cursor() as cursor:
        cursor.execute(_CHAINS, asked)
        return {top: (near, far, deals) for top, near, far, deals in cursor.fetchall()}


def _thanks_due(referrers: list[int]) -> dict[int, int]:
    due = Obligation.objects.filter(
        step__anchor=Anchor.REFERRAL, state=State.OPEN, customer__in=referrers
    )
    counted: dict[int, int] = {}
    for customer in due.values_list("customer", flat=True):
        counted[customer] = counted.get(customer, 0) + 1
    return counted


def referrals(
    params: Mapping[str, Any], *, reach: Reach | None, now: datetime
) -> tuple[list[dict[str, object]], dict[str, object], list[str]]:
    """A row each customer who brought somebody; most first. `reach` None sees everybody."""
    begins, ends = params.get("from"), params.get("to")
    if begins and ends and ends < begins:
        raise ReportNotMade.because("ends_before_it_begins")
    counted = _counted(params)
    customers = Customer.objects.filter(merged_into=None) if reach is None else visible(reach)
    found = with_masked_phone(customers.filter(pk__in=list(counted)))
    people = list(found.select_related("owner", "store").order_by("pk"))
    thanks = _thanks_due([person.pk for person in people])
    rows: list[dict[str, object]] = [
        {
            "customer_id": person.pk,
            "name": mask_in_text(person.name),
            "phone": person.phone,
            "keeper": person.owner.username if person.owner else None,
            "store": person.store.code,
            "brought": counted[person.pk][0],
            "brought_in_all": counted[person.pk][1],
            "deals": counted[person.pk][2],
            "thanks_due": thanks.get(person.pk, 0),
        }
        for person in sorted(people, key=lambda each: (-counted[each.pk][1], each.pk))
    ]
    near = sum(counted[person.pk][0] for person in people)
    notes = [
        "brought_in_all counts whom they brought and whom these brought in turn; deals are those "
        "among them who have bought; the total counts each brought customer once"
    ]
    return rows, {"referrers": len(rows), "brought": near}, notes
