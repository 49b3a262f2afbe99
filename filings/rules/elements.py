"""Which elements a filing cannot do without (FIL-08, FIL-36)."""

from filings.rules.events import Filed
from filings.rules.terms import Terms
from filings.states import Channel, Element, NeededToFile

ELEMENTS_OF_NAME_AND_PHONE = frozenset({Element.NAME, Element.PHONE})


def missing_elements(filed: Filed) -> frozenset[Element]:
    """What this channel's filings need and this one lacks (FIL-08, FIL-36, decision 13)."""
    return lacking(filed.missing, terms=filed.terms, channel=filed.channel)


def lacking(
    missing: frozenset[Element], *, terms: Terms, channel: Channel | str
) -> frozenset[Element]:
    """Which of the `missing` elements a filing of this channel cannot do without."""
    needs = terms.field_needs if channel == Channel.FIELD else terms.store_needs
    if needs == NeededToFile.NAME_PHONE:
        return missing & ELEMENTS_OF_NAME_AND_PHONE
    return missing
