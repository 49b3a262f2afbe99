"""Tests that live by the real clock run at night, too: without set hours nothing is too late."""

from datetime import date, time

import pytest


@pytest.fixture(autouse=True)
def no_quiet_hours_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures in force; the shipped ones without their quiet hours."""
    from customers.queries import parameters  # the apps are loaded by now
    from followups.queries import guarding

    def without_night(on: date):
        found = parameters(on)
        if found.pk is None:
            found.quiet_from = found.quiet_until = time(0)
        return found

    monkeypatch.setattr(guarding, "parameters", without_night)
