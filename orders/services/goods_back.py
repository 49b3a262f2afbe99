"""Returns and exchanges (退换): asked for within the window, decided by a manager (ORD-37).

What is settled afterwards, the money and the goods, stands in `settling_returns`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.services.once import once
from followups import services as followups
from followups.models import Case
from followups.states import CaseChannel, CaseKind, ChoreKind
from orders.models import Order, OrderLine, Return
from orders.queries.order_terms import order_terms
from orders.queries.returns import coming_back, deliveries_of
from orders.rules.returns import ask_blockers, decision_blockers, delivered_on, is_within
from orders.services.history import note
from orders.services.holding import hold_order
from orders.states import EventKind, ReturnCause, ReturnKind, ReturnState
from staff.leaders import leader_of
from staff.models import Person
from staff.scope import RELEASING_ROLES

# A chore to decide, and one to see to what was decided.
TO_DECIDE, TO_SETTLE = 0, 1


class ReturnNotAsked(Refused):
    """A return or an exchange was not written down."""

    messages = {
        "nothing_delivered": _(
            "Nothing of this line is with the customer. What is not delivered yet is changed on "
            "the order."
        ),
        "qty_missing": _("Say how many pieces come back."),
        "more_than_delivered": _("Only %(left)s of these are with the customer."),
        "asked_before_delivery": _("These goods were delivered on %(on)s only."),
        "beyond_window": _(
            "Goods come back within %(days)s days after the delivery: delivered on %(delivered)s, "
            "until %(last)s. This is day %(day)s. Where it is a matter of quality, damage or wrong "
            "goods, choose that."
        ),
        "case_of_another": _("This case is about another customer."),
    }


class ReturnNotDecided(Refused):
    """A return was left undecided."""

    messages = {
        "not_manager": _("A manager decides a return."),
        "own_return": _("Somebody else decides a return that you asked for."),
        "decided_already": _("This return is decided already."),
        "reason_missing": _("Say why it is refused."),
        "late_reason_missing": _(
            "The days of the policy are over. Say why it is taken back all the same."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class AskedReturn:
    """What the customer asks for: so many pieces back or exchanged, and why."""

    kind: ReturnKind
    cause: ReturnCause
    qty: int
    note: str = ""


@transaction.atomic
def ask_return(
    *,
    line: OrderLine,
    asked: AskedReturn,
    by: Person,
    key: UUID,
    case: Case | None = None,
    now: datetime | None = None,
) -> Return:
    """Write down that goods of a line are to come back; a manager hears of it (ORD-37).

    The window counts up to today, or to the day on which the customer's `case` was opened. `key`
    is the form's own id: sent twice, the same return comes back. Raises ReturnNotAsked.
    """
    content = f"{line.pk}\n{asked.kind}\n{asked.cause}\n{asked.qty}"
    with once(key=key, purpose="return", by=by, content=content) as form:
        if form.result_id:
            return Return.objects.get(pk=form.result_id)
        held = hold_order(line.order, even_closed=True)
        at = now or database_now()
        standing = OrderLine.objects.select_for_update(no_key=True).get(pk=line.pk)
        standing.order = held
        row = _asked(standing, asked, case=case, by=by, at=at, key=key)

        note(
            held,
            EventKind.RETURN_ASKED,
            line=standing,
            by=by,
            at=at,
            typed=row.note,
            goods_back=row.pk,
            why=row.cause,
            pieces=row.qty,
            amount=str(row.amount),
            is_within=row.is_within,
            **{"return": row.kind},
        )
        _owe_decision(row, held, standing, but=by, at=at)
        form.result_id = row.pk
    return row


def _asked(
    line: OrderLine, asked: AskedReturn, *, case: Case | None, by: Person, at: datetime, key: UUID
) -> Return:
    """The return as it is asked for. Raises ReturnNotAsked."""
    held = line.order
    if case is not None and case.customer_id != held.customer_id:
        raise ReturnNotAsked.because("case_of_another")
    delivered, taken = deliveries_of(line), line.returned_qty + coming_back(line)
    since = delivered_on(delivered, taken=taken, qty=asked.qty)
    asked_on = held.store.today(case.opened_at if case is not None else at)
    days = order_terms(held.store).return_days
    refuse_if(
        ReturnNotAsked,
        ask_blockers(
            cause=asked.cause,
            qty=asked.qty,
            left=line.delivered_qty - taken,
            delivered_on=since,
            asked_on=asked_on,
            days=days,
        ),
    )
    return Return.objects.create(
        order=held,
        line=line,
        kind=asked.kind,
        cause=asked.cause,
        qty=asked.qty,
        amount=asked.qty * line.agreed_price,
        asked_on=asked_on,
        is_within=since is not None and is_within(since, asked_on=asked_on, days=days),
        note=asked.note.strip()[:400],
        asked_by=by,
        case=case,
        key=key,
    )


def _owe_decision(row: Return, held: Order, line: OrderLine, *, but: Person, at: datetime) -> None:
    """Whoever leads the store, and has not asked for it, decides."""
    leader = leader_of(held.store, but=but)
    followups.owe_chore(
        kind=ChoreKind.RETURN,
        subject_id=row.pk,
        occurrence=TO_DECIDE,
        person_id=leader.pk if leader else None,
        store_id=held.store_id,
        due_on=held.store.today(at),
        text=_in_short(held, line, row),
        path=reverse("orders:goods_back", args=[row.pk]),
    )


def _in_short(held: Order, line: OrderLine, row: Return) -> str:
    return f"{held.number} · {line.product} ×{row.qty}"


def hold_return(row: Return) -> tuple[Return, Order]:
    """A return and its order, locked and read fresh; the order may be closed by now."""
    held = hold_order(row.order, even_closed=True)
    fresh = Return.objects.select_related("line", "asked_by").select_for_update(of=("self",))
    standing = fresh.get(pk=row.pk)
    standing.order = held
    return standing, held


@transaction.atomic
def decide_return(
    *, goods_back: Return, is_agreed: bool, reason: str, by: Person, now: datetime | None = None
) -> Return:
    """A manager agrees to a return or refuses it; beyond the window only with a reason.

    Raises ReturnNotDecided.
    """
    if by.role not in RELEASING_ROLES:
        raise ReturnNotDecided.because("not_manager")
    standing, held = hold_return(goods_back)
    at = now or database_now()
    if standing.state != ReturnState.ASKED:
        raise ReturnNotDecided.because("decided_already")
    refuse_if(
        ReturnNotDecided,
        decision_blockers(
            is_agreed=is_agreed,
            is_within=standing.is_within,
            reason=reason.strip(),
            is_own=standing.asked_by_id == by.pk,
        ),
    )

    standing.state = ReturnState.AGREED if is_agreed else ReturnState.REFUSED
    standing.decided_by, standing.decided_at = by, at
    standing.decision_note = reason.strip()[:200]
    standing.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])

    note(
        held,
        EventKind.RETURN_DECIDED,
        line=standing.line,
        by=by,
        at=at,
        typed=standing.decision_note,
        goods_back=standing.pk,
        pieces=standing.qty,
        decision=standing.state,
        is_within=standing.is_within,
        **{"return": standing.kind},
    )
    _owe_answer(standing, held, at=at)
    return standing


def _owe_answer(row: Return, held: Order, *, at: datetime) -> None:
    """Whoever asked for it tells the customer, and takes the goods back where it is agreed."""
    followups.drop_chores(kind=ChoreKind.RETURN, subject_ids=[row.pk], now=at)
    followups.owe_chore(
        kind=ChoreKind.RETURN,
        subject_id=row.pk,
        occurrence=TO_SETTLE,
        person_id=row.asked_by_id if row.asked_by.is_active else None,
        store_id=held.store_id,
        due_on=held.store.today(at),
        text=_in_short(held, row.line, row),
        path=reverse("orders:goods_back", args=[row.pk]),
    )


@transaction.atomic
def open_return_case(
    *,
    goods_back: Return,
    kind: CaseKind | str,
    channel: CaseChannel | str,
    text: str,
    by: Person,
    key: UUID,
    now: datetime | None = None,
) -> Case:
    """Open the service case, or the complaint, that a return belongs to (ORD-38); one a return.

    Raises CaseNotOpened.
    """
    standing, held = hold_return(goods_back)
    if standing.case is not None:
        return standing.case
    case = followups.open_case(
        customer=held.customer,
        kind=kind,
        channel=channel,
        text=text,
        by=by,
        now=now or database_now(),
        key=key,
    )
    standing.case = case
    standing.save(update_fields=["case"])
    return case
