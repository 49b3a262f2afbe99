"""The words of orders: how a deposit is paid, and whose its credit is."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    """How money was paid."""

    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    CARD = "card", _("Bank card")
    TRANSFER = "transfer", _("Transfer")
    CASH = "cash", _("Cash")


class Whose(TextChoices):
    """Whose the credit of a deposit is, to whoever takes it; never a name (decision 4).

    `address` where an address has still to say it, `refused` where nobody but a manager may sell.
    """

    YOURS = "yours", _("The credit is yours")
    FILER = "filer", _("The credit goes to the filer")
    COLLEAGUE = "colleague", _("The credit goes to a colleague")
    SHARED = "shared", _("The credit is shared")
    HOME = "home", _("The credit goes to the home region")
    RULED = "ruled", _("A person decides whose the credit is")
    ADDRESS = "address", _("The address says whose the credit is")
    REFUSED = "refused", _("A manager takes this order")
