"""Things that people name in both languages, because they are data and not messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.languages import in_readers_language


class Named(models.Model):
    """Something with a name in each language."""

    name_en = models.CharField(_("name in English"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_readers_language(zh=self.name_zh, en=self.name_en)
