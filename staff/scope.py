"""Who may see what: the one place that answers, as a frozen `Reach`.

Every QuerySet on its way to a screen has passed a room's `visible(reach)`. A stranger's row does
not exist for the asker (404); a known row without the right is refused (403).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from staff.models import Absence, Duty, Person, Store
from staff.states import UNIT_MANAGER_ROLES, DutyKind, Level, Role, StoreKind

LEVELS = {
    Role.SALES_STORE: Level.OWN,
    Role.SALES_FIELD: Level.OWN,
    Role.STORE_MANAGER: Level.STORE,
    Role.FIELD_SUPERVISOR: Level.STORE,
    Role.MARKETING_MANAGER: Level.ALL,
    Role.OPS_MANAGER: Level.ALL,
    Role.MERCHANDISER: Level.NONE,
    Role.FINANCE: Level.NONE,
    Role.ADMIN: Level.NONE,
}

# Duties that open the customers of the store or region they are given for.
OPENING_DUTIES = (DutyKind.SALES_MANAGER, DutyKind.SERVICE_LEAD, DutyKind.DEPARTMENT_MANAGER)

# What serves customers and takes leads.
SERVING_KINDS = (StoreKind.STORE, StoreKind.FIELD_TEAM)

# Acts, and the roles that may do them on rows within their reach.
SERVING_ROLES = frozenset(
    {Role.SALES_STORE, Role.SALES_FIELD, Role.STORE_MANAGER, Role.FIELD_SUPERVISOR}
)
REGISTERING_ROLES = SERVING_ROLES | {Role.OPS_MANAGER}
# Floor plans and photos show homes and papers: not for those who see customers masked.
ATTACHMENT_ROLES = SERVING_ROLES | {Role.OPS_MANAGER}
REVEALING_ROLES = SERVING_ROLES | {Role.OPS_MANAGER}
REASSIGNING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER})
# Saying that two cards are one customer's, or are not (DAT-02); between units operations alone.
MERGING_ROLES = REASSIGNING_ROLES
IMPORTING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER})
EXPORTING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.MARKETING_MANAGER, Role.OPS_MANAGER})
PLAN_ROLES = frozenset({Role.MARKETING_MANAGER, Role.OPS_MANAGER})
# Who sets campaigns; everybody who serves invites their own customers to them.
CAMPAIGN_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.MARKETING_MANAGER, Role.OPS_MANAGER})
CUSTOMER_ROLES = SERVING_ROLES | {Role.MARKETING_MANAGER, Role.OPS_MANAGER}
# Service cases are seen to by who serves the customer, and by operations; others read them.
CASE_ROLES = SERVING_ROLES | {Role.OPS_MANAGER}
LEAD_ROLES = CUSTOMER_ROLES
# Who files leads (managers who sell like anybody, FIL-06), and who reads how leads stand.
FILING_ROLES = SERVING_ROLES
FILING_READERS = CUSTOMER_ROLES
# Who sets the rules of filing and replays a period under others (ADJ-07).
POLICY_ROLES = frozenset({Role.OPS_MANAGER})
# Who takes a deposit, for any customer (decision 4).
DEPOSIT_ROLES = SERVING_ROLES
# Who reads receipts, and who gives deposits back: finance, or who leads the store; never the taker.
RECEIPT_ROLES = SERVING_ROLES | {Role.OPS_MANAGER, Role.FINANCE}
RETURNING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.FINANCE})
# Who writes quotes and orders; who reads them; who lets goods go that are not paid (ORD-20).
ORDERING_ROLES = SERVING_ROLES
ORDER_READERS = SERVING_ROLES | {Role.OPS_MANAGER, Role.FINANCE}
RELEASING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER})
# Who takes the ledger out of the house (ORD-12).
ORDER_EXPORTING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER, Role.FINANCE})
# Who confirms payments, pays refunds out and settles; never what they recorded themselves.
MONEY_ROLES = frozenset({Role.FINANCE})
# Who records payments, who reads lists of money, and the day end of stores (ORD-29).
PAYING_ROLES = SERVING_ROLES | {Role.FINANCE}
MONEY_READERS = ORDER_READERS
DAY_END_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER, Role.FINANCE})
# Who says on what terms a customer buys, and holds deliveries to them (FIN-06).
ACCOUNT_ROLES = RELEASING_ROLES | MONEY_ROLES
# Who reads stock and its figures; who brings the ledger in and proposes; who decides on prices.
STOCK_READERS = frozenset(Role) - {Role.ADMIN}
STOCK_ROLES = frozenset({Role.MERCHANDISER})
STOCK_DECIDING_ROLES = frozenset({Role.OPS_MANAGER})
# Whose work goods are: who sets their prices and gives them classes.
GOODS_ROLES = STOCK_ROLES | STOCK_DECIDING_ROLES
# Who reads what goods cost us, and what is reckoned from it.
COST_ROLES = GOODS_ROLES | MONEY_ROLES
# Who takes figures of goods out of the house.
STOCK_EXPORTING_ROLES = GOODS_ROLES
TARGET_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER})
DISPATCHING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.MARKETING_MANAGER, Role.OPS_MANAGER})
LEAD_SOURCE_ROLES = frozenset({Role.MARKETING_MANAGER, Role.OPS_MANAGER})
PEOPLE_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.OPS_MANAGER, Role.ADMIN})
PLACE_ROLES = frozenset({Role.OPS_MANAGER, Role.ADMIN})
DUTY_ROLES = frozenset({Role.OPS_MANAGER, Role.ADMIN})
CONFIRMING_ROLES = frozenset({Role.OPS_MANAGER})
CALENDAR_ROLES = frozenset({Role.OPS_MANAGER})
OUTGOING_ROLES = frozenset({Role.OPS_MANAGER})
ADMIN_ROLES = frozenset({Role.ADMIN})
INVITING_ROLES = frozenset({*UNIT_MANAGER_ROLES, Role.ADMIN})


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What one person may see today: how far, which stores, for whom they act, which duties."""

    person_id: int
    role: Role
    level: Level
    store_ids: frozenset[int] = frozenset()
    assists: frozenset[int] = frozenset()
    stands_in_for: frozenset[int] = frozenset()
    duties: frozenset[DutyKind] = frozenset()

    @property
    def sees_all(self) -> bool:
        return self.level == Level.ALL

    @property
    def acts_for(self) -> list[int]:
        """This person and those they assist."""
        return [self.person_id, *sorted(self.assists)]

    @property
    def may_serve(self) -> bool:
        """May log contacts and do tasks for customers within reach."""
        return self.role in SERVING_ROLES

    @property
    def may_reveal(self) -> bool:
        return self.role in REVEALING_ROLES

    @property
    def may_reassign(self) -> bool:
        return self.role in REASSIGNING_ROLES

    @property
    def leads_stores(self) -> bool:
        """Sees more than the own list: a store, a region or all."""
        return self.level in (Level.STORE, Level.ALL)

    def has_role(self, roles: frozenset[Role] | tuple[Role, ...]) -> bool:
        return self.role in roles


