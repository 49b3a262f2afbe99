"""What every test stands on: an undefined template variable is an error, not an empty space."""

import pytest
from django.template import base


class UndefinedVariable(AssertionError):
    """A template asked for a variable that nobody gave it."""


class Loud(str):
    """Django puts this in place of an undefined variable, formatting the name into it."""

    def __contains__(self, piece: object) -> bool:
        return piece == "%s" or super().__contains__(piece)

    def __mod__(self, name: object) -> str:
        raise UndefinedVariable(f"undefined template variable: {name}")


@pytest.fixture(autouse=True)
def _loud_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own templates must define what they print; those of packages keep their habits."""
    resolve = base.FilterExpression.resolve

    def loud(self, context, ignore_failures=False):
        engine = context.template.engine
        before, origin = engine.string_if_invalid, context.template.origin.name
        if "/templates/" in origin and "site-packages" not in origin:
            engine.string_if_invalid = Loud("%s")
        try:
            return resolve(self, context, ignore_failures)
        finally:
            engine.string_if_invalid = before

    monkeypatch.setattr(base.FilterExpression, "resolve", loud)


@pytest.fixture(autouse=True)
def _static_files_as_they_lie(settings) -> None:
    """Tests read static files where they are written; nothing is collected for them."""
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
