"""Who is signed in: one query brings the person and what every page asks of them."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from staff.models import Notice, Person
from staff.scope import with_standing

# Beyond it the bell only says that there are many.
MOST_UNREAD = 99


class PersonBackend(ModelBackend):
    """Signs people in by their password; loads them with their store, standing and bell."""

    def get_user(self, user_id: int) -> Person | None:
        unread = Notice.objects.filter(person=OuterRef("pk"), read_at=None)
        people = with_standing(Person.objects.select_related("store"), today=timezone.localdate())
        people = people.annotate(  # type: ignore[no-redef]
            unread_ids=ArraySubquery(unread.values("pk")[: MOST_UNREAD + 1])
        )
        person = people.filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
