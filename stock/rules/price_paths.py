"""The path of a price (执行调价, MER-12): steps that each hold from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.rules import Blocker


@dataclass(frozen=True, kw_only=True)
class Step:
    """From a day on another counter price, current price, or both, yuan; None: as before."""

    from_on: date
    counter: Decimal | None = None
    current: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a style costs on a day: 上柜价 and 当前售价, yuan."""

    counter: Decimal
    current: Decimal


def standing_on(steps: Sequence[Step], day: date, *, plain: Decimal) -> Standing:
    """The prices that hold on a day by `steps` in order of their days.

    `plain` is what the style costs where an office says nothing. Until a step names a current
    price, goods are sold at the counter price.
    """
    counter, current = plain, None
    for step in steps:
        if step.from_on > day:
            break
        counter = step.counter or counter
        current = step.current or current
    return Standing(counter=counter, current=current or counter)


def drawn_path(
    steps: Sequence[Step], *, begins: date, ends: date, plain: Decimal
) -> list[tuple[date, Decimal]]:
    """From which day of a period which current price holds, its first day included."""
    days = [begins, *(step.from_on for step in steps if begins < step.from_on <= ends)]
    path: list[tuple[date, Decimal]] = []
    for day in days:
        price = standing_on(steps, day, plain=plain).current
        if not path or path[-1][1] != price:
            path.append((day, price))
    return path


def was_marked_down(steps: Sequence[Step], *, before: date, plain: Decimal) -> bool:
    """Whether the price stood below the counter price on some day before this one."""
    found = (
        standing_on(steps, step.from_on, plain=plain) for step in steps if step.from_on < before
    )
    return any(each.current < each.counter for each in found)


def lowering_blockers(*, price: Decimal, until_now: Decimal, may_lower: bool) -> list[Blocker]:
    """What stops a price that goes down: only operations lower it, or a proposal they approved."""
    if price >= until_now or may_lower:
        return []
    return [Blocker("lower_by_proposal", {"price": f"{until_now:,.2f}".removesuffix(".00")})]


def day_blockers(*, from_on: date, today: date, most_days: int) -> list[Blocker]:
    """A price begins today or later, and not all too far off."""
    if from_on < today:
        return [Blocker("is_past")]
    is_far = from_on > today + timedelta(days=most_days)
    return [Blocker("is_far", {"days": most_days})] if is_far else []
