"""What a card is still without."""

from customers.rules.grading import BUYER_GRADES
from customers.states import Grade, Source
from staff.states import Trade

# Who was sent by somebody is asked by whom.
REFERRED_SOURCES = (Source.OWNER_REFERRAL, Source.DESIGNER)
# What is carried home needs no address.
NO_ADDRESS_TRADES = (Trade.SHOES,)
NUMBERED_TRADES = (Trade.CARS,)


def fields_to_complete(
    *,
    has_phone: bool,
    address: str,
    need: object,
    expected: object,
    source: str,
    contact_time: object,
    referrer: object = None,
    has_keeper: bool = True,
    has_bare_product: bool = False,
    grade: str = Grade.A,
    trade: str = Trade.FURNITURE,
) -> list[str]:
    """The fields a card is still without, those needed to file first (DAT-04, decision 7).

    They are the M of forms 2.1, 2.5, 2.7 and 2.8 that a card can be saved without. `need` is the
    need in words or an interest (2.1: text or products). Who has bought is not asked when they
    mean to, who was given up (D) is asked nothing; a car is known by its VIN (`has_bare_product`).
    """
    if grade == Grade.D:
        return []
    card = {
        "phone": has_phone,
        "address": address or trade in NO_ADDRESS_TRADES,
        "need": need,
        "expected": expected or grade in BUYER_GRADES,
        "source": source,
        "referrer": referrer or source not in REFERRED_SOURCES,
        "contact_time": contact_time,
        "keeper": has_keeper,
        "serial": not (has_bare_product and trade in NUMBERED_TRADES),
    }
    return [name for name, value in card.items() if not value]
