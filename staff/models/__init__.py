"""Regions, stores, people and their duties."""

from staff.models.people import Duty, Person, RotaDay
from staff.models.places import Region, Store

__all__ = ["Duty", "Person", "Region", "RotaDay", "Store"]
