"""Cars delivered this morning, with what the engine has made of them."""

from datetime import date

from followups import services
from tests.followups.build import Shop, at, customer, delivery, shop

NOW = at("2026-03-12 09:50")
TODAY = date(2026, 3, 12)


def delivered_cars(number: int, place: Shop | None = None) -> Shop:
    """So many cars delivered today, and the engine has been asked."""
    place = place or shop()
    for _number in range(number):
        delivery(customer(place, now=NOW, grade="B2"), on=TODAY, now=NOW)
    services.ask(now=NOW)
    return place
