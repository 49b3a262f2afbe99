"""Amounts of money as people read them: ¥12,800, ¥12,800.50, and short ones, ¥1.3万, ¥13k."""

from decimal import Decimal

from django.utils.formats import number_format

from core.languages import reads_chinese

# What a short amount is counted in, the largest first.
_ZH = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_EN = ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))


def money_text(amount: Decimal) -> str:
    """¥12,800.50; the cents only where there are any."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"¥{number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)}"


def short_money(amount: Decimal) -> str:
    """¥128万, ¥1.3万: three figures at most, for where a column is narrow."""
    units = _ZH if reads_chinese() else _EN
    for size, unit in units:
        if abs(amount) >= size:
            return f"¥{_three_figures(amount / size)}{unit}"
    return money_text(amount.quantize(Decimal(1)))


def _three_figures(number: Decimal) -> str:
    places = 0 if abs(number) >= 100 else 1
    text = number_format(number, decimal_pos=places, use_l10n=True, force_grouping=True)
    return text.removesuffix(".0")
