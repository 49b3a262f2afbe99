"""Opportunities and appointments."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StageKind(TextChoices):
    """Whether an opportunity in a stage is still open."""

    OPEN = "open", pgettext_lazy("opportunity", "Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class LostReason(TextChoices):
    """Why an opportunity was lost."""

    PRICE = "price", _("Price")
    COMPETITOR = "competitor", _("Bought elsewhere")
    PRODUCT = "product", _("Nothing that fits")
    TIME = "time", _("Not now")
    BUDGET = "budget", _("Budget dropped")
    NOT_QUALIFIED = "not_qualified", _("Conditions for a purchase are missing")
    SILENT = "silent", _("Cannot be reached")
    OTHER = "other", _("Other")


class ResourceKind(TextChoices):
    """What an appointment may need beside a person."""

    TEST_CAR = "test_car", _("Test-drive car")
    CREW = "crew", _("Crew")
    VAN = "van", _("Van")
    ROOM = "room", _("Room")


class AppointmentKind(TextChoices):
    """What an appointment is for (预约)."""

    STORE_VISIT = "store_visit", _("Store visit")
    HOME_VISIT = "home_visit", _("Home visit")
    TEST_DRIVE = "test_drive", _("Test drive")
    MEASURING = "measuring", _("Measuring")
    DELIVERY = "delivery", _("Delivery")
    SERVICE = "service", _("Service")


class AppointmentState(TextChoices):
    """Where an appointment stands."""

    BOOKED = "booked", _("Booked")
    KEPT = "kept", _("Kept")
    MOVED = "moved", _("Moved")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


# An appointment in one of these keeps its person and its car.
TAKING_TIME = (AppointmentState.BOOKED, AppointmentState.KEPT)
