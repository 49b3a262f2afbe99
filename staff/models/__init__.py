"""Regions, stores, people, their duties and leave, and what they are told."""

from staff.models.absences import Absence
from staff.models.installations import Installation
from staff.models.notices import FeedKey, Notice, NoticeSettings, Outgoing, Robot
from staff.models.people import Duty, Person, RotaDay
from staff.models.places import Region, Store
from staff.models.targets import Target

__all__ = [
    "Absence",
    "Duty",
    "FeedKey",
    "Installation",
    "Notice",
    "NoticeSettings",
    "Outgoing",
    "Person",
    "Region",
    "Robot",
    "RotaDay",
    "Store",
    "Target",
]
