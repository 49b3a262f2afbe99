"""Sentences of Django's that our catalogue says in our own words.

They stand here so that the catalogue keeps them; it comes before Django's.
"""

from django.utils.translation import gettext_lazy as _

REWORDED = (_("This field is required."),)
