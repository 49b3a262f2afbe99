"""Who hears the appeal against what was ruled in a dispute (ADJ-01)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from filings.models import Dispute, Party
from filings.rules.parties import hearing_of_appeal
from filings.states import Hearing
from staff.models import Person
from staff.scope import running_duties
from staff.states import DutyKind, Role


def holders_of_appeals(*, today: date) -> QuerySet[Person]:
    """Whoever has the duty of appeals."""
    duties = running_duties(on=today).filter(person=OuterRef("pk"), kind=DutyKind.APPEAL)
    return Person.objects.filter(Exists(duties), is_active=True)


def operations() -> QuerySet[Person]:
    """The operations managers who work here."""
    return Person.objects.filter(role=Role.OPS_MANAGER, is_active=True, is_system=False)


def _barred(dispute: Dispute, parties: Iterable[Party], by: int | None) -> set[int]:
    keeper = dispute.deal.keeper_id if dispute.deal else None
    found = {party.person_id for party in parties} | {by, keeper}
    return {pk for pk in found if pk is not None}


def hearing_of(
    dispute: Dispute,
    parties: Iterable[Party],
    *,
    decided_by: int | None = None,
    today: date | None = None,
) -> Hearing:
    """Who hears an appeal; before the ruling, were it that of `decided_by`."""
    today = today or timezone.localdate()
    barred = _barred(dispute, parties, decided_by or dispute.closed_by_id)
    holders = set(holders_of_appeals(today=today).values_list("pk", flat=True))
    others: set[int] = set()
    if holders and not holders - barred:
        others = set(operations().values_list("pk", flat=True))
    return hearing_of_appeal(barred=barred, holders=holders, operations=others)


def hearers_of(
    dispute: Dispute, parties: Iterable[Party], hearing: Hearing, *, today: date
) -> list[int]:
    """The people who hear the appeal."""
    if hearing not in (Hearing.DUTY, Hearing.OPERATIONS):
        return []
    found = holders_of_appeals(today=today) if hearing == Hearing.DUTY else operations()
    barred = _barred(dispute, parties, dispute.closed_by_id)
    return list(found.exclude(pk__in=barred).order_by("pk").values_list("pk", flat=True))


def is_heard_by_operations(person: int, *, today: date) -> Q:
    """Disputes whose appeal this operations manager hears; the twin of `hearing_of`."""
    holders = holders_of_appeals(today=today)
    parties = Party.objects.filter(dispute=OuterRef(OuterRef("pk")), person=OuterRef("pk"))
    able = holders.filter(
        ~Exists(parties),
        ~Q(pk=Coalesce(OuterRef("closed_by"), 0)),
        ~Q(pk=Coalesce(OuterRef("deal__keeper"), 0)),
    )
    return Q(Exists(holders), ~Exists(able), ~Q(closed_by=person), appeal__isnull=False)
