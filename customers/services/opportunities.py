"""Opportunities: opened once, changed by one at a time, moved from the stage one has seen."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.phones import mask_in_text
from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from customers.models import Access, Customer, Opportunity, Project, Stage, StageMove
from customers.rules import opportunities as rules
from customers.rules.opportunities import Step
from customers.services.keeping import give_access
from customers.states import StageKind
from staff.models import Person
from staff.states import UNIT_MANAGER_ROLES
from stock.models import Brand

# What a person writes on an opportunity; the stage moves, the rest is kept by the services.
FIELDS = ("project", "brand", "product", "amount", "expected_on", "competitor", "note")
TICKS = ("has_problem", "has_budget", "has_time_frame", "has_decision_process")


class OpportunityNotChanged(Refused):
    """An opportunity was not opened, changed or moved."""

    messages = {
        "product_missing": _("Name the product or the brand."),
        "amount_not_positive": _("The amount is more than nothing."),
        "foreign_project": _("This project belongs to another customer."),
        "not_an_open_stage": _("A new opportunity begins in an open stage."),
        "changed_meanwhile": _(
            "Somebody has changed this opportunity since you opened it. What you typed is still "
            "here: compare it with the page, then save again."
        ),
        "moved_meanwhile": _(
            "%(name)s has moved it to “%(stage)s” in the meantime. Look again before you move it."
        ),
        "other_set": _("This stage belongs to another way of selling. Choose one of this board."),
        "stands_there": _("It stands in this stage already."),
        "lost_reason_missing": _("Say why it was lost."),
        "is_closed": _("It is closed. Open it again first, by moving it to an open stage."),
        "not_yours_to_reopen": _(
            "Only its keeper or their manager opens it again. Ask one of them."
        ),
        "why_missing": _("Say why it is opened again."),
    }


def version_of(opportunity: Opportunity) -> str:
    """What it said, in a few characters: a form carries it to see whether it still does."""
    names = [*FIELDS, *TICKS]
    said = [str(getattr(opportunity, f"{n}_id" if n in ("project", "brand") else n)) for n in names]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]


def _check(
    *, customer: Customer, product: str, brand: Brand | None, amount: Decimal | None, project
) -> None:
    """Refuse what the table would refuse, in words."""
    if not product and brand is None:
        raise OpportunityNotChanged.because("product_missing")
    if amount is not None and amount <= 0:
        raise OpportunityNotChanged.because("amount_not_positive")
    if project is not None and project.customer_id != customer.pk:
        raise OpportunityNotChanged.because("foreign_project")


def _owner_for(customer: Customer, by: Person) -> Person:
    """Whoever holds another project of the customer works for themselves, else the keeper does."""
    is_holder = Access.objects.filter(customer=customer, person=by).exists()
    return by if is_holder or customer.owner is None else customer.owner


@transaction.atomic
def open_opportunity(
    *,
    customer: Customer,
    stage: Stage,
    by: Person,
    now: datetime,
    key: UUID,
    project: Project | None = None,
    new_project: str = "",
    brand: Brand | None = None,
    product: str = "",
    amount: Decimal | None = None,
    expected_on: date | None = None,
    competitor: str = "",
    note: str = "",
) -> Opportunity:
    """Open one opportunity for a project, chosen or new (KPI-13, decision 1).

    `key` is the form's own id: sent twice, the same one comes back. Raises OpportunityNotChanged.
    """
    with once(key=key, purpose="opportunity", by=by) as form:
        if form.result_id:
            return Opportunity.objects.get(pk=form.result_id)
        _check(customer=customer, product=product, brand=brand, amount=amount, project=project)
        if stage.kind != StageKind.OPEN:
            raise OpportunityNotChanged.because("not_an_open_stage")

        owner = _owner_for(customer, by)
        if project is None and new_project:
            project = Project.objects.create(customer=customer, name=new_project, opened_by=by)
        opportunity = Opportunity.objects.create(
            customer=customer,
            project=project,
            store=owner.store or customer.store,
            owner=owner,
            stage=stage,
            brand=brand,
            product=product,
            amount=amount,
            expected_on=expected_on,
            competitor=competitor,
            note=note,
            opened_at=now,
            opened_by=by,
            staged_at=now,
        )
        StageMove.objects.create(opportunity=opportunity, after=stage, at=now, by=by)
        give_access(customer=customer, person=owner)
        audit.record(verb="open", of=opportunity, by=by, customer=customer.pk, stage=stage.pk)
        form.result_id = opportunity.pk
    return opportunity


@transaction.atomic
def change_opportunity(
    *,
    opportunity: Opportunity,
    seen: str,
    values: Mapping[str, object],
    by: Person,
    now: datetime,
    new_project: str = "",
) -> Opportunity:
    """Write `values` (of FIELDS and TICKS), unless it no longer says what the person has `seen`.

    Raises OpportunityNotChanged.
    """
    held = Opportunity.objects.select_for_update(no_key=True).get(pk=opportunity.pk)
    if version_of(held) != seen:
        raise OpportunityNotChanged.because("changed_meanwhile")
    for name in FIELDS + TICKS:
        if name in values:
            setattr(held, name, values[name])
    _check(
        customer=held.customer,
        product=held.product,
        brand=held.brand,
        amount=held.amount,
        project=held.project,
    )

    if held.project is None and new_project:
        held.project = Project.objects.create(
            customer=held.customer, name=new_project, opened_by=by
        )
    held.save(update_fields=[*FIELDS, *TICKS])
    audit.record(verb="change", of=held, by=by, fields=sorted(values))
    return held


def _step(stage: Stage) -> Step:
    return Step(stage=stage.pk, stage_set=stage.stage_set_id, kind=StageKind(stage.kind))


def may_reopen(opportunity: Opportunity, by: Person, *, acts_for: list[int]) -> bool:
    """Its keeper, whoever acts for them, or a manager; that it is in reach is asked elsewhere."""
    return by.role in UNIT_MANAGER_ROLES or opportunity.owner_id in acts_for


@transaction.atomic
def move_stage(
    *,
    opportunity: Opportunity,
    seen: Stage,
    to: Stage,
    by: Person,
    now: datetime,
    lost_reason: str = "",
    lost_note: str = "",
    why: str = "",
    acts_for: list[int] | None = None,
) -> Opportunity:
    """Move it from the stage one has `seen`; a won or lost stage closes it, an open one reopens.

    `acts_for` are the people for whom `by` acts, themselves unless told. Two who drag at once: the
    second is told where it is. The same move sent twice is one. Raises OpportunityNotChanged.
    """
    mine = may_reopen(opportunity, by, acts_for=acts_for or [by.pk])
    step, target = _step(seen), _step(to)
    refuse_if(
        OpportunityNotChanged,
        rules.move_blockers(
            before=step, after=target, lost_reason=lost_reason, why=why, may_reopen=mine
        ),
    )

    is_lost = to.kind == StageKind.LOST
    claimed = Opportunity.objects.filter(pk=opportunity.pk, stage=seen).update(
        stage=to,
        state=to.kind,
        staged_at=now,
        closed_at=None if to.kind == StageKind.OPEN else now,
        lost_reason=lost_reason if is_lost else "",
        lost_note=lost_note if is_lost else "",
    )
    if not claimed:
        return _moved_by_another(opportunity, to=to, by=by)

    move = StageMove.objects.create(opportunity=opportunity, before=seen, after=to, at=now, by=by)
    audit.record(
        verb="move_stage",
        of=opportunity,
        by=by,
        reason=why or lost_note,
        move=move.pk,
        before=seen.pk,
        after=to.pk,
        lost_reason=lost_reason if is_lost else "",
    )
    opportunity.refresh_from_db()
    return opportunity


def _moved_by_another(opportunity: Opportunity, *, to: Stage, by: Person) -> Opportunity:
    """The same person's second tap has moved it where it is; anybody else is told."""
    last = StageMove.objects.select_related("after", "by").filter(opportunity=opportunity)
    move = last.latest("at", "pk")
    if move.after_id == to.pk and move.by_id == by.pk:
        opportunity.refresh_from_db()
        return opportunity
    raise OpportunityNotChanged.because(
        "moved_meanwhile", name=mask_in_text(move.by.name), stage=move.after.name
    )


