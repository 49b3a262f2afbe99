"""What a complete filing says, and what its reviewer should know of it (FIL-08, FIL-36)."""

from core.addresses import parse as parse_address
from customers.models import Customer, CustomerPhone, Project
from customers.queries import suspicions_of
from filings.models import Filing
from filings.queries import terms_of
from filings.rules import lacking
from filings.states import Element, FilingNote
from staff.states import Trade

# Trades in which a lead is one home, whose door the filing names (decision 1).
TRADES_OF_HOMES = frozenset({Trade.FURNITURE, Trade.MATTRESSES, Trade.HOME})


def missing_of(
    customer: Customer, project: Project, *, trade: Trade | str, has_number: bool | None = None
) -> frozenset[Element]:
    """Which elements of a complete filing this customer's card lacks (FIL-08, FIL-36).

    A placeholder is no number. `has_number` saves the question whether there is one.
    """
    if has_number is None:
        numbers = CustomerPhone.objects.filter(customer=customer, retired_at=None)
        has_number = numbers.filter(is_placeholder=False).exists()
    return missing_among(
        name=customer.name,
        has_number=has_number,
        address=project.address or customer.address,
        company=customer.company,
        need=customer.need,
        is_expected=bool(customer.expected_purchase or customer.expected_on),
        trade=trade,
    )


def missing_to_file(
    draft: Filing, customer: Customer, *, has_number: bool | None = None
) -> list[Element]:
    """What keeps a draft from being a filing by its terms, in the order of the form (FIL-09)."""
    missing = missing_of(customer, draft.project, trade=draft.store.trade, has_number=has_number)
    needed = lacking(missing, terms=terms_of(draft.policy), channel=draft.channel)
    return [element for element in Element if element in needed]


def missing_among(
    *,
    name: str,
    has_number: bool,
    address: str,
    company: str = "",
    need: str,
    is_expected: bool,
    trade: Trade | str,
) -> frozenset[Element]:
    """Which elements of a complete filing are not among these (FIL-08, FIL-36).

    The address reaches the door; a bare house its building, a company's its building, too. Other
    trades file a purchase, which the need names (decision 6).
    """
    missing = set()
    if not name.strip():
        missing.add(Element.NAME)
    if not has_number:
        missing.add(Element.PHONE)
    if trade in TRADES_OF_HOMES:
        home = parse_address(address)
        is_company = bool(company and home.building)
        if not (home.is_door_level or home.is_bare_house or is_company):
            missing.add(Element.ADDRESS)
    if not need.strip():
        missing.add(Element.NEED)
    if not is_expected:
        missing.add(Element.EXPECTED)
    return frozenset(missing)


def notes_of(customer: Customer, project: Project) -> list[FilingNote]:
    """What the reviewer should know of this filing (FIL-08, FIL-32)."""
    notes = []
    address = parse_address(project.address or customer.address)
    if address.is_bare_house:
        notes.append(FilingNote.BARE_HOUSE)
    if customer.company and not address.is_door_level:
        notes.append(FilingNote.COMPANY)
    if suspicions_of(customer).exists():
        notes.append(FilingNote.ADDRESS_KNOWN)
    return notes
