"""Who may decide a dispute, and which disputes somebody may decide."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from filings.models import Dispute, Party
from filings.queries.candidates import LEADING, candidates_of, home_sellers
from filings.queries.deciders import regions_of_stores, stores_by_duty
from filings.queries.hearing import hearing_of, is_heard_by_operations
from filings.rules.parties import OF_IDENTITY, Decider, Side, appeal_blockers, decision_blockers
from filings.states import AppealState, Channel, DisputeKind, DisputeState
from staff.models import Person
from staff.scope import running_duties, with_standing
from staff.states import UNIT_MANAGER_ROLES, DutyKind, Role

FIELD_ROLES = (Role.SALES_FIELD, Role.FIELD_SUPERVISOR)


def decider_of(person: Person, *, today: date, regions: Mapping[int, int] | None = None) -> Decider:
    """What somebody leads, by role and by duty; no query for whoever was loaded for the page.

    Of many, `regions` is read once for all.
    """
    if getattr(person, "standing_on", None) != today:
        person = with_standing(Person.objects.all(), today=today).get(pk=person.pk)
    duties = person.running_duties
    is_leading = person.role in UNIT_MANAGER_ROLES
    own = {person.store_id, *person.shared_store_ids} - {None} if is_leading else set()
    return Decider(
        person=person.pk,
        role=person.role,
        acts_for=frozenset(
            {person.pk}
            | {duty["assists"] for duty in duties if duty["assists"]}
            | {leave["person"] for leave in person.away}
        ),
        units=frozenset(pk for pk in own if pk is not None),
        department=stores_by_duty(person, DutyKind.DEPARTMENT_MANAGER, regions=regions),
        regions=frozenset(
            duty["region"] for duty in duties if duty["kind"] in LEADING and duty["region"]
        ),
        hears_appeals=any(duty["kind"] == DutyKind.APPEAL for duty in duties),
    )


def side_of(party: Party) -> Side:
    """A party in the words of the rules; wants the person and the filing loaded."""
    filing = party.filing
    return Side(
        person=party.person_id,
        unit=filing.store_id if filing else party.person.store_id,
        role=party.person.role,
        is_field=filing.channel == Channel.FIELD if filing else party.person.role in FIELD_ROLES,
    )


def deciders_of(dispute: Dispute, parties: Iterable[Party], *, today: date) -> list[int]:
    """Who is told that a dispute waits: who decides it on the spot, else operations."""
    kinds = (*LEADING, DutyKind.APPEAL)
    duties = running_duties(on=today).filter(person=OuterRef("pk"), kind__in=kinds)
    roles = Q(role__in=(*UNIT_MANAGER_ROLES, Role.OPS_MANAGER))
    leading = Person.objects.filter(roles | Exists(duties), is_active=True, is_system=False)
    sides, regions = list(parties), regions_of_stores()
    people = with_standing(leading, today=today).order_by("pk")
    deciders = {person: decider_of(person, today=today, regions=regions) for person in people}
    candidates = _keys(candidates_of(dispute, sides, today=today))
    able = [
        person
        for person, decider in deciders.items()
        if not blockers_of(dispute, decider, sides, candidates=candidates)
    ]
    near = [person for person in able if person.role != Role.OPS_MANAGER]
    return [person.pk for person in near or able]


def home_of(dispute: Dispute) -> int | None:
    """The region of the customer's home, as the deal knows it (XRG-01); None where it may be one
    of two, which only operations decide (decision 13).
    """
    deal = dispute.deal
    if deal is None or deal.own_region_id not in (None, deal.region_id):
        return None
    return deal.region_id


def _keys(people: Iterable[Person]) -> frozenset[int]:
    return frozenset(person.pk for person in people)


def blockers_of(
    dispute: Dispute,
    decider: Decider,
    parties: Iterable[Party],
    *,
    candidates: Collection[int] | None = None,
) -> list:
    """Why this person may not decide this dispute; nothing where they may.

    `candidates` are the people to whom it may be given, where the caller knows them.
    """
    parties = list(parties)
    if candidates is None:
        candidates = _keys(candidates_of(dispute, parties))
    return decision_blockers(
        kind=dispute.kind,
        sides=[side_of(party) for party in parties],
        decider=decider,
        home=home_of(dispute),
        candidates=candidates,
    )


def blockers_of_appeal(
    dispute: Dispute, decider: Decider, parties: Iterable[Party], *, today: date | None = None
) -> list:
    """Why this person may not decide the appeal against what was ruled in this dispute."""
    parties = list(parties)
    return appeal_blockers(
        sides=[side_of(party) for party in parties],
        decider=decider,
        decided_by=dispute.closed_by_id,
        candidates=_keys(candidates_of(dispute, parties, today=today)),
        hearing=hearing_of(dispute, parties, today=today),
    )


def on_bench(decider: Decider, *, today: date | None = None) -> QuerySet[Dispute]:
    """The disputes that this person may decide, or decided; the twin of `decision_blockers`.

    Nobody meets an own case here, also not when it is decided.
    """
    today = today or timezone.localdate()
    parties = Party.objects.filter(dispute=OuterRef("pk")).annotate(
        unit=Coalesce("filing__store", "person__store")
    )
    by_operations = Exists(parties.filter(person__role=Role.OPS_MANAGER))
    found = _not_to_be_given(decider.people, today=today)
    if decider.role == Role.OPS_MANAGER:
        rights: Any = ~by_operations | is_heard_by_operations(decider.person, today=today)
    else:
        rights = Q(pk__in=[])
        if decider.units:
            rights |= _inside(decider.units, parties) & ~Exists(
                parties.filter(person__role__in=UNIT_MANAGER_ROLES)
            )
        if decider.department:
            is_field = Q(filing__channel=Channel.FIELD) | Q(
                filing=None, person__role__in=FIELD_ROLES
            )
            foreign = parties.exclude(is_field) | parties.exclude(unit__in=decider.department)
            rights |= _not_of_operations_alone() & ~Exists(foreign)
        if decider.regions:
            is_sure = Q(deal__own_region=None) | Q(deal__own_region=F("deal__region"))
            at_home = Q(kind=DisputeKind.CROSS_REGION, deal__region__in=decider.regions)
            rights |= at_home & is_sure
        rights &= ~by_operations
    if decider.hears_appeals:
        rights |= by_operations | Q(appeal__isnull=False)
    return found.filter(rights)


def _not_to_be_given(people: Collection[Any], *, today: date) -> QuerySet[Dispute]:
    """Disputes in which none of these is a party, or a candidate."""
    found = Dispute.objects.exclude(parties__person__in=people).exclude(deal__keeper__in=people)
    found = found.exclude(
        kind=DisputeKind.NEW_PROJECT, deal=None, customer__bought_count__gt=0,
        customer__owner__in=people,
    )  # fmt: skip
    at_home = home_sellers(today=today).filter(
        Q(store__region=OuterRef("deal__region")) | Q(store__region=OuterRef("deal__own_region")),
        pk__in=people,
        store__trade=OuterRef("customer__store__trade"),
    )  # fmt: skip
    return found.exclude(Q(Exists(at_home), kind=DisputeKind.CROSS_REGION))


def _not_of_operations_alone() -> Q:
    return ~Q(kind__in=[*OF_IDENTITY, DisputeKind.CROSS_REGION])


def _inside(units: frozenset[int], parties: Any):
    """All parties work in one of these units."""
    one_unit: Any = (
        Party.objects.annotate(unit=Coalesce("filing__store", "person__store"))
        .values("dispute")
        .annotate(units=Count("unit", distinct=True))
        .filter(units=1)
        .values("dispute")
    )
    outside = parties.exclude(unit__in=units)
    return _not_of_operations_alone() & ~Exists(outside) & Q(pk__in=one_unit)


def waiting(found: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """To be decided, the oldest first."""
    return found.filter(state=DisputeState.OPEN).order_by("opened_at", "pk")


def waiting_for_proof(found: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """Those that wait for somebody's proof, the oldest first."""
    return found.filter(state=DisputeState.PROOF).order_by("opened_at", "pk")


def appealed(found: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """Those whose appeal waits, the oldest appeal first."""
    return found.filter(appeal__state=AppealState.OPEN).order_by("appeal__at", "pk")


def decided(found: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """What was decided, the latest first."""
    closed = found.filter(state=DisputeState.DECIDED)
    return closed.order_by(F("closed_at").desc(), "-pk")
