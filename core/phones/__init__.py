"""Phone numbers: read, masked, kept secret (`FIL-31`)."""

from core.phones.keys import PhoneKeys, PhoneUnreadable
from core.phones.numbers import MESSAGES, Phone, PhoneRefused, line_of, mask, normalise, split
from core.phones.text import mask_id, mask_in_text, put_back

__all__ = [
    "MESSAGES",
    "Phone",
    "PhoneKeys",
    "PhoneRefused",
    "PhoneUnreadable",
    "line_of",
    "mask",
    "mask_id",
    "mask_in_text",
    "normalise",
    "put_back",
    "split",
]
