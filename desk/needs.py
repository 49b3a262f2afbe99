"""What people look for, by trade: the chips of a registration, so that nothing need be typed."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff.states import Trade

NEEDS = {
    Trade.FURNITURE: {
        "sofa": _("Sofa"),
        "bed": _("Bed"),
        "dining": _("Dining table"),
        "cabinets": _("Cabinets"),
        "whole_home": _("Whole home"),
    },
    Trade.MATTRESSES: {
        "mattress": _("Mattress"),
        "bed": _("Bed"),
        "pillows": _("Pillows"),
        "bedding": _("Bedding"),
        "whole_home": _("Whole home"),
    },
    Trade.HOME: {
        "kitchen": _("Kitchen"),
        "bathroom": _("Bathroom"),
        "lighting": _("Lighting"),
        "curtains": _("Curtains"),
        "whole_home": _("Whole home"),
    },
    Trade.CARS: {
        "saloon": _("Saloon"),
        "suv": _("SUV"),
        "mpv": _("MPV"),
        "electric": _("Electric"),
        "trade_in": _("Trade-in"),
    },
    Trade.SHOES: {
        "women": _("Women's"),
        "men": _("Men's"),
        "children": _("Children's"),
        "boots": _("Boots"),
        "sandals": _("Sandals"),
    },
}


def need_text(*, trade: str, chosen: list[str], typed: str) -> str:
    """The need as it is kept: the chosen words and what was typed, in the writer's language."""
    words = [str(label) for value, label in NEEDS[Trade(trade)].items() if value in chosen]
    # Translators: what stands between words of a list: 、 in Chinese
    return gettext(", ").join([*words, typed] if typed else words)
