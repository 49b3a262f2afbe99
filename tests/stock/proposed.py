"""What is proposed in tests: a style in two offices, and who proposes and decides."""

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

from staff.states import Role
from stock.models import Proposal
from stock.services.proposals import Draft, propose
from stock.states import ProposalKind
from tests.factories.staff import PersonFactory
from tests.factories.stock import SizeStockFactory, StyleFactory, offices

NOW = datetime(2026, 4, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 4, 1)


def world_of(**style) -> dict:
    """A style of ¥499 in two offices, a merchandiser, the operations."""
    here, there = offices("A1", "A2")
    made_of = StyleFactory.create(**style)
    for office in (here, there):
        SizeStockFactory.create(style=made_of, office=office, quantity=5)
    return {
        "here": here,
        "there": there,
        "style": made_of,
        "goods": PersonFactory.create(role=Role.MERCHANDISER),
        "ops": PersonFactory.create(role=Role.OPS_MANAGER),
    }


def draft(world, kind, **said) -> Draft:
    base = {"kind": kind, "style": world["style"], "as_of": TODAY}
    if kind == ProposalKind.MARK_DOWN:
        base |= {"office": world["here"], "new_price": Decimal(399), "from_on": TODAY}
    elif kind == ProposalKind.TRANSFER:
        base |= {"from_office": world["here"], "office": world["there"], "sizes": {"37": 3}}
    else:
        base |= {"office": world["here"], "sizes": {"36": 2, "37": 6, "38": 0},
                 "cover_days": 35, "lead_days": 14}  # fmt: skip
    return Draft(**{**base, **said})


def made(world, kind, by="goods", **said) -> Proposal:
    return propose(draft=draft(world, kind, **said), by=world[by], key=uuid4(), now=NOW)
