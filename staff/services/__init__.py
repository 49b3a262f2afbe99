"""Writes of the staff room: accounts, passwords, sessions, duties, places."""

from staff.services.duties import DutyNotGiven, end_duty, give_duty
from staff.services.leaving import Left, let_go
from staff.services.passwords import (
    LinkNotMade,
    PasswordNotSet,
    ask_reset,
    change_password,
    make_link,
    send_reset_link,
    set_first_password,
)
from staff.services.people import (
    PersonNotChanged,
    PersonNotCreated,
    change_person,
    change_profile,
    confirm_administrator,
    create_person,
    disable_person,
    enable_person,
    set_language,
)
from staff.services.places import (
    PlaceNotSaved,
    create_region,
    create_store,
    place_region,
    update_store,
)
from staff.services.sessions import (
    LockNotOpened,
    NotSignedIn,
    TooManyAtOnce,
    sign_in,
    sign_out,
    unlock_person,
)

__all__ = [
    "DutyNotGiven",
    "Left",
    "LinkNotMade",
    "LockNotOpened",
    "NotSignedIn",
    "PasswordNotSet",
    "PersonNotChanged",
    "PersonNotCreated",
    "PlaceNotSaved",
    "TooManyAtOnce",
    "ask_reset",
    "change_password",
    "change_person",
    "change_profile",
    "confirm_administrator",
    "create_person",
    "create_region",
    "create_store",
    "disable_person",
    "enable_person",
    "end_duty",
    "give_duty",
    "let_go",
    "make_link",
    "place_region",
    "send_reset_link",
    "set_first_password",
    "set_language",
    "sign_in",
    "sign_out",
    "unlock_person",
    "update_store",
]
