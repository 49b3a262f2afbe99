"""What a filing is, and what can become of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.states import Role


class Channel(TextChoices):
    """Through which channel a lead is filed (FIL-02)."""

    STORE = "store", pgettext_lazy("channel of a filing", "Store")
    FIELD = "field", pgettext_lazy("channel of a filing", "Field sales")


# Managers who sell file like anybody (FIL-06).
CHANNEL_OF_ROLE = {
    Role.SALES_STORE: Channel.STORE,
    Role.STORE_MANAGER: Channel.STORE,
    Role.SALES_FIELD: Channel.FIELD,
    Role.FIELD_SUPERVISOR: Channel.FIELD,
}


class Element(TextChoices):
    """What a complete filing says (FIL-08, FIL-36)."""

    NAME = "name", _("Name")
    PHONE = "phone", _("Phone")
    ADDRESS = "address", _("Detailed address")
    NEED = "need", _("Need")
    EXPECTED = "expected", _("Expected date of purchase")


class Invalid(TextChoices):
    """Why a filing is void from the entry on; the order in which the tests are made."""

    INCOMPLETE = "INCOMPLETE", _("Incomplete")
    AFTER_DEAL = "AFTER_DEAL", _("Filed after the deal")
    LATE_24H = "LATE_24H", _("Filed too late")
    OUT_OF_SCOPE = "OUT_OF_SCOPE", _("Outside the scope of filing")
    CROSS_REGION = "CROSS_REGION", _("Another region's customer")
    LATER_FILER = "LATER_FILER", _("Filed by somebody before")
    OVER_QUOTA = "OVER_QUOTA", _("Over the quota")
    REVIEW_REJECTED = "REVIEW_REJECTED", _("Rejected on review")
    VOIDED = "VOIDED", _("Filed by mistake")


class Lost(TextChoices):
    """Why a filing that was admitted protects no longer; the order in which it is said."""

    RELEASED_D = "RELEASED_D", _("Released")
    VOID_15D = "VOID_15D", _("Not measured in time")
    LAPSED_10D = "LAPSED_10D", _("Lapsed by silence")


class Withdrawn(TextChoices):
    """Why a filing's protection counts as never having been (decision 2)."""

    REJECTED = "rejected", _("Rejected on review")
    VOIDED = "voided", _("Filed by mistake")
    MERGED = "merged", _("The other card's filing came first")


class FilingNote(TextChoices):
    """What is flagged on a filing for whoever reviews it (FIL-08, FIL-32)."""

    BARE_HOUSE = "bare_house", _("House without a door number")
    COMPANY = "company", _("Company: building and department for a door")
    ADDRESS_KNOWN = "address_known", _("Perhaps somebody else's customer")
    SAME_SECOND = "same_second", _("Filed in the same second as another")
    REFILED = "refiled", _("Filed again by the same person")
    NUMBER_IN_NOTE = "kin_number", _("The number belongs to somebody close to a filed customer")
    KNEW_LONGER = "knew_longer", _("Had the customer's data before, for another project")


class CrossReason(TextChoices):
    """The three reasons for which a lead may be filed across regions (XRG-03)."""

    DESIGN = "2.1", _("2.1 A design institute or group unifies the design of a new product")
    TENDER = "2.2", _("2.2 Unified tender, separate purchases")
    AGENT = "2.3", _("2.3 The owner uses, an agent buys")


class CrossState(TextChoices):
    """Where a filing across regions stands; only an approved one is a filing (XRG-02)."""

    ASKED = "asked", pgettext_lazy("filing across regions", "Waiting")
    APPROVED = "approved", pgettext_lazy("filing across regions", "Approved")
    REFUSED = "refused", pgettext_lazy("filing across regions", "Refused")


class RequestReason(TextChoices):
    """Why a filer asks for more time (forms 2.2)."""

    DECORATION = "decoration", _("Decoration is delayed")
    TRAVEL = "travel", _("The customer is travelling")
    NOT_HANDED_OVER = "not_handed_over", _("The home is not handed over yet")
    OTHER = "other", _("Something else")


class DealKind(TextChoices):
    """What made the deal (FIL-21)."""

    DEPOSIT = "deposit", _("Deposit")
    SIGNED = "signed", _("Signed order")


class SpecialPriceState(TextChoices):
    """Where an application for a special price stands (FIL-38)."""

    OPEN = "open", pgettext_lazy("special price", "Waiting")
    APPROVED = "approved", pgettext_lazy("special price", "Approved")
    REFUSED = "refused", pgettext_lazy("special price", "Refused")


class Flag(TextChoices):
    """What is noted beside a decision."""

    UPDATE_MISSED = "3DAY_MISSED", _("An update within three days was missed")
    CROSS_REGION = "XREGION_VIOLATION", _("Sold across regions without a filing")
    SUSPECTED_SAME = "SUSPECTED_SAME", _("Perhaps one household")
    LATE_ENTRY = "LATE_ENTRY", _("A contact was entered too late to count")
    REFUSED_ATTEMPT = "REFUSED_ATTEMPT", _("Somebody else tried to file")


class ReviewState(TextChoices):
    """Where the review of a filing stands (FIL-28); none is asked of what was refused at entry."""

    PENDING = "pending", pgettext_lazy("review", "Waiting")
    PROOF = "proof", _("Proof demanded")
    APPROVED = "approved", pgettext_lazy("review", "Approved")
    REJECTED = "rejected", pgettext_lazy("review", "Rejected")


# Nobody has reviewed it yet, whether or not proof is asked for.
UNREVIEWED = (ReviewState.PENDING, ReviewState.PROOF)


class RequestKind(TextChoices):
    """Which limit a filer asks to have moved."""

    LIMIT = "limit", _("Longer time to measure")
    SILENCE = "silence", _("Special circumstances")


class RequestState(TextChoices):
    """Where a request stands; one that nobody decided in time holds nothing any more."""

    OPEN = "open", pgettext_lazy("request", "Waiting")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class EventKind(TextChoices):
    """What happened to leads, in the order in which the system learnt of it."""

    FILED = "filed", _("Filed")
    CONTACTED = "contacted", _("Followed up")
    CONTACT_VOIDED = "contact_voided", _("A follow-up was taken back")
    MEASURED = "measured", _("Measured")
    ASKED = "asked", _("Extension asked for")
    ANSWERED = "answered", _("Extension decided")
    REVIEWED = "reviewed", _("Reviewed")
    RELEASED = "released", _("Released")
    RESUMED = "resumed", _("Release taken back")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    JOINED = "joined", _("Over: another filing of this home stands")
    HANDED_OVER = "handed_over", _("Handed over")
    DEALT = "dealt", _("Deposit taken")
    UNDONE = "undone", _("Deposit returned")
    CREDITED = "credited", _("Credit decided")
    CONFIRMED = "confirmed", _("New project confirmed")
