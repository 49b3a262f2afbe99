"""The account in whose name unattended work is done."""

from django.contrib.auth.hashers import make_password

from staff.models import Person
from staff.states import Role

SYSTEM_USERNAME = "system"


def system_account() -> Person:
    """The account in whose name unattended work is done; made where a test or restore lost it."""
    account, _made = Person.objects.get_or_create(
        username=SYSTEM_USERNAME,
        defaults={
            "name": "Genjin",
            "role": Role.ADMIN,
            "is_system": True,
            "is_active": False,
            "password": make_password(None),
        },
    )
    return account
