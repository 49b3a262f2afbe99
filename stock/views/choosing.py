"""Which office a page about proposing is of."""

from django.http import Http404

from staff.lists import chosen_number
from staff.models import Store
from staff.requests import Request


def chosen_office(request: Request, name: str, offices: list[Store]) -> Store | None:
    """The office that the form or the address names; an unknown one does not exist (404)."""
    field = "from_office" if name == "from" else name
    said = request.POST if request.method == "POST" else request.GET
    key = chosen_number(said, field if request.method == "POST" else name)
    if key is None:
        return None
    found = next((office for office in offices if office.pk == key), None)
    if found is None:
        raise Http404
    return found
