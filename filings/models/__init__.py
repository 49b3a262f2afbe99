"""What is true of lead filing (报备), a module a noun."""

from filings.models.disputes import Appeal, Dispute, Evidence, Party
from filings.models.filings import ExtensionRequest, Filing, FilingEvent, Protection
from filings.models.measuring import Measuring
from filings.models.policies import Policy
from filings.models.prices import SpecialPrice, SpecialPriceLine
from filings.models.rulings import Deal, Ruling, Seal
from filings.models.violations import Violation

__all__ = [
    "Appeal",
    "Deal",
    "Dispute",
    "Evidence",
    "ExtensionRequest",
    "Filing",
    "FilingEvent",
    "Measuring",
    "Party",
    "Policy",
    "Protection",
    "Ruling",
    "Seal",
    "SpecialPrice",
    "SpecialPriceLine",
    "Violation",
]
