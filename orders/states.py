"""The words of orders: how a deposit is paid, and what a number is to whoever takes one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    """How money was paid."""

    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    CARD = "card", _("Bank card")
    TRANSFER = "transfer", _("Transfer")
    CASH = "cash", _("Cash")


class Standing(TextChoices):
    """What a number is to whoever takes a deposit; not whose or since when (decision 4)."""

    FREE = "free", _("New customer")
    OURS = "ours", _("Already our customer")
    YOURS = "yours", _("You have filed this customer")
    FILED = "filed", _("Already filed")
