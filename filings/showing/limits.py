"""The limits of each side of a dispute: met, owed or lost, and where silence was too long."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from filings.queries.bench import Case, Lane
from filings.rules import FilingState
from filings.rules.limits import silence_end, update_due


def silences(case: Case, lane: Lane) -> Iterator[tuple[datetime, datetime, FilingState]]:
    """Between which moments a side was silent for longer than the terms bear."""
    for state in lane.states:
        if state.invalid:
            continue
        acts = sorted({state.filed_at, *(act.at for act in state.acts)})
        end = next((at for at in _others_filed(case, lane) if at > acts[-1]), case.until)
        for since, following in pairwise([*acts, max(end, acts[-1])]):
            borne = silence_end(
                acted_at=since, filed_at=state.filed_at, terms=state.terms, clock=state.clock
            )
            if following >= borne:
                yield since, following, state


def _others_filed(case: Case, lane: Lane) -> list[datetime]:
    """When other sides' filings were admitted."""
    moments = [
        state.filed_at
        for other in case.lanes
        if other is not lane
        for state in other.states
        if not state.invalid
    ]
    return sorted(moments)


def limits_of(case: Case, lane: Lane) -> Iterator[tuple[datetime, str, str]]:
    for state in lane.states:
        if state.invalid:
            continue
        terms, moments = state.terms, sorted({state.filed_at, *(act.at for act in state.acts)})
        end = state.protected_until or case.until
        for since, following in zip(moments, [*moments[1:], None], strict=True):
            due = update_due(acted_at=since, terms=terms, clock=state.clock)
            is_met = following is not None and following < due
            if due <= min(case.until, end):
                word = _("%(days)sd ✓") if is_met else _("%(days)sd overdue")
                yield due, "met" if is_met else "owed", word % {"days": terms.update_days}
        for stretch in state.stretches:
            if stretch.ends_at <= case.until and not _is_field_limit(state, stretch.ends_at):
                yield stretch.ends_at, "lost", _("%(days)sd ✗") % {"days": terms.protection_days}
        yield from _field_limit(case, state)


def _is_field_limit(state: FilingState, at: datetime) -> bool:
    return state.measured_at is None and state.limit_at == at


def _field_limit(case: Case, state: FilingState) -> Iterator[tuple[datetime, str, str]]:
    limit, days = state.limit_at, {"days": state.terms.field_limit_days}
    if limit is None:
        return
    if state.measured_at is not None:
        yield limit, "met", _("%(days)sd ✓ measured") % days
    elif limit <= case.until:
        yield limit, "lost", _("%(days)sd ✗") % days
