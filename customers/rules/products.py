"""What the rulebook says of owned products: pure decisions over plain values (forms 2.5)."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from core.rules import TAKE_BACK_WITHIN, Blocker
from customers.states import ProductEventKind

LONGEST_INSURED = timedelta(days=366 * 10)

VIN_LENGTH = 17
# No I, O and Q, which are taken for 1 and 0.
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SIGN = "[A-HJ-NP-Z0-9]"
# 京A12345 and, of new energy, 京AD12345 or 京A12345D; 学, 警, 港 … stand at the end.
_PLATE = re.compile(
    f"[{_PROVINCES}][A-HJ-Z]"
    f"(?:{_SIGN}{{5}}|{_SIGN}{{4}}[挂学警港澳领使]|[A-HJK]{_SIGN}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"
)
_BLANKS = re.compile(r"\s+")
_DOTS = re.compile(r"[\s.·•・‧∙⋅․。\-]+")

# What may be written down as having happened; leaving the customer is an act of its own.
RECORDABLE = tuple(kind for kind in ProductEventKind if kind != ProductEventKind.TRANSFER)


def normal_serial(text: str) -> str:
    """A serial number or VIN as it is kept: narrow, upper case, without blanks."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).upper()


def normal_plate(text: str) -> str:
    """A number plate as it is kept: 京A·12345 and 京ａ 12345 are 京A12345."""
    return _DOTS.sub("", unicodedata.normalize("NFKC", text)).upper()


def oddities(*, is_car: bool, serial: str, plate: str) -> list[Blocker]:
    """What looks mistyped on a car: kept all the same, for there are odd ones, and named."""
    if not is_car:
        return []
    odd = []
    if serial and len(serial) != VIN_LENGTH:
        odd.append(Blocker("vin_has_another_length", {"found": len(serial)}))
    elif serial and not _VIN.fullmatch(serial):
        odd.append(Blocker("vin_has_odd_characters"))
    if plate and not _PLATE.fullmatch(plate):
        odd.append(Blocker("plate_is_unusual"))
    return odd


def product_to_complete(
    *, is_car: bool, serial: str, insurer: str, policy_no: str, insurance_until: date | None
) -> list[str]:
    """The fields that a car's card is still without: its VIN, and, sold with insurance, all of
    the insurance (forms 2.5). Nothing waits for them.
    """
    if not is_car:
        return []
    insurance = {"insurer": insurer, "policy_no": policy_no, "insurance_until": insurance_until}
    wanted = {"serial": serial, **(insurance if any(insurance.values()) else {})}
    return [name for name, value in wanted.items() if not value]


def product_blockers(
    *,
    product: str,
    purchased_on: date | None,
    delivered_on: date | None,
    delivered_at: datetime | None,
    today: date,
    now: datetime,
    needs_a_date: bool = True,
) -> list[Blocker]:
    """Everything that cannot be of what was sold; a first record says when it was bought."""
    blockers = []
    if not product.strip():
        blockers.append(Blocker("product_missing"))
    if needs_a_date and not purchased_on and not delivered_on:
        blockers.append(Blocker("no_date"))
    if (delivered_on and delivered_on > today) or (delivered_at and delivered_at > now):
        blockers.append(Blocker("delivered_in_future"))
    if purchased_on and purchased_on > today:
        blockers.append(Blocker("purchased_in_future"))
    elif purchased_on and delivered_on and delivered_on < purchased_on:
        blockers.append(Blocker("delivered_before_purchase"))
    return blockers


def event_blockers(
    *,
    kind: ProductEventKind | str,
    on: date,
    had_on: date | None,
    insured_until: date | None,
    insured_now_until: date | None,
    had_first_service: bool,
    text: str,
    today: date,
) -> list[Blocker]:
    """Everything that stops an event from being recorded; `had_on` is since when it is owned.

    A renewal moves the insurance forward, never back (AFT-10).
    """
    blockers = []
    if on > today:
        blockers.append(Blocker("event_in_future"))
    if had_on and on < had_on:
        blockers.append(Blocker("event_before_delivery"))
    if kind == ProductEventKind.FIRST_SERVICE and had_first_service:
        blockers.append(Blocker("first_service_is_done"))
    if kind == ProductEventKind.COMPLAINT and not text.strip():
        blockers.append(Blocker("complaint_has_no_words"))
    if kind == ProductEventKind.RENEWAL:
        blockers += _renewal_blockers(on=on, until=insured_until, now_until=insured_now_until)
    return blockers


def _renewal_blockers(*, on: date, until: date | None, now_until: date | None) -> list[Blocker]:
    if until is None:
        return [Blocker("renewal_needs_its_end")]
    if until <= on:
        return [Blocker("renewal_is_over")]
    if until > on + LONGEST_INSURED:
        return [Blocker("renewal_is_too_long")]
    if now_until and until <= now_until:
        return [Blocker("renewal_is_not_later", {"until": now_until.isoformat()})]
    return []


def take_back_blockers(
    *, is_own: bool, is_manager: bool, noted_at: datetime | None, now: datetime
) -> list[Blocker]:
    """Who may take a mistake back: whoever made it within ten minutes, a manager any time."""
    if is_manager:
        return []
    if not is_own:
        return [Blocker("not_yours_to_take_back")]
    if noted_at is None or now - noted_at > TAKE_BACK_WITHIN:
        return [Blocker("too_late_to_take_back")]
    return []
