"""What the guard against pestering asks of the rows: our last contacts, wishes, hours, figures."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypedDict, cast

from django.db.models import QuerySet

from core.models import AuditEntry
from core.rules import Blocker
from customers.models import Contact, Customer, Parameters
from customers.queries import parameters
from customers.states import Channel
from followups import rules
from followups.models import Case, Obligation
from followups.queries.tasks import APPOINTMENT_KIND, Reason, TaskOfDay
from followups.rules import Attempt, GuardFacts, Reached
from followups.states import AGREED_ANCHORS, RUNNING_CASES, State
from staff.models import Person

# Which figure says how many days lie between two contacts of ours.
GAPS = {"A": "gap_a", "B1": "gap_b1", "B2": "gap_b2", "C1": "gap_c1", "C2": "gap_c2"}
# A reason is worn after two contacts.
ENOUGH = 2


class Allowed(TypedDict, total=False):
    """What a task allows, as part of an `Attempt`."""

    is_agreed: bool
    is_needed: bool


def our_contacts() -> QuerySet[Contact]:
    """Contacts that we began, that reached the customer, and that stand; the newest first."""
    return Contact.objects.filter(
        reached=True, is_inbound=False, voided_at=None, channel__in=rules.COUNTED
    ).order_by("-occurred_at", "-pk")


def as_rules_see(contact: Contact) -> Reached:
    """A contact as the rules of the guard take it."""
    return Reached(
        contact_id=contact.pk,
        at=contact.occurred_at,
        by=contact.by.name,
        channel=contact.channel,
        reason=contact.reason,
    )


def _facts(customer: Customer, before: Iterable[Contact], figures: Parameters) -> GuardFacts:
    gap = GAPS.get(customer.grade)
    return GuardFacts(
        zone=customer.store.tzinfo,
        before=[as_rules_see(contact) for contact in before],
        gap_days=getattr(figures, gap) if gap else rules.PLAIN_DAYS_BETWEEN,
        quiet=customer.quiet,
        contact_from=customer.contact_from,
        contact_until=customer.contact_until,
        quiet_from=figures.quiet_from,
        quiet_until=figures.quiet_until,
    )


def guard_facts(customer: Customer, *, at: datetime) -> GuardFacts:
    """What the guard knows of one customer for a contact at this moment; two queries.

    One that is logged late lies before others, which are as near to it as those before it.
    """
    figures = parameters(customer.store.today(at))
    gap = timedelta(days=getattr(figures, GAPS.get(customer.grade, ""), rules.PLAIN_DAYS_BETWEEN))
    near = our_contacts().filter(customer=customer, occurred_at__lt=at + gap)
    return _facts(customer, near.select_related("by")[:ENOUGH], figures)


def guard_facts_of(
    customers: Sequence[Customer], *, at: datetime, figures: Parameters | None = None
) -> Mapping[int, GuardFacts]:
    """What the guard knows of the customers of a list, without reasons; two queries in all, one
    where the `figures` of the day are at hand.
    """
    if not customers:
        return {}
    figures = figures or parameters(customers[0].store.today(at))
    longest = max(getattr(figures, gap) for gap in GAPS.values())
    last = {
        contact.customer_id: contact
        for contact in our_contacts()
        .filter(
            customer__in={customer.pk for customer in customers},
            occurred_at__gte=at - timedelta(days=longest + 1),
        )
        .order_by("customer_id", "-occurred_at", "-pk")
        .distinct("customer_id")
        .select_related("by")
    }
    return {
        customer.pk: _facts(customer, [last[customer.pk]] if customer.pk in last else [], figures)
        for customer in customers
    }


def allowed_by(task: TaskOfDay | None, *, now: datetime) -> Allowed:
    """What the task at hand allows (`Attempt`). The task carries its `reasons`."""
    return allowed_by_reasons(task.reasons, today=task.customer.store.today(now)) if task else {}


def allowed_by_reasons(reasons: Sequence[Reason], *, today: date) -> Allowed:
    """What work that stands on one task allows (`Attempt`): the customer expects us today at an
    hour, or a contract or case needs it.
    """
    return {
        "is_agreed": any(
            row.is_timed and row.due_on == today and row.step.anchor in AGREED_ANCHORS
            for row in reasons
        ),
        "is_needed": any(
            rules.is_needed(anchor=row.step.anchor, appointment_kind=row.appointment_kind)
            for row in reasons
        ),
    }


def is_tied(customer: Customer, *, allowed: Allowed) -> bool:
    """A contract or case needs further contact with this customer: an open case, something bought
    that is not delivered, or the task at hand, as it is `allowed`.
    """
    if allowed.get("is_needed"):
        return True
    cases = Case.objects.filter(customer=customer, state__in=RUNNING_CASES)
    awaited = customer.products.filter(delivered_on=None, purchased_on__isnull=False, gone_on=None)
    return cases.exists() or awaited.exists()


def reasons_of(task_id: int) -> list[Reason]:
    """The open obligations of one task, as `allowed_by` reads them."""
    rows = Obligation.objects.filter(task=task_id, state=State.OPEN).select_related("step")
    worded = rows.annotate(appointment_kind=APPOINTMENT_KIND).order_by("due_at", "pk")
    return cast(list[Reason], list(worded))


def objections_to_call(
    customer: Customer, *, now: datetime, task: TaskOfDay | None = None, channel: str = Channel.CALL
) -> list[Blocker]:
    """What speaks against calling this customer now, before a reason is chosen."""
    attempt = Attempt(at=now, channel=channel, **allowed_by(task, now=now))
    return rules.pestering(attempt=attempt, facts=guard_facts(customer, at=now))


def override_given(customer: Customer, *, by: Person, now: datetime) -> str:
    """Why this person began a call all the same today; "" where nobody asked."""
    today = customer.store.today(now)
    told = AuditEntry.objects.filter(
        verb="override",
        object_type=customer._meta.label_lower,
        object_id=customer.pk,
        by=by,
        at__gte=datetime.combine(today, time(), customer.store.tzinfo),
    )
    return told.order_by("-at", "-pk").values_list("reason", flat=True).first() or ""
