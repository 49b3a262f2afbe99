"""One person once."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SuspicionReason(TextChoices):
    """Why two cards may be one customer (FIL-32)."""

    LINE = "line", _("Same number, another extension")
    ADDRESS = "address", _("Same address")
    HOUSEHOLD = "household", _("A family member's number")
    WECHAT = "wechat", _("Same WeChat id")
    NAME = "name", _("Same name and birthday")


class SuspicionState(TextChoices):
    """What was decided about two cards."""

    OPEN = "open", _("To be decided")
    SAME = "same", _("The same customer")
    DIFFERENT = "different", _("Different customers")
