"""The readings of the scheme that a policy chooses between (decision 13); the first is usual."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LapseTest(TextChoices):
    """What makes a filing lapse (FIL-13, FIL-14)."""

    SILENCE = "silence", _("Silence longer than the days of protection")
    MISSED_UPDATE = "missed_update", _("An update missed within the days of protection")


class LapseBy(TextChoices):
    """What of a colleague's ends a filing that has gone silent (FIL-14, FIL-15)."""

    FILING = "filing", _("A colleague's deposit or filing")
    DEPOSIT = "deposit", _("A colleague's deposit only")


class NeededToFile(TextChoices):
    """What makes a filing complete (FIL-08, FIL-36)."""

    ALL = "all", _("Name, phone, detailed address, need and expected date")
    NAME_PHONE = "name_phone", _("Name and phone")


class LateTestedAt(TextChoices):
    """When the hours to file are held against the clock (FIL-26)."""

    COMPLETION = "completion", _("When the filing is complete")
    NAME_PHONE = "name_phone", _("When name and phone were written down")


class CrossRegionSale(TextChoices):
    """What becomes of a deposit taken in another region (XRG-02)."""

    RECORD = "record", _("It is recorded, and the credit goes home")
    BLOCK = "block", _("It is refused unless a manager agrees")


class RefillMonth(TextChoices):
    """In which month a deal frees a slot of the quota (FIL-25)."""

    DEAL = "deal", _("The month of the deal")
    FILING = "filing", _("The month of the filing")
