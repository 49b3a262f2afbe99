"""The words in which a customer, a household and a product are described."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Title(TextChoices):
    """How a person is addressed."""

    MR = "mr", _("Mr")
    MS = "ms", _("Ms")


class Source(TextChoices):
    """How the customer came to us."""

    WALK_IN = "walk_in", _("Walked in")
    ADVERT = "advert", _("Advertisement")
    ONLINE = "online", _("Online")
    EVENT = "event", _("Event")
    FRIEND = "friend", _("Friend")
    OWNER_REFERRAL = "owner_referral", _("Referred by a customer")
    REPURCHASE = "repurchase", _("Further purchase of a household")
    DESIGNER = "designer", _("Designer")
    PARTNER = "partner", _("Partner trade")
    INTERCEPT = "intercept", _("Approached outside")
    FIELD_INVITE = "field_invite", _("Invited by field sales")
    OTHER = "other", _("Other")


class ExpectedPurchase(TextChoices):
    """When the customer means to buy."""

    WEEK = "week", _("Within 7 days")
    FORTNIGHT = "fortnight", _("Within 15 days")
    MONTH = "month", _("Within a month")
    QUARTER = "quarter", _("Within 3 months")
    LATER = "later", _("Later")


class QuietReason(TextChoices):
    """Why a customer is left in peace (FUP-24)."""

    ASKED = "asked", _("Asked us to stop")
    TOO_OFTEN = "too_often", _("Felt contacted too often")
    BOUGHT_ELSEWHERE = "bought_elsewhere", _("Bought elsewhere")
    WRONG_PERSON = "wrong_person", _("Not the person we meant")
    WISHES_AGAIN = "wishes_again", _("Wishes contact again")
    OTHER = "other", _("Other")


class Quiet(TextChoices):
    """What a customer does not wish to receive (FUP-24, decision 15)."""

    NONE = "", _("May be contacted")
    MARKETING = "marketing", _("No marketing")
    VISITS = "visits", _("No visits")
    ALL = "all", _("No contact")


class ToComplete(TextChoices):
    """What a card can be saved without and is asked for later (DAT-04); in the order of asking."""

    PHONE = "phone", _("phone")
    ADDRESS = "address", _("address")
    NEED = "need", _("need")
    EXPECTED = "expected", _("means to buy")
    SOURCE = "source", _("source")
    REFERRER = "referrer", _("referred by")
    CONTACT_TIME = "contact_time", _("suitable contact time")
    KEEPER = "keeper", _("keeper")
    SERIAL = "serial", _("serial or VIN")


class Decoration(TextChoices):
    """How far a home is."""

    BARE = "bare", _("Bare shell")
    WIRING = "wiring", _("Water and wiring")
    CARPENTRY = "carpentry", _("Tiles and carpentry")
    PAINT = "paint", _("Paint")
    MOVED_IN = "moved_in", _("Moved in")


class ServiceWanted(TextChoices):
    """What a customer would like from us (顾客资料卡)."""

    PRODUCT_SEARCH = "product_search", _("Find a product")
    HOME_VISIT = "home_visit", _("Home visit")
    SINGLE_PIECE = "single_piece", _("Single piece")
    LONG_TERM = "long_term", _("Long-term advice")


class IdKind(TextChoices):
    """A paper that proves who somebody is; kept only where a sale needs it."""

    ID_CARD = "id_card", _("Identity card")
    PASSPORT = "passport", _("Passport")
    COMPANY = "company", _("Company number")
    OTHER = "other", _("Other")


class Relation(TextChoices):
    """How a member of the household is related to the customer."""

    SPOUSE = "spouse", _("Spouse")
    PARENT = "parent", _("Parent")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Brother or sister")
    OTHER = "other", _("Other")


# Whose number makes two cards suspected to be one household (FIL-32).
CLOSE_RELATIONS = (Relation.SPOUSE, Relation.PARENT, Relation.CHILD)


class BuyerRole(TextChoices):
    """The part somebody plays in a company's purchase (KNW-05)."""

    ECONOMIC_BUYER = "economic_buyer", _("Economic buyer")
    SPONSOR = "sponsor", _("Sponsor")
    TECHNICAL_ADVISER = "technical_adviser", _("Technical adviser")
    COACH = "coach", _("Coach")
    USER = "user", _("User")


class AttachmentKind(TextChoices):
    """What an attached picture shows."""

    FLOOR_PLAN = "floor_plan", _("Floor plan")
    PHOTO = "photo", _("Photo")
    SKETCH = "sketch", _("Sketch")
    PAPER = "paper", _("Paper")
    EVIDENCE = "evidence", _("Evidence")


# What a card shows; evidence is for whoever gave it, and whoever decides.
ATTACHED_KINDS = tuple(kind for kind in AttachmentKind if kind != AttachmentKind.EVIDENCE)


class Replacement(TextChoices):
    """When the owner means to replace the product."""

    NONE = "none", _("Not planned")
    YEAR = "year", _("Within a year")
    HALF_YEAR = "half_year", _("Within half a year")
    QUARTER = "quarter", _("Within 3 months")


class ProductEventKind(TextChoices):
    """What happened to an owned product."""

    FIRST_SERVICE = "first_service", _("First service")
    SERVICE = "service", pgettext_lazy("of a product", "Service")
    REPAIR = "repair", _("Repair")
    COMPLAINT = "complaint", _("Complaint")
    RENEWAL = "renewal", _("Insurance renewed")
    TRANSFER = "transfer", _("Changed owner")


class GoneReason(TextChoices):
    """Why a product is no longer with the customer."""

    SOLD = "sold", _("Sold on")
    SCRAPPED = "scrapped", _("Scrapped")
    RETURNED = "returned", _("Returned")
    MISTAKE = "mistake", _("Recorded by mistake")
