"""Which installation this database belongs to: only that one speaks to the outside."""

from django.db import models
from django.db.models.functions import Now

from staff.models.people import Person


class Installation(models.Model):
    """The installation that sends messages: one row at most.

    `mark` says on which database server, in which database and under which address it runs. A
    restored copy has another one and stays silent until somebody says that it is the real one.
    """

    only = models.BooleanField(primary_key=True, default=True)
    mark = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_installation", condition=models.Q(only=True))
        ]

    def __str__(self) -> str:
        return self.mark
