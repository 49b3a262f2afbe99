"""What is gone through when goods are handed over, by trade (forms 2.16)."""

from collections.abc import Collection, Mapping

from orders.states import Checked
from staff.states import Trade

_OF_HOMES = (Checked.COMPLETE, Checked.UNDAMAGED, Checked.INSTALLED, Checked.EXPLAINED)

CHECKLISTS: Mapping[Trade, tuple[Checked, ...]] = {
    Trade.CARS: (
        Checked.CLEAN,
        Checked.FAULTLESS,
        Checked.DOCUMENTS,
        Checked.KEYS,
        Checked.EXPLAINED,
    ),
    Trade.FURNITURE: _OF_HOMES,
    Trade.MATTRESSES: _OF_HOMES,
    Trade.HOME: _OF_HOMES,
    Trade.SHOES: (Checked.COMPLETE, Checked.UNDAMAGED),
}
# What may come another day; everything else is so when the goods are signed for.
LATER = frozenset({Checked.INSTALLED})


def checklist(trade: Trade | str) -> tuple[Checked, ...]:
    """What is gone through in this trade, in the order in which it is done."""
    return CHECKLISTS[Trade(trade)]


def unchecked(trade: Trade | str, checked: Collection[str]) -> list[Checked]:
    """What was to be gone through and was not; what may come later is not asked for."""
    return [item for item in checklist(trade) if item not in checked and item not in LATER]
