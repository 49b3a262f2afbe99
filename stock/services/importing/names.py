"""What the rows of a sheet name: offices by code or name, styles by number, brands before them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from staff.models import Store
from stock.models import Brand, Style
from stock.wording.importing import RowRefused

_BLANKS = re.compile(r"\s+")
LONGEST_SHOWN = 40


def folded(text: str) -> str:
    """A name as it is compared: half-width, lower case, one blank where there are several."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


class Offices:
    """Stores, offices and warehouses, open or closed, by code and by name."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_code: dict[str, int] = {}
        for pk, code, name in Store.objects.order_by("pk").values_list("pk", "code", "name"):
            self.names[pk] = name
            self._by_code[folded(code)] = pk
            self._by_name[folded(name)].add(pk)

    def called(self, text: str) -> int:
        """The office of this code or name. Raises RowRefused."""
        key = folded(text)
        if key in self._by_code:
            return self._by_code[key]
        found = self._by_name.get(key, set())
        if len(found) == 1:
            return next(iter(found))
        raise RowRefused(
            "office_ambiguous" if found else "office_unknown", {"name": text[:LONGEST_SHOWN]}
        )


class Brands:
    """Brands by name, by code, and by both together (HP 04)."""

    def __init__(self, brands: Iterable[Brand]) -> None:
        self.by_name: dict[str, Brand] = {}
        self.by_code: dict[str, Brand] = {}
        self._by_both: dict[str, Brand] = {}
        for brand in brands:
            self.add(brand)

    def add(self, brand: Brand) -> None:
        self.by_name[folded(brand.name)] = brand
        if brand.code:
            self.by_code[folded(brand.code)] = brand
            for between in ("", " "):
                self._by_both[folded(f"{brand.name}{between}{brand.code}")] = brand

    def called(self, text: str) -> Brand | None:
        """The brand of this name or code, also of a code that a spreadsheet made a number."""
        key = folded(text)
        found = self.by_name.get(key) or self.by_code.get(key) or self._by_both.get(key)
        if found is None and key.isdecimal():
            same = [one for code, one in self.by_code.items() if code.isdecimal()
                    and int(code) == int(key)]  # fmt: skip
            found = same[0] if len(same) == 1 else None
        return found

    @property
    def all(self) -> list[Brand]:
        return list(self.by_name.values())


class Styles:
    """Styles by their number, with the brand before it where several brands have it."""

    def __init__(self) -> None:
        self.brands = Brands(Brand.objects.order_by("pk"))
        self.numbers: dict[int, str] = {}
        self._brand_of: dict[int, Brand] = {}
        self._by_number: dict[str, list[int]] = defaultdict(list)
        self._by_both: dict[str, int] = {}
        brands = {brand.pk: brand for brand in self.brands.all}
        rows = Style.objects.order_by("pk").values_list("pk", "number", "brand_id")
        for pk, number, brand_id in rows:
            brand = brands[brand_id]
            self.numbers[pk] = number
            self._brand_of[pk] = brand
            self._by_number[folded(number)].append(pk)
            for before in (brand.name, brand.code, f"{brand.name} {brand.code}"):
                if before:
                    self._by_both.setdefault(folded(f"{before} {number}"), pk)

    def called(self, number: str, brand: str = "") -> int:
        """The style of this number. Raises RowRefused."""
        key = folded(number)
        found = self._by_number.get(key, [])
        if brand and found:
            named = self.brands.called(brand)
            found = [pk for pk in found if named and self._brand_of[pk].pk == named.pk]
        if not found and key in self._by_both:
            return self._by_both[key]
        if len(found) == 1:
            return found[0]
        told = f"{brand} {number}".strip()[:LONGEST_SHOWN]
        if not found:
            raise RowRefused("style_unknown", {"name": told})
        names = [self._brand_of[pk].name for pk in found]
        raise RowRefused(
            "style_ambiguous",
            {"name": told, "brands": ", ".join(names), "like": f"{names[0]} {number}"},
        )
