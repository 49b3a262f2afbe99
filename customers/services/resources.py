"""The cars, crews and rooms that appointments need."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from customers.models import Resource
from customers.states import ResourceKind
from staff.models import Person, Store


class ResourceNotSaved(Refused):
    """A car, crew or room could not be written so."""

    messages = {
        "name_missing": _("Give it a name that everybody in the store knows."),
        "name_is_taken": _("The store has a resource of this name."),
    }


@transaction.atomic
def add_resource(*, store: Store, kind: ResourceKind, name: str, by: Person) -> Resource:
    """Add a car, crew or room to a store. Raises ResourceNotSaved."""
    if not name.strip():
        raise ResourceNotSaved.because("name_missing")
    try:
        with transaction.atomic():
            row = Resource.objects.create(store=store, kind=kind, name=name.strip())
    except IntegrityError as error:
        raise ResourceNotSaved.because("name_is_taken") from error
    audit.record(verb="add", of=row, by=by)
    return row


@transaction.atomic
def change_resource(*, resource: Resource, name: str, is_active: bool, by: Person) -> None:
    """Rename it, or put it out of use; what is booked stays booked. Raises ResourceNotSaved."""
    if not name.strip():
        raise ResourceNotSaved.because("name_missing")
    try:
        with transaction.atomic():
            Resource.objects.filter(pk=resource.pk).update(name=name.strip(), is_active=is_active)
    except IntegrityError as error:
        raise ResourceNotSaved.because("name_is_taken") from error
    audit.record(verb="change", of=resource, by=by, is_active=is_active)