def running_duties(*, on: date) -> QuerySet[Duty]:
    """Duties that hold on this day."""
    return Duty.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


def with_standing(people: QuerySet[Person], *, today: date) -> QuerySet[Person]:
    """`people`, each with what `reach_of` reads on `today`, in the one query that loads them.

    Adds `standing_on` (date), `running_duties` (a list of dicts of ids), `shared_store_ids` and
    `away`: for whom each stands in, and who wrote that down (FUP-30; a list of dicts of ids).
    """
    duties = running_duties(on=today).filter(person=OuterRef("pk"))
    shared = Person.other_stores.through.objects.filter(person=OuterRef("pk"))
    away = Absence.objects.filter(
        stand_in=OuterRef("pk"), called_off_at=None, starts_on__lte=today, ends_on__gte=today
    )
    duty = JSONObject(kind="kind", store="store_id", region="region_id", assists="assists_id")
    # `Person` declares what is brought along, for whoever reads it.
    return people.annotate(  # type: ignore[no-redef]
        standing_on=Value(today),
        running_duties=ArraySubquery(duties.values_list(duty)),
        shared_store_ids=ArraySubquery(shared.values("store_id")),
        away=ArraySubquery(
            away.values_list(JSONObject(person="person_id", set_by="set_by_id")),
        ),
    )


