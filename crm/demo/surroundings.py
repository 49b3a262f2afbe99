"""What stands around customers: households, interests, opportunities, designers, referrals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from core.names import search_text
from core.phones import normalise
from core.services.copying import take_ids
from crm.demo.company import ZONE
from crm.demo.goods import GOODS
from crm.demo.names import customer_name
from crm.demo.writing import copy_plain
from customers.models import Customer, Designer, OwnedProduct, Stage, Tag, TaggedCustomer
from customers.services.numbers import sealed
from customers.states import Grade, LostReason, Relation, StageKind
from staff.models import Person, Store
from staff.services.system import system_account
from staff.states import SALES_ROLES, StoreKind

MEMBERS, INTERESTS = "customers_householdmember", "customers_interest"
OPPORTUNITIES, MOVES = "customers_opportunity", "customers_stagemove"
BATCH = 5000
MEMBER_COLUMNS = (
    "customer_id", "relation", "name", "note", "masked", "last4", "birth_year", "birth_month",
    "birth_day", "birth_is_lunar", "birth_is_leap_month", "birthday_noted_at", "added_at",
    "added_by_id",
)  # fmt: skip
INTEREST_COLUMNS = ("customer_id", "text", "noted_at", "noted_by_id")
OPPORTUNITY_COLUMNS = (
    "id", "customer_id", "store_id", "owner_id", "stage_id", "state", "product", "amount",
    "expected_on", "competitor", "has_problem", "has_budget", "has_time_frame",
    "has_decision_process", "note", "lost_reason", "lost_note", "opened_at", "opened_by_id",
    "staged_at", "closed_at",
)  # fmt: skip
MOVE_COLUMNS = ("opportunity_id", "before_id", "after_id", "at", "by_id")
# How probably a customer of this grade has an opportunity, and what came of it.
SHARES = {Grade.A: 0.55, Grade.B1: 0.7, Grade.C2: 0.2, Grade.D: 0.35, Grade.B2: 0.5, Grade.C1: 0.15}
RIVALS = ("隔壁4S店", "网上旗舰店", "红星某品牌", "居然之家某店", "老家的店", "")
# How many days ago agreements with designers were signed: before any order that names one (ORD-18).
SIGNED_AGO = (60, 320)
TAGS = ("春季家博会", "老带新", "团购群", "要开发票", "企业客户")


@dataclass(frozen=True, kw_only=True)
class Known:
    """A customer as far as their surroundings are drawn from it."""

    pk: int
    store_id: int
    owner_id: int | None
    by_id: int
    grade: str
    trade: str
    registered_at: datetime


def surround(*, rng: Random, today: date, asked_since: datetime) -> None:
    """Draw what stands around every customer, a few thousand at a time; birthdays are asked for
    since then.
    """
    stages = _stages()
    for batch in _customers():
        _people(batch, rng, asked_since)
        _interests(batch, rng)
        _opportunities(batch, stages, rng=rng, today=today)
    _designers(rng, today)
    _referrals(rng)
    _tags(rng)


def _customers() -> Iterator[list[Known]]:
    rows = Customer.objects.order_by("pk").values_list(
        "pk", "store_id", "owner_id", "registered_by_id", "grade", "store__trade", "registered_at"
    )
    batch: list[Known] = []
    for pk, store, owner, by, grade, trade, at in rows.iterator(chunk_size=BATCH):
        batch.append(
            Known(pk=pk, store_id=store, owner_id=owner, by_id=by, grade=grade, trade=trade,
                  registered_at=at)
        )  # fmt: skip
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _people(customers: Sequence[Known], rng: Random, asked_since: datetime) -> None:
    rows = []
    for each in customers:
        if rng.random() > 0.18:
            continue
        relation = rng.choice((Relation.SPOUSE, Relation.SPOUSE, Relation.CHILD, Relation.PARENT))
        year = {Relation.CHILD: 2015, Relation.PARENT: 1955}.get(relation, 1985) + rng.randint(0, 9)
        rows.append(
            (
                each.pk, relation.value, customer_name(rng)[0], "", "", "", year,
                rng.randint(1, 12), rng.randint(1, 28), rng.random() < 0.3, False,
                max(each.registered_at, asked_since), each.registered_at, each.by_id,
            )
        )  # fmt: skip
    copy_plain(MEMBERS, MEMBER_COLUMNS, rows)


def _interests(customers: Sequence[Known], rng: Random) -> None:
    prospects = [each for each in customers if each.grade in (Grade.A, Grade.B1, Grade.C2)]
    rows = [
        (each.pk, rng.choice(GOODS[each.trade]).name, each.registered_at, each.by_id)
        for each in prospects
        if rng.random() < 0.4
    ]
    copy_plain(INTERESTS, INTEREST_COLUMNS, rows)


def _stages() -> dict[str, list[Stage]]:
    """By trade: the stages of its set, in order."""
    found: dict[str, list[Stage]] = {}
    for stage in Stage.objects.select_related("stage_set").order_by("stage_set", "position"):
        for trade in stage.stage_set.trades:
            found.setdefault(trade, []).append(stage)
    return found


def _opportunities(
    customers: Sequence[Known], stages: dict[str, list[Stage]], *, rng: Random, today: date
) -> None:
    chosen = [
        each
        for each in customers
        if each.trade in stages and rng.random() < SHARES.get(Grade(each.grade), 0)
    ]
    opportunities, moves = [], []
    bought = _bought(chosen)
    for pk, each in zip(take_ids(OPPORTUNITIES, len(chosen)), chosen, strict=True):
        row, walked = _opportunity(
            pk, each, stages[each.trade], bought=bought.get(each.pk), rng=rng, today=today
        )
        opportunities.append(row)
        moves += walked
    copy_plain(OPPORTUNITIES, OPPORTUNITY_COLUMNS, opportunities)
    copy_plain(MOVES, MOVE_COLUMNS, moves)


def _bought(customers: Sequence[Known]) -> dict[int, tuple[str, Decimal | None]]:
    """What each of these bought last, and for how much."""
    rows = OwnedProduct.objects.filter(customer__in=[each.pk for each in customers])
    named = rows.order_by("delivered_on", "pk").values_list("customer", "product", "price")
    return {customer: (product, price) for customer, product, price in named}


def _end_of(each: Known, stages: Sequence[Stage], rng: Random) -> Stage:
    """Where the sale stands: buyers have bought, the given up were lost, the rest is under way."""
    by_kind = {stage.kind: stage for stage in stages}
    if each.grade in (Grade.B2, Grade.C1):
        return by_kind[StageKind.WON]
    if each.grade == Grade.D:
        return by_kind[StageKind.LOST]
    under_way = [stage for stage in stages if stage.kind == StageKind.OPEN]
    reach = {Grade.A: 0.75, Grade.B1: 1.0}.get(Grade(each.grade), 0.35)
    return under_way[int(rng.random() * reach * len(under_way))]


def _opportunity(
    pk: int,
    each: Known,
    stages: Sequence[Stage],
    *,
    bought: tuple[str, Decimal | None] | None,
    rng: Random,
    today: date,
) -> tuple[tuple, list[tuple]]:
    """The row and the moves that led to its stage, from the first on; won is what they `bought`."""
    end = _end_of(each, stages, rng)
    before = [
        stage for stage in stages if stage.kind == StageKind.OPEN and stage.position < end.position
    ]
    if end.kind == StageKind.LOST:
        before = before[: rng.randint(1, len(before))]
    path = [*before, end]
    by_id = each.owner_id or each.by_id
    midnight = datetime.combine(today, datetime.min.time(), ZONE)
    step = max((midnight - each.registered_at) / (len(path) + 1), timedelta(minutes=1))
    times = [each.registered_at + step * number for number in range(len(path))]
    good = rng.choice(GOODS[each.trade])
    product, amount = good.name, Decimal(good.price * rng.choice((1, 1, 1, 2)))
    if bought is not None and end.kind == StageKind.WON:
        product, amount = bought[0], bought[1] or amount
    is_lost = end.kind == StageKind.LOST
    row = (
        pk, each.pk, each.store_id, each.owner_id, end.pk, end.kind, product, amount,
        today + timedelta(days=rng.randint(-4, 75)),
        rng.choice(RIVALS), rng.random() < 0.8, rng.random() < 0.6, rng.random() < 0.6,
        rng.random() < 0.4, "", rng.choice([*LostReason.values][:5]) if is_lost else "", "",
        times[0], by_id, times[-1], times[-1] if end.kind != StageKind.OPEN else None,
    )  # fmt: skip
    starts = [None, *(stage.pk for stage in path)]
    moves = [
        (pk, start, stage.pk, at, by_id)
        for start, stage, at in zip(starts, path, times, strict=False)
    ]
    return row, moves


def _designers(rng: Random, today: date) -> None:
    """A few designers in each store that furnishes homes."""
    by, now = system_account(), datetime.combine(today, datetime.min.time(), ZONE)
    keepers = dict(
        Person.objects.filter(role__in=SALES_ROLES, is_active=True)
        .order_by("-pk")
        .values_list("store", "pk")
    )
    rows = []
    stores = Store.objects.filter(trade="furniture", kind=StoreKind.STORE).order_by("pk")
    for place, store in enumerate(stores):
        for number in range(2):
            name = customer_name(rng)[0]
            rows.append(
                Designer(
                    name=name,
                    search=search_text(name, "拾光设计"),
                    company=rng.choice(("拾光设计工作室", "木石空间设计", "")),
                    store=store,
                    keeper_id=keepers.get(store.pk),
                    agreement_no=f"SJ{today:%y}{place:03}{number + 1}",
                    signed_on=today - timedelta(days=rng.randint(*SIGNED_AGO)),
                    valid_until=today + timedelta(days=rng.randint(30, 400)),
                    furniture_rate=10,
                    accessories_rate=20,
                    cadence_days=30,
                    next_on=today + timedelta(days=rng.randint(-2, 20)),
                    added_at=now,
                    added_by=by,
                    **sealed(normalise(f"177{place:06}{number:02}")),
                )
            )
    made = {designer.store_id: designer for designer in Designer.objects.bulk_create(rows)}
    for store_id, designer in made.items():
        brought = Customer.objects.filter(store=store_id, source="designer").order_by("pk")
        Customer.objects.filter(pk__in=list(brought.values_list("pk", flat=True)[:6])).update(
            designer=designer, referrer_text=""
        )


def _referrals(rng: Random) -> None:
    """Some of those whom an owner sent name a buyer of the same keeper, who stood there before."""
    sent = Customer.objects.filter(source="owner_referral", owner__isnull=False).order_by("pk")
    for pk, owner, at in list(sent.values_list("pk", "owner", "registered_at")[:400]):
        buyers = Customer.objects.filter(
            owner=owner, pk__lt=pk, bought_count__gt=0, registered_at__lte=at
        )
        found = list(buyers.order_by("pk").values_list("pk", flat=True)[:9])
        if found:
            Customer.objects.filter(pk=pk).update(referrer=rng.choice(found), referrer_text="")


def _tags(rng: Random) -> None:
    by = system_account()
    tags = Tag.objects.bulk_create([Tag(name=name, made_by=by) for name in TAGS])
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:2000])
    TaggedCustomer.objects.bulk_create(
        TaggedCustomer(customer_id=pk, tag=rng.choice(tags), tagged_by=by)
        for pk in ids
        if rng.random() < 0.12
    )
