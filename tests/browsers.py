"""Browsers in which somebody has signed in."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from staff.models import Person

BACKEND = "staff.backends.PersonBackend"


def signed_in(person: Person, **options) -> Client:
    """A browser with the session that a sign-in leaves behind, in one query.

    Django's own `force_login` asks fifteen, an eighth of what a page costs to test; what a sign-in
    itself does is tried by the form (`tests/staff/test_sign_in.py`).
    """
    opened = Client(**options)
    sign_in(opened, person)
    return opened


def sign_in(browser: Client, person: Person) -> None:
    """From now on the browser is this person's."""
    kept = {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: person.get_session_auth_hash(),
    }
    sessions = SessionStore()
    key = get_random_string(32, VALID_KEY_CHARS)
    sessions.model.objects.create(
        session_key=key,
        session_data=sessions.encode(kept),
        expire_date=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
