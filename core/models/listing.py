"""What people keep of the lists they work with."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """One narrowing of one list that a person wants to come back to; `query` is its address."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "list_name", "name"],
                name="one_saved_filter_a_name",
                violation_error_message=_("You have a filter of this name. Choose another name."),
            )
        ]

    def __str__(self) -> str:
        return self.name
