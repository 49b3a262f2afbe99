"""Statements (对账单) sent to customers, and their word on them (FIN-07)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused
from core.services import audit
from customers.models import Customer
from orders.models import Statement
from orders.queries.statements import movements
from staff.models import Person


class StatementNotMade(Refused):
    """A statement was not made, or not confirmed."""

    messages = {
        "ends_before_it_begins": _("The last day lies before the first."),
        "ends_ahead": _("A statement ends today at the latest."),
        "confirmed_already": _("The customer has confirmed this statement already."),
    }


@transaction.atomic
def make_statement(
    *, customer: Customer, begins: date, ends: date, by: Person, now: datetime | None = None
) -> Statement:
    """Keep what a customer is told they owe at the end of a period. Raises StatementNotMade."""
    at = now or database_now()
    if ends < begins:
        raise StatementNotMade.because("ends_before_it_begins")
    if ends > customer.store.today(at):
        raise StatementNotMade.because("ends_ahead")
    row = Statement.objects.create(
        customer=customer,
        starts_on=begins,
        ends_on=ends,
        balance=movements(customer, begins=begins, ends=ends).closing,
        made_at=at,
        made_by=by,
    )
    audit.record(verb="make_statement", of=row, by=by, customer=customer.pk)
    return row


@transaction.atomic
def confirm_statement(*, statement: Statement, by: Person, now: datetime | None = None) -> None:
    """The customer agrees with what they were told. Raises StatementNotMade."""
    waiting = Statement.objects.filter(pk=statement.pk, confirmed_at=None)
    if not waiting.update(confirmed_at=now or database_now(), confirmed_by=by):
        raise StatementNotMade.because("confirmed_already")
    audit.record(verb="confirm_statement", of=statement, by=by)
