"""A word and what is said of it, in the reader's punctuation."""

from django.utils.translation import gettext as _


def labelled(label: str, text: str) -> str:
    """Test drive: X5; 试驾：X5. Without a text the label alone."""
    # Translators: a label and what is said of it; Chinese takes the full-width colon
    return _("%(label)s: %(text)s") % {"label": label, "text": text} if text else label
