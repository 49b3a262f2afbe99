"""Opportunities as people open them."""

from uuid import uuid4

from customers.models import Opportunity, Stage
from customers.services.opportunities import lose, move_stage, open_opportunity, win
from tests.factories.customers import NOW, CustomerFactory


def stage(code: str) -> Stage:
    """A shipped stage: `furniture_measured`, `dealer_test_drive`."""
    return Stage.objects.get(code=code)


def opportunity(*, customer=None, at="furniture_inquiry", now=NOW, by=None, **said) -> Opportunity:
    """An open one in the stage `at`, opened by the customer's keeper."""
    customer = customer or CustomerFactory()
    said.setdefault("product", "三人沙发")
    return open_opportunity(
        customer=customer,
        stage=stage(at),
        by=by or customer.owner,
        now=now,
        key=uuid4(),
        **said,
    )


def moved(row: Opportunity, *stages: str, now=NOW) -> Opportunity:
    """Moved by its keeper through these stages."""
    for code in stages:
        to = stage(code)
        row = move_stage(opportunity=row, seen=row.stage, to=to, by=row.owner, now=now)
    return row


def won(row: Opportunity, *, now=NOW) -> Opportunity:
    return win(opportunity=row, by=row.owner, now=now)


def lost(row: Opportunity, *, now=NOW, reason="price") -> Opportunity:
    return lose(opportunity=row, lost_reason=reason, by=row.owner, now=now)
