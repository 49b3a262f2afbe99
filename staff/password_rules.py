"""What a password must be, in sentences of our own where Django's have no Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self) -> str:
        return _("Use at least %(count)s characters.") % {"count": self.min_length}

    def get_help_text(self) -> str:
        return self.get_error_message()