def _only_stage(opportunity: Opportunity, kind: StageKind) -> Stage:
    stages = Stage.objects.filter(stage_set=opportunity.stage.stage_set_id, kind=kind)
    return stages.order_by("position")[0]


def win(*, opportunity: Opportunity, by: Person, now: datetime) -> Opportunity:
    """Close it as won, in the stage of its set that says so. Raises OpportunityNotChanged."""
    to = _only_stage(opportunity, StageKind.WON)
    return move_stage(opportunity=opportunity, seen=opportunity.stage, to=to, by=by, now=now)


def lose(
    *,
    opportunity: Opportunity,
    lost_reason: str,
    by: Person,
    now: datetime,
    lost_note: str = "",
) -> Opportunity:
    """Close it as lost, with the reason. Raises OpportunityNotChanged."""
    return move_stage(
        opportunity=opportunity,
        seen=opportunity.stage,
        to=_only_stage(opportunity, StageKind.LOST),
        lost_reason=lost_reason,
        lost_note=lost_note,
        by=by,
        now=now,
    )


def reopen(
    *, opportunity: Opportunity, to: Stage, why: str, by: Person, now: datetime
) -> Opportunity:
    """Open a closed one again, with the reason. Raises OpportunityNotChanged."""
    return move_stage(
        opportunity=opportunity, seen=opportunity.stage, to=to, why=why, by=by, now=now
    )
