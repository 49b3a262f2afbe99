"""Lines as they are typed: as many as the page holds, amounts computed and never typed (ORD-27)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.amounts import money_text
from core.fields import AmountField, PlainTextField
from core.phones import mask_in_text, put_back
from orders.models import OrderLine, PricedLine
from orders.rules.prices import MOST_PIECES
from orders.services.lines import LinesNotPlaced, NewLine
from orders.states import Supply
from stock.models import Style
from stock.queries.prices import lowest_on
from stock.queries.styles import styles_named
from stock.rules import check_price

PREFIX = "line"
INDEX = re.compile(rf"{PREFIX}(\d{{1,2}})-")
MOST_LINES = 40
CONTROL = {"class": "form-control", "autocomplete": "off"}
# Words of a line, in which somebody may have written a number.
WORDS = ("product", "spec", "colour", "remark")

# Codes of refusals that belong to one field of a line.
FIELDS = {
    "product_missing": "product",
    "qty_wrong": "qty",
    "list_price_missing": "list_price",
    "price_wrong": "agreed_price",
    "amount_too_large": "qty",
    "under_floor": "agreed_price",
    "remark_missing": "remark",
    "under_approved": "agreed_price",
}


def _text(label: Any, *, longest: int, **more: Any) -> PlainTextField:
    widget = forms.TextInput(attrs={**CONTROL, "maxlength": longest})
    return PlainTextField(label=label, longest=longest, required=False, widget=widget, **more)


def _amount(label: Any) -> AmountField:
    widget = forms.TextInput(attrs={**CONTROL, "inputmode": "decimal"})
    return AmountField(label=label, required=False, lowest=Decimal(0), widget=widget)


class LineForm(forms.Form):
    """One line. A style of the master brings list price and floor; without an agreed price it is
    the list price.
    """

    use_required_attribute = False
    product = _text(gettext_lazy("Product or style no."), longest=120)
    qty = forms.IntegerField(
        label=gettext_lazy("Quantity"),
        min_value=1,
        max_value=MOST_PIECES,
        required=False,
        widget=forms.TextInput(attrs={**CONTROL, "inputmode": "numeric"}),
    )
    list_price = _amount(gettext_lazy("List price"))
    agreed_price = _amount(gettext_lazy("Agreed price"))
    spec = _text(gettext_lazy("Spec"), longest=80)
    colour = _text(gettext_lazy("Colour"), longest=40)
    supply = forms.ChoiceField(
        label=pgettext_lazy("goods", "From"),
        choices=Supply.choices,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    special_no = _text(gettext_lazy("Special price no."), longest=20)
    is_accessory = forms.BooleanField(label=gettext_lazy("Accessory"), required=False)
    is_corrected = forms.BooleanField(
        label=gettext_lazy("Was unclear: asked and corrected"), required=False
    )
    remark = _text(gettext_lazy("What was asked and noted"), longest=200)

    def __init__(
        self,
        *args: Any,
        has_supply: bool = True,
        goods: "_Goods | None" = None,
        **kwargs: Any,
    ) -> None:
        """`goods` is what the style master has of the texts of a page, read once for all."""
        super().__init__(*args, **kwargs)
        self._goods = _Goods() if goods is None else goods
        self.style: Style | None = None
        # What was read, however it is refused afterwards; nothing of a blank line.
        self.told: NewLine | None = None
        # Refused for want of a number that stands in the folded part.
        self.wants_special_no = False
        # What the ledger says of the style's stock: told by the page that shows the line.
        self.stock = ""
        if not has_supply:
            del self.fields["supply"]

    @property
    def index(self) -> int:
        """Which line of the page it is."""
        return int((self.prefix or PREFIX + "0").removeprefix(PREFIX))

    @property
    def has_more(self) -> bool:
        """Whether the folded part says something, is wanted, or is wrong."""
        if self.wants_special_no:
            return True
        folded = ("spec", "colour", "special_no", "remark", "is_accessory", "is_corrected")
        return any(self[name].value() or self[name].errors for name in folded)

    def clean(self) -> dict[str, Any]:
        """A line that says anything says product and price."""
        said = super().clean() or {}
        typed = ("product", "agreed_price", "list_price", "special_no", "spec", "colour", "remark")
        if self.errors or not any(said.get(name) for name in typed):
            return said
        if not said["product"]:
            self.add_error("product", _("Name the product."))
            return said
        named = self._goods.named(said["product"])
        if len(named) > 1:
            text = _("Several brands have this style no. Write the brand before it.")
            self.add_error("product", text)
            return said
        self.style = named[0] if named else None
        tag = self.style.tag_price if self.style else said["list_price"]
        agreed = said["agreed_price"] if said["agreed_price"] is not None else tag
        if agreed is None:
            self.add_error("agreed_price", _("Say the agreed price."))
            return said
        said |= {
            "agreed_price": agreed,
            "list_price": agreed if tag is None else tag,
            "qty": said["qty"] or 1,
        }
        supply = said.get("supply") or Supply.PURCHASE
        self.told = NewLine(style=self.style, **said | {"supply": supply})
        return said

    @property
    def named(self) -> Style | None:
        """The style of the product typed; None for free text."""
        if self.style is not None:
            return self.style
        found = self._goods.named(str(self["product"].value() or ""))
        return found[0] if len(found) == 1 else None

    @property
    def known(self) -> str:
        """What the style master says of the product typed; nothing for free text."""
        return said_of(self.named, self._goods.floor(self.named)) if self.named else ""


class _Goods:
    """What the style master has of the texts of a page's lines, and the floors of those styles."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._styles = styles_named(texts)
        self._floors: dict[int, Decimal | None] = {}

    def named(self, text: str) -> list[Style]:
        """The styles of this text; a name that is none is free text."""
        if text not in self._styles:
            self._styles |= styles_named([text])
        return self._styles[text]

    def floor(self, style: Style) -> Decimal | None:
        """The floor of a style today; the first to ask reads those of all."""
        if style.pk not in self._floors:
            found = {each.pk: each for several in self._styles.values() for each in several}
            found[style.pk] = style
            self._floors |= lowest_on(list(found.values()), timezone.localdate())
        return self._floors[style.pk]


