"""Making the demonstration, in one transaction: there is all of it or nothing."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from core.refusals import Refused
from core.services import audit
from crm.demo.agenda import plan_agenda
from crm.demo.around import REFERRED
from crm.demo.cards import Drafter
from crm.demo.company import ZONE, build_company
from crm.demo.drafts import Draft
from crm.demo.filed import leads_of
from crm.demo.lived import LIVELY, begin, live
from crm.demo.order_house import buyers_of
from crm.demo.past_care import do_past_care, let_go
from crm.demo.prospects import crowd
from crm.demo.scenes import book
from crm.demo.shoe_house import STORES
from crm.demo.shoe_stories import open_shoe_house
from crm.demo.shoe_styles import STYLES
from crm.demo.sold_here import complete_orders
from crm.demo.stage import Stage
from crm.demo.surroundings import surround
from crm.demo.writing import write_drafts
from customers.models import Customer
from customers.services import propose_grades
from customers.services.chances import reckon_chances
from customers.services.value import recount_value
from followups.services import engine
from staff.models import Person, Store
from staff.services.system import system_account

SEED = 1
MOST = 1_000_000
BATCH = 5000
VERB = "demo_made"
_LOCK = 7_210_001
# So long the people of the demonstration have asked for birthdays.
BIRTHDAYS_FOR = timedelta(days=30)
_COPIED_IN = (
    "staff_person", "staff_store", "customers_customer", "customers_customerphone",
    "customers_contact", "customers_ownedproduct", "followups_obligation", "followups_task",
)  # fmt: skip
_MADE = ("followups_course", "followups_obligation", "followups_task")


class DemoRefused(Refused):
    """The demonstration was not made."""

    messages = {
        "not_empty": _(
            "This database has people, stores or customers already. The demonstration is made "
            "in an empty database only: name another one in DATABASE_URL."
        ),
        "too_many": _("The demonstration has from 1 to %(most)s customers."),
    }


def is_empty() -> bool:
    """Nobody has begun to work here: no people but the system, no stores, no customers."""
    people = Person.objects.filter(is_system=False)
    return not (people.exists() or Store.objects.exists() or Customer.objects.exists())


def is_demo() -> bool:
    """What is in this database began as the demonstration."""
    return AuditEntry.objects.filter(verb=VERB, by__is_system=True).exists()


@transaction.atomic
def make_demo(
    *,
    customers: int,
    seed: int = SEED,
    now: datetime,
    leads: int | None = None,
    buyers: int | None = None,
    styles: int = STYLES,
    shoe_stores: int = STORES,
) -> None:
    """Fill an empty database with a company and so many customers, `leads` of them filed, `buyers`
    with an order told from its first day; None: as many as go with the size. A company that is not
    all too small has so many styles of shoes in so many stores. Raises DemoRefused.
    """
    if not 1 <= customers <= MOST:
        raise DemoRefused.because("too_many", most=MOST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not is_empty():
        raise DemoRefused.because("not_empty")

    rng = Random(seed)
    today = now.astimezone(ZONE).date()
    company = build_company(customers=customers, rng=rng, today=today)
    drafter = Drafter(company, rng)
    scenes = list(book(drafter, most=customers))
    ids = write_drafts([scene.draft for scene in scenes], asked_since=now - BIRTHDAYS_FOR)
    is_lively = customers >= LIVELY
    leads = (leads_of(customers) if leads is None else leads) if is_lively else 0
    buyers = (buyers_of(customers) if buyers is None else buyers) if is_lively else 0
    friends = REFERRED if is_lively else 0
    for drafts in _batches(crowd(drafter, customers - len(scenes) - friends - leads - buyers)):
        write_drafts(drafts, asked_since=now - BIRTHDAYS_FOR)
    recount_value(list(Customer.objects.values_list("pk", flat=True)))
    surround(rng=rng, today=today, asked_since=now - BIRTHDAYS_FOR)
    reckon_chances(now=now)
    complete_orders(rng=Random(f"{seed}: orders"), today=today)

    _gather_statistics(_COPIED_IN)
    engine.ask(now=now)
    _gather_statistics(_MADE)
    left = {pk for pk, scene in zip(ids, scenes, strict=True) if scene.is_left}
    stage = Stage(company=company, rng=Random(f"{seed}: the last months"), today=today, now=now)
    told = begin(stage, but=left, is_lively=is_lively)
    do_past_care(company=company, rng=rng, left=left, told=told)
    let_go(company)
    if is_lively:
        live(stage, drafter, leads=leads, buyers=buyers)
    engine.ask(now=now)
    propose_grades(customers=None, now=now)
    plan_agenda(rng=rng, today=today, now=now)
    if is_lively and styles:
        open_shoe_house(
            rng=Random(f"{seed}: shoes"), today=today, now=now, styles=styles, stores=shoe_stores
        )

    by = system_account()
    audit.record(verb=VERB, of=by, by=by, customers=customers, seed=seed)


def _batches(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    iterator = iter(drafts)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _gather_statistics(tables: Sequence[str]) -> None:
    """Tell the planner of what was just written: it would take the tables for empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
