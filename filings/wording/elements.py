"""The elements of a filing, named."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from filings.states import Element


def elements_text(elements: Iterable[Element]) -> str:
    """The elements as a list, in their order."""
    return _(", ").join(str(element.label) for element in elements)
