"""The limits of the figures as a row keeps them: field → number, text or list, and back again."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from core.rules import Blocker
from stock.rules.terms import DEFAULTS, Terms, terms_blockers

FIELDS = tuple(field.name for field in fields(Terms))


class NotTerms(ValueError):
    """What a row keeps is no set of limits; `fields` are those that nobody can read."""

    def __init__(self, *names: str) -> None:
        self.fields = names
        super().__init__(", ".join(names))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _share(value: Any) -> Fraction:
    """A fraction of 1: "3/4", "0.75" or 0.75."""
    return Fraction(str(value))


def _decimal(value: Any) -> Decimal:
    found = Decimal(str(value))
    if not found.is_finite():
        raise ValueError
    return found


def _reader(standing: Any) -> Callable[[Any], Any]:
    """How a field is read, told by what stands in the defaults."""
    if isinstance(standing, tuple):
        one = _reader(standing[0])
        return lambda values: tuple(one(value) for value in values)
    readers = {bool: _truth, int: _whole, Fraction: _share, Decimal: _decimal}
    return readers[type(standing)]


READERS = {name: _reader(getattr(DEFAULTS, name)) for name in FIELDS}


def terms_from(values: Mapping[str, Any]) -> Terms:
    """The limits that a row says; what it does not name is the default.

    Raises NotTerms, naming every field that is unknown or cannot be read.
    """
    found: dict[str, Any] = {}
    wrong = []
    for name, value in values.items():
        try:
            found[name] = READERS[name](value)
        except (KeyError, TypeError, ValueError, ZeroDivisionError, InvalidOperation):
            wrong.append(name)
    if len(found.get("markdown_weeks", (0, 0))) != len(DEFAULTS.markdown_weeks):
        wrong.append("markdown_weeks")
    if wrong:
        raise NotTerms(*wrong)
    return Terms(**found)


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    return str(value) if isinstance(value, Fraction | Decimal) else value


def values_of(terms: Terms) -> dict[str, Any]:
    """All limits as a row keeps them, so that a default that changes later changes no past."""
    return {name: _written(getattr(terms, name)) for name in FIELDS}


def changed_fields(before: Terms, after: Terms) -> list[str]:
    """The limits that differ, in their order."""
    return [name for name in FIELDS if getattr(before, name) != getattr(after, name)]


def values_blockers(values: Mapping[str, Any]) -> list[Blocker]:
    """Everything that stops these values from being kept: the code is the field that is wrong."""
    try:
        return terms_blockers(terms_from(values))
    except NotTerms as error:
        return [Blocker(name) for name in error.fields]
