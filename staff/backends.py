"""Who is signed in: one query brings the person and what every page asks of them."""

from datetime import date
from functools import lru_cache

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from staff.models import Notice, Person
from staff.scope import with_standing

# Beyond it the bell only says that there are many.
MOST_UNREAD = 99


class PersonBackend(ModelBackend):
    """Signs people in by their password; loads them with their store, standing and bell."""

    def get_user(self, user_id: int) -> Person | None:
        person = _people_on(timezone.localdate()).filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None


# Every request asks it, and putting it together took more than half of its time. Midnight falls
# between two requests: two days are kept.
@lru_cache(maxsize=2)
def _people_on(today: date) -> QuerySet[Person]:
    """Everybody with all that pages ask of them: to be filtered, never read as it stands."""
    unread = Notice.objects.filter(person=OuterRef("pk"), read_at=None)
    people = with_standing(Person.objects.select_related("store"), today=today)
    # `Person` declares what is brought along, for whoever reads it.
    return people.annotate(  # type: ignore[no-redef]
        unread_ids=ArraySubquery(unread.values("pk")[: MOST_UNREAD + 1])
    )
