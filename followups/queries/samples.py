"""What a plan makes of a customer who is made up to show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from core.queries import business_calendar
from followups import rules
from followups.rules.plans import StepTerms
from followups.states import BIRTHDAY_ANCHORS, Anchor


@dataclass(frozen=True, kw_only=True)
class SampleDay:
    """One occurrence of a step for the sample: `at` is the place of the step in the terms."""

    at: int
    due: rules.Due


def sample_calendar(
    steps: Sequence[StepTerms], *, days: Mapping[str, date], today: date
) -> list[SampleDay]:
    """What these steps make of the days typed, by the pure rule, in order; a step whose anchor has
    no day makes none.
    """
    zone = timezone.get_default_timezone()
    add_working_days = business_calendar().add_working_days
    found = []
    for at, step in enumerate(steps):
        on = _anchored(step.anchor, days, today)
        if on is None or not step.is_active or rules.extent_blockers(step.spec()):
            continue
        for due in rules.occurrences(
            step=step.spec(),
            anchored=rules.Anchored(on=on, noted_on=on),
            zone=zone,
            add_working_days=add_working_days,
        ):
            found.append(SampleDay(at=at, due=due))
    return sorted(found, key=lambda day: (day.due.at, day.at, day.due.occurrence))


def _anchored(anchor: str, days: Mapping[str, date], today: date) -> date | None:
    if anchor in BIRTHDAY_ANCHORS:
        birthday = days.get(Anchor.BIRTHDAY)
        return next_birthday(birthday, today) if birthday else None
    return days.get(anchor)


def next_birthday(birthday: date, today: date) -> date:
    """The next time this day comes round; 29 February is 28 February in plain years."""
    for year in (today.year, today.year + 1):
        try:
            day = birthday.replace(year=year)
        except ValueError:
            day = date(year, 2, 28)
        if day >= today:
            return day
    raise ValueError(f"{birthday} does not come round after {today}")
