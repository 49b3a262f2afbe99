"""What the rulebook says of grades: pure decisions over plain values."""

from customers.states import Grade


def grade_of_letter(letter: str, *, has_bought: bool) -> Grade | None:
    """A grade as people write it: B and C mean B2 and C1 for one who has bought (GRD-04, 05)."""
    plain = letter.strip().upper()
    if plain == "B":
        return Grade.B2 if has_bought else Grade.B1
    if plain == "C":
        return Grade.C1 if has_bought else Grade.C2
    return Grade(plain) if plain in Grade.values else None
