"""The words of the guard against pestering."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Override(TextChoices):
    """Why a contact is made although the guard advises against it (FUP-09, FUP-13)."""

    CUSTOMER_ASKED = "customer_asked", _("The customer asked for it")
    NEEDED = "needed", _("A contract or case needs it")
    NEWS = "news", _("There is news for them")
    CUT_OFF = "cut_off", _("We were cut off")
    LOGGED_LATE = "logged_late", _("It happened earlier, logged now")
