"""One filing as it stands, and what each thing that happens to it does (rulebook, decision 2).

Every function takes a `FilingState` and answers with the next one. Protection is kept as
stretches, half open: `ends_at` is 24:00 of the last day.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from filings.rules.events import Key
from filings.rules.limits import Clock, field_limit, silence_end, update_due
from filings.rules.terms import Terms
from filings.states import Channel, Invalid, Lost, RequestKind, Withdrawn

PROTECTED = "protected"
# What a withdrawn filing is called among those that were void from the entry on.
CALLED = {
    Withdrawn.REJECTED: Invalid.REVIEW_REJECTED,
    Withdrawn.MERGED: Invalid.LATER_FILER,
    Withdrawn.VOIDED: Invalid.VOIDED,
}
# Why a filing was refused that a ruling may admit: who came first, and when it was known, are
# facts that a person finds; a month's slots, a deal made and a region are not.
ADMITTED_BY_RULING = frozenset({Invalid.LATER_FILER, Invalid.LATE_24H})


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A range of time in which a filing protects; `ends_at` is no longer in it."""

    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """An effective act of the holder: when it was, and when the system learnt of it."""

    key: Key
    at: datetime
    noted_at: datetime
    is_measuring: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Handing:
    """The filing came to another holder; `after` are the acts that had been entered by then."""

    at: datetime
    after: frozenset[Key] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """An extension asked for and not decided; it holds the end open until `held_until`.

    One that reports a lapse (`is_report`) holds nothing open: the end has passed.
    """

    key: Key
    kind: RequestKind | str
    asked_at: datetime
    held_until: datetime
    is_report: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FilingState:
    """What is known of one filing after everything that has happened so far.

    `invalid` is why it was refused at entry; `ended` why it ended for good, at `ended_at`.
    `held_to` is the moment until which a decided request held the end open. `is_taken` says that
    somebody filed, or paid a deposit, after the release: it cannot be taken back any more;
    `is_joined`, that it ended because two cards became one.
    """

    filing: Key
    customer: Key
    project: Key
    filer: Key
    holder: Key
    channel: Channel | str
    filed_at: datetime
    terms: Terms
    clock: Clock
    invalid: Invalid | str = ""
    withdrawn: Withdrawn | str = ""
    acts: tuple[Act, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    limit_at: datetime | None = None
    silent_until: datetime | None = None
    extended: int = 0
    request: Request | None = None
    held_to: datetime | None = None
    handed: tuple[Handing, ...] = ()
    ended: Lost | str = ""
    ended_at: datetime | None = None
    is_taken: bool = False
    is_joined: bool = False

    @property
    def is_standing(self) -> bool:
        """Admitted, and neither withdrawn nor ended for good."""
        return not self.invalid and not self.withdrawn and not self.ended

    @property
    def acted_at(self) -> datetime:
        """When the holder acted last, effectively; the filing itself is an act."""
        return max([self.filed_at, *(act.at for act in self.acts)])

    @property
    def measured_at(self) -> datetime | None:
        """When measuring was done, which ends the limit of field filings for good (FIL-17)."""
        done = [act.at for act in self.acts if act.is_measuring]
        return min(done, default=None)

    @property
    def protected_until(self) -> datetime | None:
        """The end of the last stretch."""
        return self.stretches[-1].ends_at if self.stretches else None

    @property
    def begun_anew(self) -> list[datetime]:
        """When a new holder's duty began: handed on without an act between, it is the same one."""
        begun: list[Handing] = []
        acts = {act.key for act in self.acts}
        for each in self.handed:
            if not begun or acts & (each.after - begun[-1].after):
                begun.append(each)
        return [each.at for each in begun]

    @property
    def handed_at(self) -> datetime | None:
        """When the last new duty began."""
        return max(self.begun_anew, default=None)

    @property
    def held_since(self) -> datetime:
        """Since when the present holder holds it."""
        return max([self.filed_at, *(each.at for each in self.handed)])

    @property
    def update_due_at(self) -> datetime:
        """Until when the next follow-up is owed (FIL-13); a new holder's duty begins anew."""
        since = max(self.acted_at, self.handed_at or self.acted_at)
        return update_due(acted_at=since, terms=self.terms, clock=self.clock)

    def is_protected(self, at: datetime) -> bool:
        """Whether this filing protects the customer's project at this moment."""
        if self.invalid or self.withdrawn:
            return False
        return any(stretch.covers(at) for stretch in self.stretches)


def admitted(state: FilingState) -> FilingState:
    """The filing protects from the moment it came in (FIL-11)."""
    if state.channel == Channel.FIELD:
        limit = field_limit(filed_at=state.filed_at, terms=state.terms, clock=state.clock)
        state = replace(state, limit_at=limit)
    return _begin(state, state.filed_at)


def natural_end(state: FilingState) -> datetime:
    """The earlier of silence and the limit to measure, held open by a request (decision 2)."""
    end = silence_end(
        acted_at=state.acted_at, filed_at=state.filed_at, terms=state.terms, clock=state.clock
    )
    if state.silent_until is not None:
        end = max(end, state.silent_until)
    if state.handed_at is not None:
        end = max(end, update_due(acted_at=state.handed_at, terms=state.terms, clock=state.clock))
    if state.limit_at is not None and state.measured_at is None:
        end = min(end, state.limit_at)
    return max(end, _held(state))


def _held(state: FilingState) -> datetime:
    """Until when a request holds, or held, the end open."""
    request = state.request
    held = [state.held_to, request.held_until if request and not request.is_report else None]
    return max((at for at in held if at is not None), default=state.filed_at)


def void_at(state: FilingState) -> datetime | None:
    """When a field filing that nobody measures is void (FIL-16); None where that cannot be."""
    if state.limit_at is None or state.measured_at is not None:
        return None
    return max(state.limit_at, _held(state))


def status(state: FilingState, at: datetime) -> str:
    """`protected`, an `Invalid`, or a `Lost`: what this filing is at this moment."""
    if state.invalid:
        return state.invalid
    if state.withdrawn:
        return CALLED[Withdrawn(state.withdrawn)]
    if state.ended and state.ended_at is not None and at >= state.ended_at:
        return state.ended
    if state.is_protected(at):
        return PROTECTED
    void = void_at(state)
    return Lost.VOID_15D if void is not None and at >= void else Lost.LAPSED_10D


def _begin(state: FilingState, at: datetime) -> FilingState:
    """A new stretch from this moment, where its end lies ahead."""
    end = natural_end(state)
    if end <= at:
        return state
    return replace(state, stretches=(*state.stretches, Stretch(starts_at=at, ends_at=end)))


def _moved(state: FilingState, at: datetime) -> FilingState:
    """The end of the running stretch worked out again; never before now (decision 12)."""
    if not state.stretches or not state.stretches[-1].covers(at):
        return state
    *past, last = state.stretches
    end = max(natural_end(state), at)
    return replace(state, stretches=(*past, replace(last, ends_at=end)))


def _continued(state: FilingState, at: datetime) -> FilingState:
    """After an act: the running stretch goes on longer, or a new one begins (FIL-15)."""
    return _moved(state, at) if state.is_protected(at) else _begin(state, at)


def acted(state: FilingState, act: Act) -> FilingState:
    """The holder reached the customer, or measured (FIL-29, FIL-17).

    A filing that ended for good, or is void for want of measuring, never revives (FIL-16); one
    that lapsed by silence begins anew where the act was entered, so no gap is covered (FIL-30).
    Withdrawn for a merge, a filing keeps its acts: should it stand again, they count.
    """
    if state.withdrawn == Withdrawn.MERGED:
        return replace(acted(replace(state, withdrawn=""), act), withdrawn=Withdrawn.MERGED)
    if not state.is_standing or status(state, act.noted_at) == Lost.VOID_15D:
        return state
    return _continued(replace(state, acts=(*state.acts, act)), act.noted_at)


def act_voided(state: FilingState, key: Key, at: datetime) -> FilingState:
    """An act was a mistake: the end is worked out again from now on (decision 12)."""
    kept = tuple(act for act in state.acts if act.key != key)
    if len(kept) == len(state.acts):
        return state
    if state.withdrawn == Withdrawn.MERGED:
        stands = act_voided(replace(state, withdrawn=""), key, at)
        return replace(stands, withdrawn=Withdrawn.MERGED)
    state = replace(state, acts=kept)
    return _moved(state, at) if state.is_standing else state


def may_ask(state: FilingState, at: datetime) -> bool:
    """Whether an extension can be asked for: before the loss, or so soon after it as the terms
    allow; as often as they allow (FIL-20).
    """
    is_asked = state.request is not None and at < state.request.held_until
    if not state.is_standing or is_asked or state.extended >= state.terms.extensions:
        return False
    if state.is_protected(at):
        return True
    end = state.protected_until
    days = state.terms.report_after_lapse_days
    return bool(end and days and (at - end).total_seconds() <= days * 86_400)


def asked(state: FilingState, request: Request) -> FilingState:
    """The request holds the end open until it is decided (FIL-20)."""
    if not may_ask(state, request.asked_at):
        return state
    is_report = not state.is_protected(request.asked_at)
    request = replace(request, is_report=is_report)
    return _moved(replace(state, request=request, held_to=_held(state)), request.asked_at)


def answered(state: FilingState, key: Key, until: datetime | None, at: datetime) -> FilingState:
    """The request was decided: another limit, or none, and the end is worked out (FIL-20).

    What is granted when the filing has lapsed all the same comes too late, unless the lapse was
    reported as the terms allow. A grant never takes anything away, and a store filing has no
    limit that it could move (FIL-18).
    """
    request = state.request
    if request is None or request.key != key:
        return state
    is_in_time = state.is_protected(at) or request.is_report
    held_to = _held(replace(state, request=None))
    if not request.is_report:
        held_to = max(held_to, min(at, request.held_until))
    state = replace(state, request=None, held_to=held_to)
    if until is None or not state.is_standing or not is_in_time:
        return _moved(state, at)
    if request.kind == RequestKind.LIMIT and state.limit_at is not None:
        state = replace(state, limit_at=max(until, state.limit_at))
    else:
        state = replace(state, silent_until=max(until, state.silent_until or until))
    return _continued(replace(state, extended=state.extended + 1), at)


def released(state: FilingState, at: datetime) -> FilingState:
    """Given up (FIL-34): the stretch ends now, for good unless it is taken back at once."""
    if not state.is_standing:
        return state
    if state.is_protected(at):
        *past, last = state.stretches
        state = replace(state, stretches=(*past, replace(last, ends_at=at)))
    return replace(state, ended=Lost.RELEASED_D, ended_at=at)


def resumed(state: FilingState, at: datetime) -> FilingState:
    """A release taken back: a new stretch with the limits from before (decision 14).

    Withdrawn or over for a merge that was a mistake, a filing stands as if it never had been.
    """
    if state.is_joined and not state.withdrawn:
        return replace(state, is_joined=False, ended="", ended_at=None)
    if state.withdrawn == Withdrawn.MERGED:
        return replace(state, withdrawn="")
    if state.ended != Lost.RELEASED_D or state.withdrawn or state.is_taken:
        return state
    return _begin(replace(state, ended="", ended_at=None), at)


def withdrawn(state: FilingState, because: Withdrawn) -> FilingState:
    """Void from the start: it stays readable and protects nobody (decision 2).

    What is asked for waits on where a merge may be undone; else there is nothing to decide.
    """
    if state.withdrawn:
        return state
    request = state.request if because == Withdrawn.MERGED else None
    return replace(state, withdrawn=because, request=request)


def ruled_first(state: FilingState, at: datetime) -> FilingState:
    """Refused as the later one, or as late, and ruled the first: it protects from the ruling on,
    and a new duty to follow up begins (FIL-11). What lies before stays as it was (decision 12).

    Its limits count from the filing: past its limit to measure it protects nobody.
    """
    state = replace(state, invalid="", handed=(Handing(at=at),))
    if state.channel == Channel.FIELD:
        limit = field_limit(filed_at=state.filed_at, terms=state.terms, clock=state.clock)
        state = replace(state, limit_at=limit)
    return _begin(state, at)


def handed_over(state: FilingState, holder: Key, at: datetime) -> FilingState:
    """Another holder, the priority kept; the duty begins anew (ADJ-06), once until the next act:
    a filing that only goes from hand to hand is not prolonged.
    """
    if not state.is_protected(at):
        return replace(state, holder=holder)
    handing = Handing(at=at, after=frozenset(act.key for act in state.acts))
    return _moved(replace(state, holder=holder, handed=(*state.handed, handing)), at)


def ended_in_gap(state: FilingState, at: datetime) -> FilingState:
    """A deposit, or another's filing, came while nothing was protected: over for good (FIL-15)."""
    if state.ended == Lost.RELEASED_D:
        return replace(state, is_taken=True)
    if not state.is_standing or state.is_protected(at):
        return state
    return replace(state, ended=status(state, at), ended_at=at)


def joined(state: FilingState, at: datetime) -> FilingState:
    """Two cards are one, and another filing stands for this home: as if that one came now."""
    after = ended_in_gap(state, at)
    return replace(after, is_joined=bool(after.ended and not state.ended))


def missed_updates(state: FilingState, at: datetime) -> list[datetime]:
    """Each moment by which a follow-up was owed and not made (FIL-13): a flag, no loss.

    Counted as long as the filing protects, by the real time of the acts; handed over, the duty
    begins anew.
    """
    if state.invalid or state.withdrawn:
        return []
    until = min(at, state.protected_until or at)
    moments = sorted({state.filed_at, *state.begun_anew, *(act.at for act in state.acts)})
    missed = []
    for moment, following in zip(moments, [*moments[1:], None], strict=True):
        due = update_due(acted_at=moment, terms=state.terms, clock=state.clock)
        if due <= until and (following is None or following >= due):
            missed.append(due)
    return missed
