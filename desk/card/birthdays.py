"""A birthday as the card says it."""

from django.utils.translation import gettext as _

from customers.models.kept import HasBirthday


def birthday_of(somebody: HasBirthday) -> str:
    """3-12, lunar 8-15, 1985-3-12."""
    if not somebody.birth_month:
        return ""
    parts = [somebody.birth_year, somebody.birth_month, somebody.birth_day]
    day = "-".join(str(part) for part in parts if part)
    if somebody.birth_is_leap_month:
        return _("lunar, leap month %(day)s") % {"day": day}
    return _("lunar %(day)s") % {"day": day} if somebody.birth_is_lunar else day
