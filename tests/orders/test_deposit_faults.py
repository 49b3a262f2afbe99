"""`kill -9` between the money and the credit: both stand, or neither does (FIL-41, C05)."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from filings.models import Deal, FilingEvent, Ruling
from filings.states import EventKind
from orders.models import Order, Payment
from tests.dying import die
from tests.orders.stage import NOW, customer_of, deposit, filed, stage
from tests.racing import IS_PROVING

pytestmark = pytest.mark.django_db(transaction=True)

THEN = NOW + timedelta(days=1)

# Dies where `{module}.{name}` is about to be called, or once all is done.
TAKER = """
import os, signal, django
from uuid import UUID
django.setup()
import importlib
from datetime import datetime
from staff.models import Person
from tests.orders import stage
from orders.services import deposits
def dies(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
module, name = "{module}", "{name}"
if module:
    setattr(importlib.import_module(module), name, dies)
{first}
closer = Person.objects.select_related("store").get(pk={closer})
stage.deposit(closer, key=UUID("{key}"), now=datetime.fromisoformat("{now}"))
dies()
"""
BETWEEN = (
    ("filings.services.settling", "write_ruling"),
    ("filings.services.settling", "credit"),
    ("filings.services.settling", "join_deal"),
    ("orders.services.settling", "tell_whose"),
)
# Each costs a process; `make prove` dies at every one of them.
TRIED = BETWEEN if IS_PROVING else BETWEEN[1:2]
# What the one transaction protects us from: it keeps what was written so far.
COMMITS_AS_IT_GOES = """
from django.db import connection
def dies(*args, **kwargs):
    connection.connection.commit()
    os.kill(os.getpid(), signal.SIGKILL)
setattr(importlib.import_module(module), name, dies)
"""


@pytest.fixture
def cast():
    cast = stage()
    filed(customer_of(cast.filer), cast.filer)
    return cast


def take_and_die(cast, key: UUID, *, at: tuple[str, str] = ("", ""), first: str = "") -> None:
    module, name = at
    die(TAKER.format(
        module=module, name=name, first=first, closer=cast.closer.pk, key=key,
        now=THEN.isoformat(),
    ))  # fmt: skip


def written() -> tuple[int, ...]:
    """Orders, deposits, deals, rulings and journal rows of deals."""
    dealt = FilingEvent.objects.filter(kind=EventKind.DEALT)
    return tuple(rows.count() for rows in (Order.objects, Payment.objects, Deal.objects,
                                           Ruling.objects, dealt))  # fmt: skip


@pytest.mark.parametrize("at", TRIED, ids=lambda at: at[1])
def test_killed_on_the_way_nothing_stands_and_the_same_form_takes_it_then(cast, at):
    key = uuid4()
    take_and_die(cast, key, at=at)
    assert written() == (0, 0, 0, 0, 0)

    taken = deposit(cast.closer, key=key, now=THEN)
    assert written() == (1, 1, 1, 1, 1)
    assert Ruling.objects.get().credited_to == cast.filer
    assert taken.amount == Decimal(5000)


def test_killed_with_the_answer_on_its_way_the_same_form_finds_what_stands(cast):
    key = uuid4()
    take_and_die(cast, key)
    assert written() == (1, 1, 1, 1, 1)
    assert Ruling.objects.get().credited_to == cast.filer

    assert deposit(cast.closer, key=key, now=THEN) == Payment.objects.get()
    assert written() == (1, 1, 1, 1, 1)


def test_control_what_commits_as_it_goes_leaves_money_without_a_credit(cast):
    take_and_die(cast, uuid4(), at=BETWEEN[0], first=COMMITS_AS_IT_GOES)
    assert written() == (1, 1, 1, 0, 1)
