"""A week's rota as a grid of boxes: a person a row, a day a column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from core.days import date_text, weekday
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class Box:
    """One person on one day."""

    name: str
    is_on: bool
    is_past: bool
    label: str


class RotaGrid:
    """The boxes of a week, and what was ticked in them.

    The order in which people are offered leads is that of the rows; each day begins with another
    person, so that nobody is always asked first.
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        people: Sequence[Person],
        days: Sequence[date],
        standing: Mapping[date, Sequence[int]],
        today: date,
    ) -> None:
        self.data, self.people, self.days = data, people, days
        self.standing, self.today = standing, today

    @property
    def heads(self) -> list[dict[str, Any]]:
        return [
            {
                "day": date_text(day, today=self.today),
                "short": f"{day.month}/{day.day}",
                "weekday": weekday(day),
                "is_today": day == self.today,
                "count": len(self.standing.get(day, [])),
            }
            for day in self.days
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"person": person, "boxes": [self._box(person, day) for day in self.days]}
            for person in self.people
        ]

    def _box(self, person: Person, day: date) -> Box:
        return Box(
            name=_name(person.pk, day),
            is_on=person.pk in self.standing.get(day, []),
            is_past=day < self.today,
            label=f"{person.name} {weekday(day)} {date_text(day, today=self.today)}",
        )

    def chosen(self) -> dict[date, list[int]]:
        """Who is on duty on each day that is not past, in the order of that day."""
        data: Mapping[str, object] = self.data or {}
        found = {}
        for day in self.days:
            if day < self.today:
                continue
            on = [person.pk for person in self.people if _name(person.pk, day) in data]
            turn = day.toordinal() % len(on) if on else 0
            found[day] = on[turn:] + on[:turn]
        return found


def _name(person_id: int, day: date) -> str:
    return f"on-{person_id}-{day.isoformat()}"