def said_of(style: Style, floor: Decimal | None) -> str:
    """List price and floor of a style, in words."""
    told = _("List price %(price)s") % {"price": money_text(style.tag_price)}
    if floor is None:
        return told
    lowest = money_text(check_price(floor))
    return told + " · " + _("not under %(floor)s without a special price") % {"floor": lowest}


class LineForms:
    """All lines of a page; those that say nothing count for nothing."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        typed: Mapping[str, Any] | None = None,
        has_supply: bool = True,
        blanks: int = 1,
    ) -> None:
        """`data` is what was sent; `typed` what was typed and is not to be judged yet."""
        told = data if data is not None else typed or {}
        found = sorted({int(m[1]) for name in told if (m := INDEX.match(name))})[:MOST_LINES]
        indexes = found or [0]
        if data is None and typed is not None:
            indexes += range(max(indexes) + 1, max(indexes) + blanks + 1)
        self.has_supply = has_supply
        products = (str(told.get(f"{PREFIX}{index}-product") or "") for index in indexes)
        goods = _Goods(products)
        self.forms = [
            LineForm(data, prefix=f"{PREFIX}{index}", has_supply=has_supply, goods=goods,
                     initial=typed_of(typed or {}, index))
            for index in indexes[:MOST_LINES]
        ]  # fmt: skip
        self.next_index = min(max(indexes) + 1, 99)

    def is_valid(self) -> bool:
        """All are looked at, so that everything wrong is shown at once."""
        checked = [form.is_valid() for form in self.forms]
        return all(checked)

    @property
    def said(self) -> list[LineForm]:
        return [form for form in self.forms if form.told is not None]

    def lines(self) -> list[NewLine]:
        """What the service takes."""
        return [form.told for form in self.forms if form.told is not None]

    def total(self) -> Decimal:
        """What the lines come to that can be read already."""
        self.is_valid()
        return sum((line.priced().amount for line in self.lines()), Decimal(0))

    @property
    def told_total(self) -> str:
        """The same in words; of what was typed and not judged yet, too."""
        if any(form.is_bound for form in self.forms):
            return money_text(self.total())
        typed: dict[str, Any] = {}
        for form in self.forms:
            typed |= {f"{form.prefix}-{name}": value for name, value in form.initial.items()}
        return money_text(LineForms(typed, has_supply=False).total())

    def show_refusal(self, refusal: LinesNotPlaced) -> list[str]:
        """Put each reason at its line; answers with those that speak of no line."""
        general = []
        for blocker, sentence in zip(refusal.blockers, refusal.sentences(), strict=True):
            index = blocker.params.get("line")
            if isinstance(index, int) and index < len(self.said):
                form = self.said[index]
                name = FIELDS.get(blocker.code, "special_no")
                form.wants_special_no |= blocker.code == "under_floor"
                form.add_error(name if name in form.fields else None, sentence)
            else:
                general.append(sentence)
        return general


def typed_of(typed: Mapping[str, Any], index: int) -> dict[str, Any]:
    """What was typed into one line; a blank one has one piece."""
    begins = f"{PREFIX}{index}-"
    own = {name.removeprefix(begins): typed[name] for name in typed if name.startswith(begins)}
    return own or {"qty": 1}


def as_shown(line: PricedLine, index: int = 0) -> dict[str, Any]:
    """A line that is corrected or quoted again, as it would be typed; without numbers in it."""
    names = ("qty", "list_price", "agreed_price", "is_accessory")
    typed = {name: getattr(line, name) for name in names}
    typed |= {name: mask_in_text(getattr(line, name)) for name in WORDS}
    if isinstance(line, OrderLine):
        typed["supply"] = line.supply
    if line.special_price is not None:
        typed["special_no"] = line.special_price.application.number
    return {f"{PREFIX}{index}-{name}": value for name, value in typed.items()}


def with_numbers(said: NewLine, line: OrderLine) -> NewLine:
    """What was typed, with the numbers of the line of which the page showed the masks."""
    kept: dict[str, Any] = {
        name: put_back(getattr(said, name), kept=getattr(line, name)) for name in WORDS
    }
    return replace(said, **kept)
