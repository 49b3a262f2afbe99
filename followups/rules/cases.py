"""The clock of a service case, and who may do what to it (AFT-15, AFT-21, AFT-22, FUP-21, ORD-38).

A case is to be solved within so many working days. The day it is opened is not counted, the clock
ends at 24:00 of the last one, and rests while the case is paused. Late is a comparison with now.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from core.rules import TAKE_BACK_WITHIN, Blocker
from followups.states import RUNNING_CASES, SOLVED_CASES, CaseKind, CaseState

# So much satisfaction, of 5, says that the case is not solved after all.
NOT_SATISFIED = 2
# So many working days after a case was solved the customer is asked how satisfied they are.
ASKED_AFTER = 1


def working_days_of(*, kind: str, problem_days: int, need_days: int) -> int:
    """Within how many working days a case of this kind is to be solved (AFT-21, AFT-22)."""
    return need_days if kind == CaseKind.NEED else problem_days


def due_day(*, opened_on: date, days: int, add_working_days: Callable[[date, int], date]) -> date:
    """The working day at whose end the case is to be solved; the day it was opened is none of them.

    Three working days: Fri 2026-07-03 → Wed 2026-07-08. On a Saturday that is worked to make up
    for a holiday, that Saturday counts.
    """
    return add_working_days(opened_on, days)


def due_after_pause(
    *,
    due_on: date,
    paused_on: date,
    resumed_on: date,
    add_working_days: Callable[[date, int], date],
    working_days_between: Callable[[date, date], int],
) -> date:
    """The day by which a case is due that has rested: the working days of the pause come on top.

    The day of the pause is not counted, that of resuming is, as with the clock itself:

    due Wed 8, paused Mon 6, resumed Mon 6  → Wed 8   (not a working day has passed)
    due Wed 8, paused Mon 6, resumed Wed 8  → Fri 10  (two: Tue, Wed)
    due Wed 8, paused Fri 3, resumed Sun 5  → Wed 8   (a weekend is not worked)
    due Wed 8, paused Fri 3, resumed Mon 6  → Thu 9   (one: Mon)
    due Wed 8, paused Wed 8, resumed Sat 11 → Mon 13  (its last day is given back on a working day)
    due Wed 8, paused Thu 9, resumed Mon 13 → Fri 10  (a day late before, a day late after)
    """
    rested = working_days_between(paused_on, resumed_on)
    moved = add_working_days(due_on, rested) if rested else due_on
    if paused_on <= due_on and moved < resumed_on:
        return add_working_days(resumed_on - timedelta(days=1), 1)
    return moved


def is_late(*, due_at: datetime, state: str, paused_at: datetime | None, now: datetime) -> bool:
    """Whether a running case is past its clock; one that rests stays as it was when it was paused.

    At 24:00 itself it is not late yet.
    """
    if state not in RUNNING_CASES:
        return False
    return (paused_at or now) > due_at


def is_in_time(*, due_at: datetime, solved_at: datetime | None, times_reopened: int) -> bool:
    """Whether the case was solved within its clock, at the first go (KPI-03, KPI-04).

    Opened again because the customer was not satisfied, it was not solved when it seemed so.
    """
    return solved_at is not None and solved_at <= due_at and times_reopened == 0


def asked_on(*, solved_on: date, add_working_days: Callable[[date, int], date]) -> date:
    """The working day on which the customer of a solved case is asked how satisfied they are.

    Solved Fri 3 → asked Mon 6. On the day itself nobody knows yet whether it holds (AFT-21).
    """
    return add_working_days(solved_on, ASKED_AFTER)


def is_reopened_by(*, satisfaction: int) -> bool:
    """Whether so low a satisfaction opens the case again."""
    return satisfaction <= NOT_SATISFIED


def open_blockers(*, text: str, is_of_customer: bool, is_able: bool) -> list[Blocker]:
    """What stops a case from being opened: no words, another's product, somebody not able to."""
    found = []
    if not text.strip():
        found.append(Blocker("text_missing"))
    if not is_of_customer:
        found.append(Blocker("product_is_foreign"))
    if not is_able:
        found.append(Blocker("assignee_is_out"))
    return found


_STANDS = {
    CaseState.OPEN: "case_is_open",
    CaseState.PAUSED: "case_is_paused",
    CaseState.SOLVED: "case_is_solved",
    CaseState.CLOSED: "case_is_closed",
    CaseState.VOIDED: "case_is_void",
}


def act_blockers(
    *, state: str, wanted: Sequence[str], is_about: bool = False, text: str | None = None
) -> list[Blocker]:
    """What stops an act on a case: where it stands, whom it is about, nothing said.

    Nobody decides on what is said about themselves.
    """
    found = []
    if state not in wanted:
        found.append(Blocker(_STANDS[CaseState(state)]))
    if is_about:
        found.append(Blocker("case_is_about_you"))
    if text is not None and not text.strip():
        found.append(Blocker("words_missing"))
    return found


def void_case_blockers(
    *,
    state: str,
    is_own: bool,
    is_manager: bool,
    is_about: bool,
    opened_at: datetime,
    reason: str,
    now: datetime,
) -> list[Blocker]:
    """What stops somebody from taking a case back that was opened by mistake (decision 12)."""
    found = act_blockers(state=state, wanted=(*RUNNING_CASES, *SOLVED_CASES), is_about=is_about)
    if not is_manager and not is_own:
        found.append(Blocker("not_yours_to_void"))
    elif not is_manager and now - opened_at > TAKE_BACK_WITHIN:
        found.append(Blocker("void_too_late"))
    if not reason.strip():
        found.append(Blocker("reason_missing"))
    return found
