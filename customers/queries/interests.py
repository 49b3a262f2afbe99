"""What customers are interested in, and what may be suggested."""

from django.db.models import QuerySet

from customers.models import Customer, Interest
from stock.models import Brand, Style

MOST_SUGGESTED = 20


def interests_of(customer: Customer) -> QuerySet[Interest]:
    """The interests of one customer, in the order they were noted."""
    return customer.interests.order_by("pk")


def suggestions(text: str) -> list[str]:
    """Brands and styles that begin so, or whose style number does; few, brands first."""
    text = " ".join(text.split())[:60]
    brands = Brand.objects.filter(name__istartswith=text).order_by("name", "pk")
    found = list(brands.values_list("name", flat=True)[:MOST_SUGGESTED])
    brand, _space, number = text.rpartition(" ")
    styles = Style.objects.select_related("brand").order_by("brand__name", "number", "pk")
    if brand:
        styles = styles.filter(brand__name__iexact=brand, number__istartswith=number)
    else:
        styles = styles.filter(number__istartswith=text)
    left = MOST_SUGGESTED - len(found)
    return found + [f"{style.brand.name} {style.number}" for style in styles[:left]]
