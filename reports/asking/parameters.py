"""What a report can be asked for: parameters read from text, refused with a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.phones import PhoneRefused, normalise
from core.refusals import Refused
from reports.rules.days import FIRST_DAY, LAST_DAY
from staff.models import Store


class ReportNotMade(Refused):
    """A report could not be made as asked."""

    messages = {
        "unknown_report": _("There is no report “%(name)s”. `report --list` names them all."),
        "unknown_parameter": _("This report has no parameter “%(name)s”. It takes: %(known)s."),
        "parameter_twice": _("The parameter “%(name)s” is given twice."),
        "not_a_day": _("“%(name)s” is a day such as 2026-03-05."),
        "not_a_period": _("“%(name)s” is a month such as 2026-03, a quarter 2026-Q1 or a year."),
        "not_a_phone": _("“%(name)s” is no phone number: %(why)s"),
        "not_a_choice": _("“%(name)s” is one or several of: %(choices)s."),
        "too_many_leads": _(
            "These are more than %(most)s leads. Ask for a shorter time, with “from” and “to”."
        ),
        "not_a_month": _("“%(name)s” is a month such as 2026-03."),
        "unknown_store": _("There is no store with the code “%(store)s”."),
        "unknown_name": _("“%(name)s” knows no “%(value)s”."),
        "not_days": _("“%(name)s” is a number of days from 0 to %(most)s."),
        "not_yes_or_no": _("“%(name)s” is yes or no."),
        "begins_after_the_day": _("“from” lies after “as_of”."),
        "ends_before_it_begins": _("“to” lies before “from”."),
    }


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter: how it is written, what it means, how it is read."""

    name: str
    hint: str
    about: object
    read: Callable[[str, str], object]


def read_day(name: str, text: str) -> date:
    """A day as ISO writes it, of a year in which there can be books."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError as error:
        raise ReportNotMade.because("not_a_day", name=name) from error
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ReportNotMade.because("not_a_day", name=name)
    return found


def read_phone(name: str, text: str) -> str:
    """A phone number in whatever spelling, as E.164."""
    try:
        return normalise(text).e164
    except PhoneRefused as refusal:
        raise ReportNotMade.because("not_a_phone", name=name, why=str(refusal)) from refusal


def read_store(name: str, text: str) -> str:
    """The code of a store that there is."""
    code = text.strip()
    found = Store.objects.filter(code__iexact=code).values_list("code", flat=True).first()
    if found is None:
        raise ReportNotMade.because("unknown_store", store=code)
    return found


OF_STORE = Parameter(
    name="store", hint="CODE", about="of this store; all without it", read=read_store
)


def days_of(params: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """The first and the last day asked for; None where it is not said. Raises ReportNotMade."""
    begins, ends = params.get("from"), params.get("to")
    if begins and ends and ends < begins:
        raise ReportNotMade.because("ends_before_it_begins")
    return begins, ends


def read_some_of(choices: Sequence[str]) -> Callable[[str, str], tuple[str, ...]]:
    """A list of some of `choices`, with commas between."""

    def read(name: str, text: str) -> tuple[str, ...]:
        wanted = tuple(part.strip() for part in text.split(",") if part.strip())
        if not wanted or set(wanted) - set(choices):
            raise ReportNotMade.because("not_a_choice", name=name, choices=", ".join(choices))
        return wanted

    return read


def read_all(parameters: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, object]:
    """The values of all parameters given. Raises ReportNotMade."""
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            names = ", ".join(known) or "–"
            raise ReportNotMade.because("unknown_parameter", name=name, known=names)
    return {name: known[name].read(name, text) for name, text in given.items()}
