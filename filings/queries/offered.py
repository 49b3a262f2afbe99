"""What a reader may do with one filing: the acts that its page offers them."""

from datetime import date, datetime, timedelta

from core.rules import TAKE_BACK_WITHIN
from filings.models import Filing
from filings.queries.deciders import concerned_by, powers_of
from filings.queries.policies import terms_of
from filings.queries.shown import ShownFiling
from filings.rules.deciders import Matter, decider_blockers
from filings.states import UNREVIEWED, Invalid, ReviewState
from staff.models import Person
from staff.scope import REASSIGNING_ROLES, Reach


def leads(reach: Reach, filing: Filing) -> bool:
    """Whether the reader leads the unit in which it was filed."""
    is_theirs = reach.sees_all or filing.store_id in reach.store_ids
    return reach.has_role(REASSIGNING_ROLES) and is_theirs


def is_standing(filing: Filing) -> bool:
    """Admitted, and neither taken back nor ended."""
    admitted = filing.submitted_at is not None and not filing.invalid and not filing.withdrawn
    return admitted and not filing.ended


def is_party(reach: Reach, filing: Filing) -> bool:
    """Whether the reader leads the unit, and filed the same customer: somebody above decides."""
    return leads(reach, filing) and reach.person_id in concerned_by(filing)


def is_arbiter(reach: Reach, filing: Filing) -> bool:
    """Whether the reader may decide as a manager: they lead the unit and are no party to it."""
    return leads(reach, filing) and not is_party(reach, filing)


def still_holds(reach: Reach, filing: ShownFiling, *, now: datetime) -> bool:
    """Whether the reader's own filing can be released: of a card out of reach, while it protects.

    What comes of it later tells nobody that somebody else has filed.
    """
    end = filing.protected_until
    is_running = filing.is_known or (end is not None and end > now)
    return filing.holder_id == reach.person_id and is_running


def may_release(reach: Reach, filing: ShownFiling, *, now: datetime) -> bool:
    """Its holder, or a manager who is no party to it, as long as no deal stands on it."""
    may = still_holds(reach, filing, now=now) or is_arbiter(reach, filing)
    return is_standing(filing) and not filing.has_deal and may


def may_void(reach: Reach, filing: Filing, *, now: datetime) -> bool:
    """Who filed it within ten minutes, a manager at any time (decision 12)."""
    if filing.submitted_at is None or filing.invalid or filing.withdrawn:
        return False
    is_own = reach.person_id in (filing.filer_id, filing.by_id)
    is_fresh = now - filing.submitted_at <= TAKE_BACK_WITHIN
    return (is_own and is_fresh) or is_arbiter(reach, filing)


def may_ask(reach: Reach, filing: ShownFiling, *, now: datetime) -> bool:
    """The holder, or who assists them, before the loss and as often as the terms allow."""
    terms = terms_of(filing.policy)
    end, days = filing.protected_until, timedelta(days=terms.report_after_lapse_days)
    is_open = end is not None and now < end + days
    is_first = filing.extended < terms.extensions and not filing.is_asked
    is_theirs = filing.holder_id in reach.acts_for
    return is_standing(filing) and is_theirs and is_open and is_first and not filing.has_deal


def may_hand_over(reach: Reach, filing: Filing) -> bool:
    """A manager who is no party to it, while it stands."""
    return is_standing(filing) and is_arbiter(reach, filing)


def may_review(person: Person, filing: ShownFiling, *, today: date) -> bool:
    """Whether its review waits for this person, or for whomever they stand in for (FIL-28)."""
    if filing.review_state not in UNREVIEWED or filing.withdrawn:
        return False
    powers, concerned = powers_of(person, today=today), concerned_by(filing)
    return not decider_blockers(powers, Matter.REVIEW, store=filing.store_id, concerned=concerned)


def may_prove(reach: Reach, filing: Filing) -> bool:
    """Whoever holds or made it, once the reviewer waits for a proof."""
    is_own = reach.person_id in (filing.holder_id, filing.filer_id)
    return is_own and filing.review_state == ReviewState.PROOF


def may_contest(reach: Reach, filing: Filing) -> bool:
    """Whoever was refused because somebody else had filed before (ADJ-01)."""
    is_own = reach.person_id in (filing.holder_id, filing.filer_id)
    return is_own and filing.invalid == Invalid.LATER_FILER


def may_complete(reach: Reach, filing: ShownFiling) -> bool:
    """Whoever has a draft, while they may open the card that lacks something."""
    is_own = reach.person_id in (filing.holder_id, filing.filer_id)
    is_draft = filing.submitted_at is None and not filing.withdrawn
    return is_own and is_draft and filing.is_known
