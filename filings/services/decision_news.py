"""Telling people what waits for their decision, and what was decided about their filings."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from filings.models import ExtensionRequest, Filing, SpecialPrice
from filings.queries.deciders import Deciders, concerned_by, deciders_of, matter_of
from filings.rules.deciders import Matter
from staff import told
from staff.models import Person
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind


def _tell(
    people: Iterable[int],
    *,
    kind: NoticeKind,
    key: str,
    path: str,
    now: datetime,
    but: Person | None = None,
    **params: object,
) -> None:
    """Tell each of these people once; nobody is told of the own act."""
    hearers = sorted(set(people) - {but.pk if but else None})
    tell_many(
        [Telling(person_id=pk, kind=kind, key=key, params=params, path=path) for pk in hearers],
        now=now,
    )


def _filers(filing: Filing) -> set[int]:
    """Whose filing it is: who filed it, and who holds it now."""
    return {filing.filer_id, filing.holder_id}


def _page(filing: Filing) -> str:
    return reverse("filings:detail", args=[filing.pk])


def _review(
    filing: Filing,
    act: str,
    people: Iterable[int],
    *,
    now: datetime,
    path: str = "",
    by: Person | None = None,
    **said: str,
) -> None:
    # Proof may be demanded twice: each time is news.
    key = f"filing-{act}:{filing.pk}:{now:%y%m%d%H%M%S}"
    _tell(
        people, kind=NoticeKind.FILING_REVIEW, key=key, path=path or _page(filing), now=now,
        but=by, number=filing.number, **said,
    )  # fmt: skip


def tell_reviewed(filing: Filing, *, is_approved: bool, by: Person, now: datetime) -> None:
    """The filer hears how the review went."""
    said = {"approved_by" if is_approved else "rejected_by": by.name}
    _review(filing, "reviewed", _filers(filing), now=now, by=by, **said)


def tell_proof_demanded(filing: Filing, *, by: Person, now: datetime) -> None:
    """The filer hears that something is to be proved, and where."""
    path = reverse("filings:prove", args=[filing.pk])
    _review(filing, "proof", _filers(filing), asks=by.name, path=path, now=now)


def tell_proof_given(filing: Filing, *, by: Person, now: datetime) -> None:
    """Who reviews hears that the proof is there."""
    deciders = _deciders(Matter.REVIEW, filing.store_id, concerned_by(filing), now=now)
    path = reverse("filings:reviews")
    _review(filing, "proved", deciders, given_by=by.name, path=path, by=by, now=now)


def tell_reviews_late(filings: Iterable[Filing], *, now: datetime) -> None:
    """The next level hears of each filing that nobody reviewed in time (FIL-28)."""
    deciders = Deciders(today=timezone.localdate(now))
    path = reverse("filings:reviews")
    tell_many(
        [
            Telling(
                person_id=person.pk,
                kind=NoticeKind.FILING_REVIEW,
                key=f"filing-late:{filing.pk}:{filing.review_due_at:%y%m%d%H%M}",
                params={"late": filing.number},
                path=path,
            )
            for filing in filings
            for person in deciders.above(store=filing.store_id, concerned=concerned_by(filing))
        ],
        now=now,
    )


def tell_proofs_late(filings: Sequence[Filing], *, now: datetime) -> None:
    """Who was to prove it, who reviews and the next level hear that no proof came in time."""
    if not filings:
        return
    deciders = Deciders(today=timezone.localdate(now))
    queue, tellings = reverse("filings:reviews") + "?part=proof", []
    for filing in filings:
        about: Any = {"store": filing.store_id, "concerned": concerned_by(filing)}
        hearers = [*deciders.of(Matter.REVIEW, **about), *deciders.above(**about)]
        paths = dict.fromkeys([person.pk for person in hearers], queue)
        paths |= dict.fromkeys(_filers(filing), reverse("filings:prove", args=[filing.pk]))
        tellings += [
            Telling(
                person_id=pk,
                kind=NoticeKind.FILING_REVIEW,
                key=f"filing-unproved:{filing.pk}:{filing.review_due_at:%y%m%d%H%M}",
                params={"unproved": filing.number},
                path=path,
            )
            for pk, path in paths.items()
        ]
    tell_many(tellings, now=now)


def tell_cross_asked(filing: Filing, *, by: Person, now: datetime) -> None:
    """Operations hear that a lead is to be filed across regions (XRG-02)."""
    deciders = _deciders(Matter.CROSS_REGION, filing.store_id, concerned_by(filing), now=now)
    path = reverse("desk:cross_region")
    _review(filing, "cross", deciders, cross_by=by.name, path=path, by=by, now=now)


def tell_cross_decided(filing: Filing, *, is_approved: bool, by: Person, now: datetime) -> None:
    """The filer hears whether the lead may be filed across regions."""
    said = {"cross_approved_by" if is_approved else "cross_refused_by": by.name}
    _review(filing, "cross-decided", _filers(filing), now=now, by=by, **said)


def tell_extension_asked(request: ExtensionRequest, *, by: Person, now: datetime) -> None:
    """Who decides extensions of this filing hears that one is asked for."""
    filing = request.filing
    deciders = _deciders(matter_of(request), filing.store_id, concerned_by(request), now=now)
    _tell(
        deciders, kind=NoticeKind.EXTENSION, key=f"extension-asked:{request.pk}",
        path=reverse("filings:extensions"), now=now, but=by, asked_by=by.name,
        number=filing.number,
    )  # fmt: skip


def tell_extension_decided(
    request: ExtensionRequest, *, until: date | None, by: Person, now: datetime
) -> None:
    """Who asked, and who holds the filing, hear what was decided."""
    filing = request.filing
    said: dict[str, object] = (
        {"refused_by": by.name}
        if until is None
        else {"granted_by": by.name, "until": told.on_day(until)}
    )
    _tell(
        {request.asked_by_id, filing.holder_id}, kind=NoticeKind.EXTENSION,
        key=f"extension-decided:{request.pk}", path=_page(filing), now=now, but=by,
        number=filing.number, **said,
    )  # fmt: skip


def tell_price_asked(price: SpecialPrice, *, matter: Matter, by: Person, now: datetime) -> None:
    """Who may go so low hears that a special price is asked for."""
    deciders = _deciders(matter, price.store_id, concerned_by(price), now=now)
    _tell(
        deciders, kind=NoticeKind.SPECIAL_PRICE, key=f"price-asked:{price.pk}",
        path=reverse("filings:price", args=[price.pk]), now=now, but=by, asked_by=by.name,
        number=price.number,
    )  # fmt: skip


def tell_price_decided(
    price: SpecialPrice, *, is_approved: bool, by: Person, now: datetime
) -> None:
    """Who asked hears whether the price may be quoted."""
    said = {"approved_by" if is_approved else "refused_by": by.name}
    _tell(
        {price.asked_by_id}, kind=NoticeKind.SPECIAL_PRICE, key=f"price-decided:{price.pk}",
        path=reverse("filings:price", args=[price.pk]), now=now, but=by, number=price.number,
        **said,
    )  # fmt: skip


def _deciders(matter: Matter, store: int, concerned: Iterable[int], *, now: datetime) -> list[int]:
    today = timezone.localdate(now)
    found = deciders_of(matter, store=store, concerned=concerned, today=today)
    return [person.pk for person in found]
