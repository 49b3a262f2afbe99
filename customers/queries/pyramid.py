"""The pyramid of grades: how many customers of each grade, by store and keeper, within a reach."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from customers.queries.finding import visible
from customers.queries.grading import count_by_grade, count_by_intent
from staff.models import Person, Store
from staff.scope import Reach


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
    """All within reach, each store, and within each store each keeper."""

    everybody: Level
    stores: list[Level]
    keepers: dict[int, list[Level]]


def pyramid(reach: Reach) -> Pyramid:
    """The counts within reach, in four statements however many stores there are."""
    customers = visible(reach).filter(merged_into=None)
    grades, intents = count_by_grade(customers), count_by_intent(customers)
    stores = Store.objects.in_bulk({store for store, *_rest in grades})
    people = Person.objects.in_bulk({owner for _store, owner, *_rest in grades if owner})
    everybody = Level()
    by_store = {pk: Level(store=store) for pk, store in stores.items()}
    by_keeper: dict[tuple[int, int | None], Level] = {}
    for store, owner, grade, count in grades:
        keeper = by_keeper.setdefault(
            (store, owner),
            Level(store=stores[store], keeper=people.get(owner or 0), is_nobodys=owner is None),
        )
        for level in (everybody, by_store[store], keeper):
            level.grades[grade] += count
    for store, intent, count in intents:
        everybody.intents[intent] += count
        by_store[store].intents[intent] += count
    return Pyramid(
        everybody=everybody,
        stores=sorted(by_store.values(), key=lambda level: level.store.code if level.store else ""),
        keepers={pk: _of_store(pk, by_keeper.values()) for pk in stores},
    )


def _of_store(pk: int, levels: Iterable[Level]) -> list[Level]:
    """The keepers of a store's customers by name, what is nobody's last."""
    theirs = [level for level in levels if level.store and level.store.pk == pk]
    return sorted(
        theirs, key=lambda level: (level.is_nobodys, level.keeper.name if level.keeper else "")
    )
