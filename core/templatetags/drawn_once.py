"""A part that wants nothing from its page: drawn once a language, not for each page."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def drawn_once(name: str) -> SafeString:
    """The template of this name without any context, as every page of this language shows it."""
    return _drawn(name, get_language())


@lru_cache(maxsize=64)
def _drawn(name: str, language: str | None) -> SafeString:
    return render_to_string(name)
