"""Who may decide about filings today, and who is to be told that something waits for them."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from filings.models import ExtensionRequest, Filing, SpecialPrice
from filings.rules.deciders import Matter, Powers, decider_blockers
from filings.states import RequestKind
from staff.models import Person, Store
from staff.queries_of_absences import running as running_absences
from staff.scope import running_duties, with_standing
from staff.states import UNIT_MANAGER_ROLES, DutyKind, Role

DECIDING_DUTIES = (DutyKind.SALES_MANAGER, DutyKind.DEPARTMENT_MANAGER)


def regions_of_stores() -> dict[int, int]:
    """In which region each store is."""
    return dict(Store.objects.values_list("pk", "region"))


def stores_by_duty(
    person: Person, kind: DutyKind, *, regions: Mapping[int, int] | None = None
) -> frozenset[int]:
    """The stores for which a person has this duty: one, a region's, or all.

    Of many people `regions` is read once for all; else where a duty is wider than one store.
    """
    duties = [duty for duty in person.running_duties if duty["kind"] == kind]
    stores = {duty["store"] for duty in duties if duty["store"]}
    wide = {duty["region"] for duty in duties if not duty["store"]}
    if wide:
        known = regions_of_stores() if regions is None else regions
        stores |= {store for store, region in known.items() if None in wide or region in wide}
    return frozenset(stores)


def _own_powers(person: Person, regions: dict[int, int]) -> Powers:
    """What role and duties give; nobody is stood in for."""
    own = {person.store_id, *person.shared_store_ids} - {None}
    led = frozenset(own) if person.role in UNIT_MANAGER_ROLES else frozenset()
    assists = {duty["assists"] for duty in person.running_duties if duty["assists"]}
    return Powers(
        person=person.pk,
        acts_for=frozenset({person.pk, *assists}),
        is_operations=person.role == Role.OPS_MANAGER,
        led=led,
        led_teams=led if person.role == Role.FIELD_SUPERVISOR else frozenset(),
        in_sales=stores_by_duty(person, DutyKind.SALES_MANAGER, regions=regions),
        in_department=stores_by_duty(person, DutyKind.DEPARTMENT_MANAGER, regions=regions),
    )


def _reaches(person: Person, powers: Powers) -> frozenset[int] | None:
    """The stores about which a person may write down a stand-in; None is all."""
    if powers.is_operations or person.role == Role.MARKETING_MANAGER:
        return None
    return powers.led | powers.in_sales | powers.in_department


def _with_absent(own: Powers, absent: Powers, within: frozenset[int] | None) -> Powers:
    """Whoever stands in decides what the absent leads, as far as who said so sees it, too."""

    def lent(stores: frozenset) -> frozenset:
        return stores if within is None else stores & within

    return Powers(
        person=own.person,
        acts_for=own.acts_for | {absent.person},
        is_operations=own.is_operations,
        led=own.led | lent(absent.led),
        led_teams=own.led_teams | lent(absent.led_teams),
        in_sales=own.in_sales | lent(absent.in_sales),
        in_department=own.in_department | lent(absent.in_department),
    )


def powers_of_many(people: Iterable[Person]) -> dict[int, Powers]:
    """The powers of each of these people, loaded `with_standing`: two more queries at most."""
    rows = list(people)
    regions = regions_of_stores()
    away = {pk for person in rows for leave in person.away for pk in leave.values()}
    known = {person.pk: person for person in rows}
    if away - known.keys() and rows:
        others = Person.objects.filter(pk__in=away - known.keys())
        today = rows[0].standing_on
        known |= {person.pk: person for person in with_standing(others, today=today)}
    own = {pk: _own_powers(person, regions) for pk, person in known.items()}
    answer = {}
    for person in rows:
        powers = own[person.pk]
        for leave in person.away:
            said_by = leave["set_by"]
            within = _reaches(known[said_by], own[said_by])
            powers = _with_absent(powers, own[leave["person"]], within)
        answer[person.pk] = powers
    return answer


def powers_of(person: Person, *, today: date) -> Powers:
    """What this person may decide today (`Reach` says what they may see)."""
    if getattr(person, "standing_on", None) != today:
        person = with_standing(Person.objects.all(), today=today).get(pk=person.pk)
    return powers_of_many([person])[person.pk]


class Deciders:
    """All who decide anything on one day, read once: three queries, however much they are asked."""

    def __init__(self, *, today: date) -> None:
        self.today = today

    @cached_property
    def people(self) -> dict[int, Person]:
        """Managers, operations, holders of a deciding duty, and who stands in for somebody."""
        duties = running_duties(on=self.today).filter(
            person=OuterRef("pk"), kind__in=DECIDING_DUTIES
        )
        standing_in = running_absences(on=self.today).filter(stand_in=OuterRef("pk"))
        roles = Q(role__in=(*UNIT_MANAGER_ROLES, Role.OPS_MANAGER))
        found = Person.objects.filter(
            roles | Exists(duties) | Exists(standing_in), is_active=True, is_system=False
        )
        rows = with_standing(found, today=self.today).order_by("pk")
        return {person.pk: person for person in rows}

    @cached_property
    def powers(self) -> dict[int, Powers]:
        return powers_of_many(self.people.values())

    def of(
        self, matter: Matter, *, store: int | None, concerned: Iterable[int | None]
    ) -> list[Person]:
        """Who is told that this waits: who decides it on the spot, else operations."""
        party = [pk for pk in concerned if pk is not None]
        able = [
            self.people[pk]
            for pk, powers in self.powers.items()
            if not decider_blockers(powers, matter, store=store, concerned=party)
        ]
        near = [person for person in able if not self.powers[person.pk].is_operations]
        return near or able

    def above(self, *, store: int | None, concerned: Iterable[int | None]) -> list[Person]:
        """The next level, to whom what nobody decided is reported: the department, operations."""
        party = {pk for pk in concerned if pk is not None}
        return [
            self.people[pk]
            for pk, powers in self.powers.items()
            if (powers.is_operations or store in powers.in_department)
            and not powers.acts_for & party
        ]


def with_rivals(rows: QuerySet, *, project: str = "project") -> QuerySet:
    """Rows with `rivals_filed` and `rivals_held`: who filed, and who holds, on their projects."""
    there = Filing.objects.filter(project=OuterRef(project)).order_by()
    return rows.annotate(
        rivals_filed=ArraySubquery(there.values("filer")),
        rivals_held=ArraySubquery(there.values("holder")),
    )


def _on_project(about: Filing | ExtensionRequest, project: int) -> set[int]:
    """Who holds, filed or was refused on a project; read with the row where `with_rivals` did."""
    if hasattr(about, "rivals_filed"):
        return {*about.rivals_filed, *about.rivals_held}
    pairs = Filing.objects.filter(project=project).values_list("filer", "holder")
    return {pk for pair in pairs for pk in pair}


def concerned_by(about: Filing | ExtensionRequest | SpecialPrice) -> set[int]:
    """Whose matter this is: nobody of them decides it. Of a filing everybody who holds, filed or
    was refused on its project: whose own lead stands behind it does not judge it.
    """
    match about:
        case Filing():
            own = {about.filer_id, about.holder_id, about.by_id}
            return own | _on_project(about, about.project_id)
        case ExtensionRequest():
            own = {about.asked_by_id, about.filing.holder_id, about.filing.filer_id}
            return own | _on_project(about, about.filing.project_id)
        case SpecialPrice():
            return {about.asked_by_id}


def matter_of(request: ExtensionRequest) -> Matter:
    """What an extension asks to have decided."""
    return Matter.LIMIT if request.kind == RequestKind.LIMIT else Matter.SILENCE


def deciders_of(
    matter: Matter, *, store: int | None, concerned: Iterable[int | None], today: date
) -> list[Person]:
    """Who is told that this waits for them, stand-ins included."""
    return Deciders(today=today).of(matter, store=store, concerned=concerned)


def within(rows: QuerySet, stores: frozenset | None, *, path: str = "store") -> QuerySet:
    """The rows of these stores; None leaves all."""
    return rows if stores is None else rows.filter(**{f"{path}__in": stores})
