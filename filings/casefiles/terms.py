"""Terms written down as data: the parameters of a policy in a file, for a replay (ADJ-07)."""

import json
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from filings.rules import SHIPPED, Terms
from filings.rules.terms import AT_LEAST_ONE, READINGS

DEFAULTS = Terms()
NAMES = tuple(field.name for field in fields(Terms))
MOST = 32_767  # of a column of a policy


class TermsNotRead(Refused):
    """Terms cannot be read from what was given."""

    messages = {
        "no_such_policy": _(
            "“%(name)s” is neither a policy that ships (%(shipped)s) nor a file that is there."
        ),
        "not_json": _("%(name)s is not JSON: line %(line)s, column %(column)s."),
        "not_utf8": _("%(name)s is not written in UTF-8."),
        "not_an_object": _("A policy is an object of parameters."),
        "unknown": _("A policy has no parameter “%(key)s”."),
        "not_yes_or_no": _("“%(key)s” is neither true nor false."),
        "not_a_number": _("“%(key)s” is not a whole number of at least %(least)s."),
        "not_money": _("“%(key)s” is not an amount of at least 0."),
        "not_of_these": _("“%(key)s” is one of %(these)s."),
        "days_not_in_order": _("The duty to follow up is not longer than protection."),
    }


def _value(key: str, given: object) -> Any:
    """One parameter. Raises TermsNotRead."""
    default = getattr(DEFAULTS, key)
    if key in READINGS:
        these = [each.value for each in READINGS[key]]
        if given not in these:
            raise TermsNotRead.because("not_of_these", key=key, these=", ".join(these))
        return READINGS[key](given)
    if isinstance(default, bool):
        if not isinstance(given, bool):
            raise TermsNotRead.because("not_yes_or_no", key=key)
        return given
    if isinstance(default, Decimal):
        return _money(key, given)
    least = 1 if key in AT_LEAST_ONE else 0
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= MOST:
        raise TermsNotRead.because("not_a_number", key=key, least=least)
    return given


def _money(key: str, given: object) -> Decimal:
    try:
        amount = Decimal(str(given)) if not isinstance(given, bool) else Decimal(-1)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise TermsNotRead.because("not_money", key=key)
    return amount


def terms_from(given: object, *, base: Terms = DEFAULTS) -> Terms:
    """Terms as told, what is not told as in `base`. Raises TermsNotRead."""
    if not isinstance(given, Mapping):
        raise TermsNotRead.because("not_an_object")
    if unknown := [key for key in given if key not in NAMES]:
        raise TermsNotRead.because("unknown", key=unknown[0])
    told = {key: _value(key, value) for key, value in given.items()}
    terms = Terms(**{name: told.get(name, getattr(base, name)) for name in NAMES})
    if terms.update_days > terms.protection_days:
        raise TermsNotRead.because("days_not_in_order")
    return terms


def terms_named(name: str) -> Terms:
    """A policy that ships, or the terms of a JSON file. Raises TermsNotRead."""
    if name in SHIPPED:
        return SHIPPED[name]
    try:
        text = Path(name).read_text(encoding="utf-8")
        return terms_from(json.loads(text))
    except OSError as error:
        shipped = ", ".join(SHIPPED)
        raise TermsNotRead.because("no_such_policy", name=name, shipped=shipped) from error
    except UnicodeDecodeError as error:
        raise TermsNotRead.because("not_utf8", name=name) from error
    except json.JSONDecodeError as error:
        raise TermsNotRead.because(
            "not_json", name=name, line=error.lineno, column=error.colno
        ) from error
