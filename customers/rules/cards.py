"""What a card is still without."""


def fields_to_complete(
    *,
    has_phone: bool,
    address: str,
    need: str,
    expected: object,
    source: str,
    contact_time: str,
) -> list[str]:
    """The fields a card is still without, those needed to file first (DAT-04, decision 7)."""
    card = {
        "phone": has_phone,
        "address": address,
        "need": need,
        "expected": expected,
        "source": source,
        "contact_time": contact_time,
    }
    return [name for name, value in card.items() if not value]
