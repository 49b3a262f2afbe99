"""Whom and which stores a sheet may name."""

from collections import defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.input_refused import InputRefused
from core.spreadsheets import cells
from core.spreadsheets.tables import Cell
from staff.models import Store
from staff.scope import REGISTERING_ROLES, Reach, visible_people, visible_stores


class NotInDirectory(InputRefused):
    """A sheet names somebody or some store that is not here, or not for this importer."""


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A person whom a sheet may name as keeper."""

    id: int
    name: str
    can_keep: bool


@dataclass(frozen=True, kw_only=True)
class Directory:
    """People by user name, and by name where only one is called so; stores by code and name."""

    people: dict[str, Somebody]
    namesakes: dict[str, list[Somebody]]
    stores: dict[str, int]
    store_names: dict[int, str]
    zones: dict[int, ZoneInfo]

    @property
    def only_store_id(self) -> int | None:
        """The store, where there is only one."""
        return next(iter(self.store_names)) if len(self.store_names) == 1 else None

    def store_called(self, cell: Cell) -> int | None:
        """The store of a cell, None where it is blank. Raises InputRefused."""
        text = cells.text(cell, 60, keep_lines=False)
        if not text:
            return None
        if text.casefold() not in self.stores:
            raise NotInDirectory("store_unknown", {"name": text[:40]})
        return self.stores[text.casefold()]

    def person_called(self, cell: Cell) -> int | None:
        """The keeper of a cell, None where it is blank. Raises InputRefused."""
        text = cells.text(cell, 60, keep_lines=False)
        if not text:
            return None
        name = {"name": text[:40]}
        found = self.people.get(text.casefold())
        if found is None:
            called_so = self.namesakes.get(text.casefold(), [])
            if len(called_so) > 1:
                raise NotInDirectory("owner_ambiguous", name)
            found = called_so[0] if called_so else None
        if found is None:
            raise NotInDirectory("owner_unknown", name)
        if not found.can_keep:
            raise NotInDirectory("owner_cannot_keep", name)
        return found.id

    @property
    def keepers(self) -> dict[int, str]:
        """Who may keep customers: id and name."""
        return {found.id: found.name for found in self.people.values() if found.can_keep}


def directory(reach: Reach) -> Directory:
    """Whom and which stores an importer of this reach may name."""
    people = {}
    namesakes: dict[str, list[Somebody]] = defaultdict(list)
    for person in visible_people(reach).order_by("pk"):
        somebody = Somebody(
            id=person.pk,
            name=person.name,
            can_keep=person.is_active and person.role in REGISTERING_ROLES,
        )
        people[person.username.casefold()] = somebody
        if somebody.can_keep:
            namesakes[person.name.casefold()].append(somebody)
    stores = list(visible_stores(reach).order_by("pk"))
    return Directory(
        people=people,
        namesakes=namesakes,
        stores=_by_code_and_name(stores),
        store_names={store.pk: store.name for store in stores},
        zones={store.pk: store.tzinfo for store in stores},
    )


def _by_code_and_name(stores: list[Store]) -> dict[str, int]:
    names = [store.name.casefold() for store in stores]
    unique = {
        name: store.pk for name, store in zip(names, stores, strict=True) if names.count(name) == 1
    }
    return unique | {store.code.casefold(): store.pk for store in stores}
