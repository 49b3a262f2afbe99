"""What handing leads out has to know, read once for a batch: stores, rules, rotas, who had what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from customers.models import DispatchRule, Lead, LeadOffer
from customers.queries.parameters import parameters
from customers.rules import leads as rules
from customers.rules.leads import Candidate, Opening, Place
from customers.states import OPEN_LEADS, DispatchMethod, LeadState, OfferState
from staff.models import Person, RotaDay, Store
from staff.queries import in_state
from staff.queries_of_absences import people_away
from staff.states import SALES_ROLES, STORE_BOUND_ROLES, PersonState, StoreKind

TAKING_LEADS = (StoreKind.STORE, StoreKind.FIELD_TEAM)


class Desk:
    """From where a batch of leads is handed out. The number of its queries does not depend on how
    many leads, stores and people there are; what it gives out, it counts.
    """

    def __init__(self, leads: Sequence[Lead], *, now: datetime) -> None:
        self.leads, self.now = leads, now
        self._given: dict[int, datetime] = {}
        self._added: dict[int, int] = defaultdict(int)
        self._more: dict[int, int] = defaultdict(int)

    @cached_property
    def _stores(self) -> Mapping[int, Store]:
        taking = Store.objects.filter(is_active=True, kind__in=TAKING_LEADS)
        return {store.pk: store for store in taking.select_related("region").order_by("pk")}

    @cached_property
    def _open_leads(self) -> Mapping[int, int]:
        rows = Lead.objects.filter(state__in=OPEN_LEADS, store__isnull=False).order_by()
        return dict(rows.values_list("store").annotate(n=Count("pk")))

    def store_of(self, lead: Lead) -> int | None:
        """The store of a lead: the one it has, while that is open, else the one that fits."""
        if lead.store_id in self._stores:
            return lead.store_id
        found = rules.choose_store(
            places=self._places(),
            named_store=None,
            place=lead.place,
            store_of_source=lead.origin.store_id,
            region_of_source=lead.origin.region_id,
        )
        if found is not None:
            self._more[found] += 1
        return found

    def _places(self) -> list[Place]:
        return [
            Place(
                store_id=store.pk,
                name=store.name,
                region_id=store.region_id,
                region=store.region.name,
                open_leads=self._open_leads.get(store.pk, 0) + self._more[store.pk],
            )
            for store in self._stores.values()
        ]

    def next_offer(self, lead: Lead) -> LeadOffer | None:
        """The offer to the next person of the lead's store, not kept yet; None for nobody."""
        if lead.store_id is None or lead.store_id not in self._stores:
            return None
        method = self._method(lead.store_id)
        chosen = rules.choose_person(
            method=method,
            candidates=self._candidates(lead.store_id, method),
            had=self._had.get(lead.pk, set()),
        )
        return self.offer_to(lead, chosen) if chosen is not None else None

    def offer_to(self, lead: Lead, person_id: int) -> LeadOffer:
        """The offer to this person; the lead has a store."""
        self._given[person_id] = self.now
        self._added[person_id] += 1
        store = self._stores.get(lead.store_id or 0) or Store.objects.get(pk=lead.store_id or 0)
        rule = self._rules.get(store.pk)
        return LeadOffer(
            lead=lead,
            person_id=person_id,
            offered_at=self.now,
            lapses_at=rules.lapses_at(
                offered_at=self.now,
                minutes=rule.accept_minutes if rule else self._accept_minutes,
                opening=opening_of(store),
            ),
        )

    @cached_property
    def _rules(self) -> Mapping[int, DispatchRule]:
        return {rule.store_id: rule for rule in DispatchRule.objects.all()}

    @cached_property
    def _accept_minutes(self) -> int:
        return parameters(timezone.localdate(self.now)).accept_minutes

    def _method(self, store_id: int) -> str:
        rule = self._rules.get(store_id)
        return rule.method if rule else DispatchMethod.ROTA

    def _candidates(self, store_id: int, method: str) -> list[Candidate]:
        if method == DispatchMethod.LOAD:
            people = [(pk, 0) for pk in self._sellers.get(store_id, ())]
        else:
            people = self._on_duty.get(store_id, [])
        return [
            Candidate(
                person_id=pk,
                position=position,
                last_offered_at=self._given.get(pk) or self._last.get(pk),
                load=self._load.get(pk, 0) + self._added[pk],
            )
            for pk, position in people
        ]

    def _workers(self) -> QuerySet[Person]:
        """Who serves customers, can sign in and is not away: nobody else is offered a lead."""
        working = Person.objects.filter(in_state(PersonState.ACTIVE), role__in=STORE_BOUND_ROLES)
        return working.exclude(pk__in=people_away(on=timezone.localdate(self.now)))

    @cached_property
    def _on_duty(self) -> Mapping[int, list[tuple[int, int]]]:
        """Who is on duty today, by the store's own day, in the order of the rota."""
        days = {pk: store.today(self.now) for pk, store in self._stores.items()}
        rows = RotaDay.objects.filter(
            Q(person__store=F("store")) | Q(person__other_stores=F("store")),
            on__in=set(days.values()),
            person__in=self._workers(),
        )
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        kept = rows.order_by("store", "position", "pk").distinct()
        for store_id, on, pk, position in kept.values_list("store", "on", "person", "position"):
            if days.get(store_id) == on:
                found[store_id].append((pk, position))
        return found

    @cached_property
    def _sellers(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        people = self._workers().filter(role__in=SALES_ROLES).order_by("pk")
        for pk, home in people.values_list("pk", "store"):
            found[home].append(pk)
        return found

    @cached_property
    def _last(self) -> Mapping[int, datetime]:
        since = self.now - rules.LOAD_WINDOW
        rows = LeadOffer.objects.filter(offered_at__gte=since).order_by()
        return dict(rows.values_list("person").annotate(at=Max("offered_at")))

    @cached_property
    def _load(self) -> Mapping[int, int]:
        """Open offers, and leads accepted of late."""
        since = self.now - rules.LOAD_WINDOW
        waiting = LeadOffer.objects.filter(state=OfferState.OPEN).order_by()
        load = dict(waiting.values_list("person").annotate(n=Count("pk")))
        taken = Lead.objects.filter(state=LeadState.ACCEPTED, closed_at__gte=since).order_by()
        for pk, count in taken.values_list("closed_by").annotate(n=Count("pk")):
            load[pk] = load.get(pk, 0) + count
        return load

    @cached_property
    def _had(self) -> Mapping[int, set[int]]:
        """Who has had each lead already."""
        found: dict[int, set[int]] = defaultdict(set)
        rows = LeadOffer.objects.filter(lead__in=[lead.pk for lead in self.leads])
        for lead_id, person_id in rows.values_list("lead", "person"):
            found[lead_id].add(person_id)
        return found


def opening_of(store: Store) -> Opening:
    """When this store is open."""
    return Opening(opens_at=store.opens_at, closes_at=store.closes_at, zone=store.tzinfo)
