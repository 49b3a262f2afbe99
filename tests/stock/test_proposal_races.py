"""Two people at once: a proposal is decided once, a place has one proposal and one class."""

from decimal import Decimal
from uuid import uuid4

import pytest

from stock.models import ClassOverride, OfficePrice, Proposal
from stock.services.overrides import ClassNotSet, give_class
from stock.services.proposals import NotDecided, NotProposed, decide, propose
from stock.states import ProposalKind, StyleClass
from tests.desk.test_merging_races import together
from tests.stock.proposed import NOW, draft, made, world_of

pytestmark = pytest.mark.django_db(transaction=True)


def refused(answers) -> list[type]:
    return [type(each) for each in answers if isinstance(each, Exception)]


def test_of_two_at_once_one_proposes_gives_a_class_and_decides():
    world = world_of(floor_price=Decimal(254))
    order = draft(world, ProposalKind.REORDER)
    answers = together([lambda: propose(draft=order, by=world["goods"], key=uuid4(), now=NOW)] * 2)
    assert refused(answers) == [NotProposed]
    assert Proposal.objects.count() == 1

    answers = together([
        lambda: give_class(style=world["style"], office=None, style_class=StyleClass.SLOW,
                           reason="r", by=world["goods"], now=NOW),
        lambda: give_class(style=world["style"], office=None, style_class=StyleClass.DEAD,
                           reason="r", by=world["ops"], now=NOW),
    ])  # fmt: skip
    assert refused(answers) == [ClassNotSet]
    assert ClassOverride.objects.filter(lifted_at=None).count() == 1

    price = made(world, ProposalKind.MARK_DOWN)
    answers = together([
        lambda: decide(proposal=price, is_approved=True, by=world["ops"], now=NOW),
        lambda: decide(proposal=price, is_approved=False, note="no", by=world["ops"], now=NOW),
    ])  # fmt: skip
    assert refused(answers) == [NotDecided]
    price.refresh_from_db()
    assert OfficePrice.objects.exists() == (price.state == "approved")
