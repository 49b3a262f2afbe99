"""The guard against pestering, held before a call is begun and when a contact is logged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.refusals import Refused, refuse_if
from core.rules import Blocker
from core.services import audit
from customers.models import Contact, Customer
from followups import rules
from followups.guard_words import sentence_of
from followups.models import Task
from followups.queries.guarding import (
    Allowed,
    allowed_by_reasons,
    guard_facts,
    is_tied,
    reasons_of,
)
from followups.rules import Attempt
from staff.models import Person
from staff.scope import REASSIGNING_ROLES


class Pestering(Refused):
    """A contact that the guard advises against, and no reason was given why it is made."""

    def sentences(self) -> list[str]:
        """Each objection with who, when and how."""
        return [sentence_of(blocker) for blocker in self.blockers]


def check_override(*, objections: Sequence[Blocker], override: str, by: Person) -> None:
    """Raise Pestering with what `override` does not answer."""
    is_manager = by.role in REASSIGNING_ROLES
    left = rules.override_blockers(objections=objections, override=override, is_manager=is_manager)
    refuse_if(Pestering, left)


def objections_to(
    *,
    customer: Customer,
    task: Task | None,
    channel: str,
    reason: str = "",
    is_inbound: bool = False,
    is_agreed: bool = False,
    is_reached: bool = True,
    at: datetime,
) -> list[Blocker]:
    """What speaks against this contact at this moment, the task at hand considered.

    `is_agreed`: the customer expects it, whatever the task says. No row is asked where the rule
    asks none.
    """
    if not rules.is_guarded(channel=channel, is_inbound=is_inbound):
        return []
    allowed = _allowed(task, at=at)
    if is_agreed:
        allowed["is_agreed"] = True
    attempt = Attempt(
        at=at,
        channel=channel,
        reason=reason,
        is_inbound=is_inbound,
        is_reached=is_reached,
        **allowed,
    )
    return rules.pestering(attempt=attempt, facts=guard_facts(customer, at=at))


def objections_to_promise(
    *, customer: Customer, task: Task | None, opens_case: bool, at: datetime, **said: Any
) -> list[Blocker]:
    """What stops the next step of a talk with who wishes no contact (`rules.promise_blockers`,
    which takes the rest). `opens_case`: the talk itself brings a case. No row is asked where the
    rule has nothing against it, tied or not.
    """
    against = rules.promise_blockers(quiet=customer.quiet, is_tied=opens_case, **said)
    if against and is_tied(customer, allowed=_allowed(task, at=at)):
        return rules.promise_blockers(quiet=customer.quiet, is_tied=True, **said)
    return against


def _allowed(task: Task | None, *, at: datetime) -> Allowed:
    if task is None:
        return {}
    return allowed_by_reasons(reasons_of(task.pk), today=task.customer.store.today(at))


def begin_call(
    *, customer: Customer, task: Task | None, override: str, by: Person, now: datetime
) -> None:
    """Let a call begin, unless the guard objects and nobody has said why it is made all the same.

    The reason goes on the trail. Part of the caller's transaction, which opens the number. Raises
    Pestering.
    """
    objections = objections_to(customer=customer, task=task, channel="call", at=now)
    check_override(objections=objections, override=override, by=by)
    note_override(of=customer, objections=objections, override=override, by=by)


def note_override(
    *, of: Customer | Contact, objections: Sequence[Blocker], override: str, by: Person
) -> None:
    """Put on the trail against which objections a call was begun, or a contact logged, and why."""
    if objections:
        codes = [objection.code for objection in objections]
        audit.record(verb="override", of=of, by=by, reason=override, codes=codes)
