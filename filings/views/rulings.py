"""A ruling to be read and printed, and the clauses that it cites."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.phones import mask_in_text
from filings.models import Appeal, Filing, Party, Ruling
from filings.queries import bench as queries
from filings.queries import judges
from filings.queries.hearing import hearing_of
from filings.showing import bench as showing
from filings.states import DisputeState, RulingKind
from filings.views.disputes import names_for
from filings.wording import CLAUSE_TEXTS, clause_text, clause_title, each_once
from staff.access import signed_in
from staff.models import Person
from staff.requests import Request


def _reader_of(request: Request, ruling: Ruling) -> tuple[showing.Names, set[int] | None] | None:
    """How this person may read a ruling: all of it, as a party, or not at all.

    `None` for the filings means every one.
    """
    deal, found = ruling.deal, ruling.dispute
    parties = queries.parties_of([found]).get(found.pk, []) if found else []
    ids = {party.person_id for party in parties}
    if deal is not None and not parties:
        ids |= {pk for pk in (deal.closer_id, ruling.credited_to_id) if pk is not None}
    if request.user.pk in ids:
        names = names_for(request, parties)
        return names, {request.user.pk}
    decider = judges.decider_of(request.user, today=timezone.localdate())
    if found is not None:
        on_bench = judges.on_bench(decider).filter(pk=found.pk).exists()
        return (showing.Names(parties, seen=None), None) if on_bench else None
    is_operations = request.reach.sees_all and decider.decides_something
    return (showing.Names(parties, seen=None), None) if is_operations else None


@signed_in
@require_safe
def ruling(request: Request, pk: int) -> HttpResponse:
    """A ruling to be read and printed; a side reads the own facts and the decider's words."""
    rulings = Ruling.objects.select_related(
        "credited_to", "by", "policy", "deal__store", "dispute", "project__customer", "filing"
    )
    found = get_object_or_404(rulings, pk=pk)
    reader = _reader_of(request, found)
    if reader is None:
        raise Http404
    names, only = reader
    context = _ruling_context(request, found, names, only)
    return TemplateResponse(request, "filings/ruling.html", context)


def _ruling_context(
    request: Request, found: Ruling, names: showing.Names, only: set[int] | None
) -> dict[str, object]:
    holders = _holders(found)
    reasons = [
        reason
        for reason in found.reasons
        if only is None or reason["filing"] is None or holders.get(reason["filing"]) in only
    ]
    people = _people(found, holders.values(), names)

    def name_of(filing: object) -> str:
        return people.get(holders.get(int(str(filing)), 0), _("the other side"))

    is_full = only is None
    return {
        "ruling": found,
        "number": str(found),
        "kind": found.get_kind_display(),
        "when": showing.date_line(found.at),
        "verdict": showing.verdict_words(found, names, people),
        "departs": showing.departure_words(found, people),
        "by": found.by.name if found.by else _("the rules"),
        "text": mask_in_text(found.text),
        "reasons": [
            (text, ", ".join(clauses))
            for text, clauses in each_once(reasons, name_of=name_of).items()
        ],
        "clauses": [(each, clause_title(each), clause_text(each)) for each in found.clauses],
        "customer": found.project.customer if is_full else None,
        "parties": [
            (names.letter_of(party.person_id), names.person(party.person))
            for party in names.parties
        ],
        "hash": found.hash,
        "is_full": is_full,
        "hearing": _hearing(found, names.parties),
        "back_url": _back(found, is_full=is_full),
        "printed_on": timezone.now(),
    }


def _people(found: Ruling, holders: Iterable[int], names: showing.Names) -> dict[int, str]:
    """How the reader may call everybody of whom a ruling speaks."""
    shared = [share["person"] for share in found.shares]
    ids = [*holders, *shared, found.facts.get("proposed")]
    return {person.pk: names.person(person) for person in Person.objects.filter(pk__in=ids)}


def _hearing(found: Ruling, parties: Iterable[Party]) -> str:
    """Who hears an appeal against it, while there can be one."""
    dispute = found.dispute
    is_open = dispute is not None and dispute.state == DisputeState.DECIDED
    if found.kind != RulingKind.DISPUTE or dispute is None or not is_open:
        return ""
    if Appeal.objects.filter(dispute=dispute).exists():
        return ""
    return str(hearing_of(dispute, parties).label)


def _holders(found: Ruling) -> dict[int, int]:
    """Whose each filing is that a ruling speaks of."""
    ids = {reason["filing"] for reason in found.reasons if reason["filing"] is not None}
    return dict(Filing.objects.filter(pk__in=ids).values_list("pk", "holder"))


def _back(found: Ruling, *, is_full: bool) -> str:
    if found.dispute_id is None:
        return reverse("filings:bench") if is_full else "/"
    return reverse("filings:case" if is_full else "filings:dispute", args=[found.dispute_id])


@signed_in
@require_safe
def clause(request: Request, clause: str) -> HttpResponse:
    """One clause in plain words."""
    if clause not in CLAUSE_TEXTS:
        raise Http404
    context = {"clause": clause, "title": clause_title(clause), "text": clause_text(clause)}
    return TemplateResponse(request, "filings/clause.html", context)
