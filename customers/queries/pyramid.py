"""The pyramid of grades: how many customers of each grade, by store and keeper, within a reach."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import QuerySet

from customers.models import Customer
from customers.queries.finding import visible
from customers.queries.grading import count_by_grade
from staff.models import Person, Store
from staff.scope import Reach
from staff.states import Trade


@dataclass(kw_only=True)
class Level:
    """The counts of everybody, a store or a keeper: by grade, and by intent level for cars."""

    store: Store | None = None
    keeper: Person | None = None
    is_nobodys: bool = False
    grades: Counter[str] = field(default_factory=Counter)
    intents: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.grades.total()


@dataclass(frozen=True, kw_only=True)
class Pyramid:
    """All within reach, each store, and the keepers of the store that is opened, if one is."""

    everybody: Level
    stores: list[Level]
    opened: Store | None
    keepers: list[Level]


def pyramid(reach: Reach, *, opened: int | None = None) -> Pyramid:
    """The counts within reach, in two statements however many stores there are, two more for
    the keepers of the store `opened`. Whoever sees one store alone sees it opened.
    """
    customers = visible(reach)
    everybody, by_store = Level(), _by_store(customers)
    for level in by_store.values():
        everybody.grades += level.grades
        everybody.intents += level.intents
    store = next(iter(by_store)) if len(by_store) == 1 else opened
    shown = by_store.get(store or 0)
    return Pyramid(
        everybody=everybody,
        stores=sorted(by_store.values(), key=lambda level: level.store.code if level.store else ""),
        opened=shown.store if shown else None,
        keepers=_keepers(customers.filter(store=store), shown.store) if shown else [],
    )


def _by_store(customers: QuerySet[Customer]) -> dict[int, Level]:
    """Each store's counts; levels of intent are of those that sell cars."""
    counted = count_by_grade(customers, of="store")
    stores = Store.objects.in_bulk({store for store, *_rest in counted})
    levels = {pk: Level(store=store) for pk, store in stores.items()}
    for pk, grade, intent, count in counted:
        levels[pk].grades[grade] += count
        if intent and stores[pk].trade == Trade.CARS:
            levels[pk].intents[intent] += count
    return levels


def _keepers(customers: QuerySet[Customer], store: Store | None) -> list[Level]:
    """The keepers of a store's customers by name, what is nobody's last."""
    counted = count_by_grade(customers, of="owner")
    people = Person.objects.in_bulk({owner for owner, *_rest in counted if owner})
    levels: dict[int | None, Level] = {}
    for owner, grade, _intent, count in counted:
        keeper = people.get(owner or 0)
        level = Level(store=store, keeper=keeper, is_nobodys=owner is None)
        levels.setdefault(owner, level).grades[grade] += count
    return sorted(
        levels.values(),
        key=lambda level: (level.is_nobodys, level.keeper.name if level.keeper else ""),
    )
