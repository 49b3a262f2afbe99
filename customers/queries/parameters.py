"""The figures by which customers are graded and leads handed out, as they hold on a day."""

from datetime import date

from customers.models import Parameters


def parameters(on: date) -> Parameters:
    """The row in force on this day; before any was set an unsaved one with the shipped figures."""
    in_force = Parameters.objects.filter(valid_from__lte=on).order_by("-valid_from").first()
    return in_force or Parameters(valid_from=on)
