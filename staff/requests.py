"""The request as every view behind sign-in knows it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from staff.models import Person
from staff.scope import Reach


class Request(HttpRequest):
    """A request of a person who has signed in, with what they may see."""

    user: Person
    reach: Reach
    htmx: HtmxDetails