def _duty_stores(duties: list[dict]) -> set[int]:
    """The stores that the opening duties of a person open: one, a region's, or all."""
    opening = [duty for duty in duties if duty["kind"] in OPENING_DUTIES]
    if any(duty["store"] is None and duty["region"] is None for duty in opening):
        return set(Store.objects.values_list("pk", flat=True))
    stores = {duty["store"] for duty in opening if duty["store"]}
    regions = {duty["region"] for duty in opening if duty["region"]}
    if regions:
        stores |= set(Store.objects.filter(region__in=regions).values_list("pk", flat=True))
    return stores


def reach_of(person: Person, *, today: date, but: int | None = None) -> Reach:
    """The reach of `person` on `today`: no query for whoever was loaded `with_standing` today.

    Whoever stands in for a manager sees what that manager leads, for these days. What somebody
    opens whom they assist, or for whom they stand in, is left out for the person `but`.
    """
    if getattr(person, "standing_on", None) != today:
        person = with_standing(Person.objects.all(), today=today).get(pk=person.pk)
    reach = own_reach(person)
    away = person.away
    if but is not None:
        reach = replace(reach, assists=reach.assists - {but})
        away = [leave for leave in away if leave["person"] != but]
    if not away:
        return reach
    stores = _stores_of_absent(away, today=today)
    ids = frozenset(leave["person"] for leave in away)
    return replace(
        reach,
        level=Level.STORE if stores and reach.level != Level.ALL else reach.level,
        store_ids=reach.store_ids | stores,
        assists=reach.assists | ids,
        stands_in_for=ids,
    )


def _stores_of_absent(away: list[dict], *, today: date) -> set[int]:
    """What the absent see for these days, as far as whoever wrote the leave down sees it, too.

    Nobody raises a reach beyond the own one by writing down another's leave.
    """
    ids = {pk for leave in away for pk in leave.values()}
    people = with_standing(Person.objects.filter(pk__in=ids), today=today)
    reaches = {person.pk: own_reach(person) for person in people}
    stores: set[int] = set()
    for leave in away:
        said_by, opened = reaches[leave["set_by"]], reaches[leave["person"]].store_ids
        stores |= opened if said_by.sees_all else opened & said_by.store_ids
    return stores


def own_reach(person: Person) -> Reach:
    """What role and duties open to somebody loaded `with_standing`; nobody is stood in for."""
    duties = person.running_duties
    level = LEVELS[Role(person.role)]
    stores: set[int] = set()
    if level == Level.STORE:
        own = [person.store_id] if person.store_id is not None else []
        stores = {*own, *person.shared_store_ids}
    opened = _duty_stores(duties)
    if opened and level in (Level.OWN, Level.NONE, Level.STORE):
        level, stores = Level.STORE, stores | opened
    return Reach(
        person_id=person.pk,
        role=Role(person.role),
        level=level,
        store_ids=frozenset(stores),
        assists=frozenset(duty["assists"] for duty in duties if duty["assists"]),
        duties=frozenset(DutyKind(duty["kind"]) for duty in duties),
    )


def visible_people(reach: Reach):
    """People whose names and figures this person may see: own, those of the stores, or all."""
    people = Person.objects.filter(is_system=False)
    if reach.sees_all or reach.role == Role.ADMIN:
        return people
    return people.filter(
        Q(pk=reach.person_id) | Q(pk__in=reach.assists) | Q(store__in=reach.store_ids)
    )


def visible_stores(reach: Reach):
    """Stores this person may choose among."""
    stores = Store.objects.filter(is_active=True)
    if reach.sees_all or reach.role == Role.ADMIN:
        return stores
    own = Person.objects.filter(pk=reach.person_id).values("store")
    return stores.filter(Q(pk__in=reach.store_ids) | Q(pk__in=own))


def serving_stores(reach: Reach):
    """Stores and field teams this person may choose among: no offices, no warehouses."""
    return visible_stores(reach).filter(kind__in=SERVING_KINDS)


def own_or_first(stores: Iterable[Store], own: int | None) -> Store | None:
    """Where somebody begins who chose none: the own store, else the first that serves customers."""
    serving = [store for store in stores if store.kind in SERVING_KINDS]
    return next((store for store in serving if store.pk == own), next(iter(serving), None))
