"""A proposal in words: what, where, on which figures, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.amounts import money_text
from core.days import day_text, moment_text
from core.phones import mask_in_text
from stock.models import FigureSet, Proposal
from stock.queries.proposals import Outcome, ReadProposal
from stock.rules.sell_through import sell_through
from stock.rules.sizes import size_order
from stock.rules.turnover import Turnover
from stock.showing.addresses import style_page
from stock.showing.proposing import facts_rows
from stock.states import ProposalKind, ProposalState
from stock.wording.counts import days_words, pairs_words

ICONS = {
    ProposalState.OPEN: "clock",
    ProposalState.APPROVED: "circle-check",
    ProposalState.DECLINED: "x",
    ProposalState.WITHDRAWN: "x",
}


def where_text(row: Proposal) -> str:
    """郑办 → 西安办; the office; all offices."""
    office = row.office.name if row.office else _("all offices")
    return f"{row.from_office.name} → {office}" if row.from_office else office


def what_text(row: Proposal) -> str:
    """¥499 → ¥399 from a day on; so many pairs for so many days."""
    if row.kind == ProposalKind.MARK_DOWN:
        prices = [price for price in (row.old_price, row.new_price) if price is not None]
        day = row.from_on.isoformat() if row.from_on else ""
        return f"{' → '.join(money_text(price) for price in prices)} · {day}"
    if row.kind == ProposalKind.REORDER and row.cover_days is not None:
        return _("for %(days)s") % {"days": days_words(row.cover_days)}
    return "–"


def approved_text(row: Proposal) -> str:
    """What was approved and may be on its way, so that it is not proposed twice."""
    day = timezone.localdate(row.decided_at).isoformat() if row.decided_at else ""
    if row.quantity:
        return ngettext(
            "%(pairs)s pair was approved on %(day)s already. Propose only what is wanted beside "
            "it.",
            "%(pairs)s pairs were approved on %(day)s already. Propose only what is wanted beside "
            "them.",
            row.quantity,
        ) % {"pairs": row.quantity, "day": day}
    told = {"what": what_text(row), "day": day}
    return _("%(what)s was approved on %(day)s already.") % told


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One figure three weeks before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ProposalShown:
    """One proposal, for its page."""

    title: str
    kind: str
    where: str
    what: str
    state: str
    icon: str
    is_under_floor: bool
    sizes: list[tuple[str, int]]
    pairs: int
    facts: list[tuple[str, str]]
    story: list[tuple[str, str]]
    reason: str
    style_url: str


def _share(period: Turnover) -> str:
    found = sell_through(period).value
    return "–" if found is None else f"{float(Fraction(found)):.1%}"


def compared(found: Outcome) -> list[Compared]:
    """Sales and sell-through of the three weeks before, and since."""
    return [
        Compared(
            label=_("Sold, pairs"),
            before=str(found.before.sales()),
            after=str(found.after.sales()),
        ),
        Compared(label=_("Sell-through"), before=_share(found.before), after=_share(found.after)),
        Compared(
            label=_("Stock at the end"),
            before=str(found.before.closing),
            after=str(found.after.closing),
        ),
    ]


def arrived_text(row: Proposal, found: Outcome) -> str:
    """What has moved since: 3 of 8 pairs have come in."""
    if row.kind == ProposalKind.REORDER:
        said = _("Of %(wanted)s, %(pairs)s have come in from the supplier.")
    elif row.kind == ProposalKind.TRANSFER:
        said = _("Of %(wanted)s, %(left)s have left and %(pairs)s have come in.")
    else:
        return ""
    return said % {"pairs": found.arrived, "left": found.left, "wanted": pairs_words(row.quantity)}


def _said(label: str, who: str, at: datetime, *, now: datetime, note: str = "") -> tuple[str, str]:
    text = f"{who} · {moment_text(at, now=now)}"
    return label, f"{text} · {mask_in_text(note)}" if note else text


def _story(row: Proposal, *, now: datetime) -> Iterable[tuple[str, str]]:
    yield _said(_("Proposed by"), row.proposed_by.name, row.proposed_at, now=now)
    if row.decided_by and row.decided_at:
        label = str(ProposalState(row.state).label)
        yield _said(label, row.decided_by.name, row.decided_at, now=now, note=row.note)
    if row.exported_at:
        yield _("Handed over"), moment_text(row.exported_at, now=now)


def proposal_shown(row: ReadProposal, *, now: datetime) -> ProposalShown:
    """Everything its page says of it but what came of it; figures where they are within reach."""
    today = timezone.localdate(now)
    sizes = {each.size: each.quantity for each in row.sizes.all()}
    facts = facts_rows(row.facts, as_of=row.as_of, today=today) if row.is_told and row.facts else []
    if row.kind == ProposalKind.REORDER and row.lead_days is not None:
        facts.append((_("Lead time"), days_words(row.lead_days)))
    return ProposalShown(
        title=f"{row.style.brand.name} {row.style.number}",
        kind=str(ProposalKind(row.kind).label),
        where=where_text(row),
        what=what_text(row),
        state=str(ProposalState(row.state).label),
        icon=ICONS[ProposalState(row.state)],
        is_under_floor=row.is_under_floor,
        sizes=[(size or _("Pairs"), sizes[size]) for size in sorted(sizes, key=size_order)],
        pairs=row.quantity,
        facts=facts,
        story=list(_story(row, now=now)),
        reason=mask_in_text(row.reason),
        style_url=style_page(row.style),
    )


def older_text(row: Proposal, known: FigureSet | None, *, today: date) -> str:
    """That there are newer figures than those it was made on; "" where there are none."""
    if row.state != ProposalState.OPEN or known is None or known.as_of <= row.as_of:
        return ""
    return _("Made on figures as of %(day)s. Newer ones are there, as of %(newer)s.") % {
        "day": day_text(row.as_of, today=today),
        "newer": day_text(known.as_of, today=today),
    }
