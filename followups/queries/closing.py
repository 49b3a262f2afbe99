"""Whether a contact that somebody had with a customer answers a task (FUP-09)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.rules import Blocker
from customers.models import Contact, Customer, Lead, OwnedProduct
from customers.states import Channel
from followups import rules
from followups.models import Invitation, Obligation, Task
from followups.queries.calendar import anchored_on
from followups.queries.guarding import as_rules_see, guard_facts, our_contacts
from followups.queries.surveys import surveys_that_tell
from followups.rules import Attempt
from followups.states import ORDER_ANCHORS, PLANNED_ANCHORS, Anchor, State

# What is done by the customer's answer alone, which no other talk gives.
ASKING = (Anchor.CAMPAIGN, Anchor.CAMPAIGN_NEWS, *ORDER_ANCHORS)


def blockers_of_closing(task: Task, contact: Contact, *, now: datetime) -> list[Blocker]:
    """What stops this contact from closing this task; the pages ask before they offer it."""
    rows = list(Obligation.objects.filter(task=task, state=State.OPEN).select_related("step"))
    caused_at = _caused_at(rows)
    return rules.closing_blockers(
        is_letter=task.letter_id is not None,
        is_of_customer=contact.customer_id == task.customer_id,
        is_standing=contact.voided_at is None and contact.reached,
        is_ours=our_contacts().filter(pk=contact.pk).exists(),
        is_near=_is_near(contact, task.customer, now=now),
        is_after=caused_at is None or contact.occurred_at > caused_at,
        asks=_asks(rows),
    )


def may_close(task: Task | None, contact_id: int | None, *, now: datetime) -> bool:
    """Whether a page offers to close the task with this contact."""
    if task is None or contact_id is None:
        return False
    contact = Contact.objects.select_related("by").get(pk=contact_id)
    return not blockers_of_closing(task, contact, now=now)


def _is_near(contact: Contact, customer: Customer, *, now: datetime) -> bool:
    """Fewer days ago than the customer's grade is left: the guard speaks against another one."""
    facts = replace(guard_facts(customer, at=now), before=[as_rules_see(contact)])
    return rules.too_soon(Attempt(at=now, channel=Channel.CALL), facts) is not None


def _asks(rows: Sequence[Obligation]) -> bool:
    """An invitation waits for its answer, an order for what it asks, a survey holds what has to be
    told in any case.
    """
    if any(row.step.anchor in ASKING for row in rows):
        return True
    surveys = {row.step.survey_id for row in rows if row.step.survey_id}
    return bool(surveys) and not surveys.isdisjoint(surveys_that_tell())


def _caused_at(rows: Sequence[Obligation]) -> datetime | None:
    """The latest moment from which something of these follows: a delivery, an inquiry …

    None where nothing happened that it follows from, as before the end of an insurance.
    """
    by_anchor: dict[str, list[Obligation]] = defaultdict(list)
    for row in rows:
        by_anchor[row.step.anchor].append(row)
    found = list(_of_products(by_anchor))
    for anchor, opened in by_anchor.items():
        found += _of_act(anchor, opened)
    return max(found, default=None)


def _of_products(by_anchor: dict[str, list[Obligation]]) -> Iterable[datetime]:
    wanted = {anchor: rows for anchor, rows in by_anchor.items() if anchor in PLANNED_ANCHORS}
    ids = {row.subject_id for rows in wanted.values() for row in rows}
    products = OwnedProduct.objects.select_related("store").in_bulk(ids) if ids else {}
    for anchor, rows in wanted.items():
        for row in rows:
            product = products[row.subject_id]
            anchored = anchored_on(anchor, product)
            if anchored is not None:
                yield anchored.at or _begin_of(anchored.on, product.store.tzinfo)


def _begin_of(day: date, zone: ZoneInfo) -> datetime:
    return rules.end_of_day(day - timedelta(days=1), zone)


def _of_act(anchor: str, rows: list[Obligation]) -> Iterable[datetime]:
    """When people's acts opened these: agreed on, asked again, sent somebody, were invited."""
    acts = [row.occurrence for row in rows]
    if anchor == Anchor.NEXT_STEP:
        return Contact.objects.filter(pk__in=acts).values_list("occurred_at", flat=True)
    if anchor == Anchor.LEAD:
        return Lead.objects.filter(pk__in=acts).values_list("received_at", flat=True)
    if anchor == Anchor.REFERRAL:
        return Customer.objects.filter(pk__in=acts).values_list("registered_at", flat=True)
    if anchor == Anchor.CAMPAIGN:
        invited = Invitation.objects.filter(pk__in=[row.subject_id for row in rows])
        return invited.values_list("invited_at", flat=True)
    return []
