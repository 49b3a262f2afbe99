"""The sheets of a stock workbook and their columns, with the names that shops' systems give them.

The first Chinese name stands in sheets that we write, the key in scripts; the rest are habits.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.spreadsheets.headers import Column, folded

STYLES, MOVEMENTS, PRICES = "styles", "movements", "prices"
IN_TRANSIT, REQUESTS = "in_transit", "requests"

# In the order in which they are brought in: a movement may be of a style of the same workbook.
SHEET_NAMES: Mapping[str, tuple[str, ...]] = {
    STYLES: (
        "款式",
        "styles",
        "款式资料",
        "款式档案",
        "货品资料",
        "货品销售跟踪表",
        "goods tracking",
    ),
    MOVEMENTS: ("收发存", "movements", "商品收发存", "库存流水", "出入库", "stock movements"),
    PRICES: ("上市与价格", "prices", "价格", "上市价格", "launch and prices"),
    IN_TRANSIT: ("在途", "in_transit", "在途库存", "in transit"),
    REQUESTS: ("要货", "requests", "要货单", "要货记录"),
}
TITLES: Mapping[str, object] = {
    STYLES: _("Styles"),
    MOVEMENTS: _("Stock movements"),
    PRICES: _("Launches and prices"),
    IN_TRANSIT: _("In transit"),
    REQUESTS: _("Requests for goods"),
}

_OFFICE = "门店/办事处, office, 门店, 办事处, 店铺, 仓库, 机构, 门店编码, 店号, store, store code"
_STYLE = "款号, style, 款式, 货号, 商品编码, 款式编号, 商品货号, style no., style number"
_BRAND = "品牌, brand, 品牌名称, 品牌编码, 品牌代码"
_QUANTITY = "数量, qty, quantity, 件数, 双数, 发生数量, pairs"


def _column(key: str, names: str, *, needed: bool = False) -> Column:
    return Column(key, tuple(names.split(", ")), needed)


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    STYLES: (
        _column("brand", _BRAND),
        _column("style", _STYLE, needed=True),
        _column("year", "年份, year, 年度, 上市年份"),
        _column("season", "季节, season, 季别, 上市季节"),
        _column("series", "系列, series, 产品系列"),
        _column("material", "材质, material, 面料, 帮面材质"),
        _column("type", "鞋款类型, type, 款式类型, 鞋型, 品类, shoe type"),
        _column("heel_type", "跟型, heel_type, heel type"),
        _column("heel_height", "跟高, heel_height, heel height"),
        _column("tag_price", "吊牌价, tag_price, 牌价, 标价, 零售价, tag price", needed=True),
        _column("counter_price", "上柜价, counter_price, 柜价, counter price"),
        _column("floor_price", "盈亏平衡价, floor_price, 保本价, 单款盈亏平衡价, floor price"),
        _column("launched_on", "上市日期, launched_on, 上市日, 上柜日期, launch date"),
        _column("season_end", "季末日期, season_end, 季末, season end"),
        _column("first_order", "首单, first_order, 首单数量, first order"),
        _column("second_order", "一次订货, second_order, 一次补单, second order"),
        _column("third_order", "二次订货, third_order, 二次补单, third order"),
    ),
    MOVEMENTS: (
        _column("date", "日期, date, 单据日期, 业务日期, 发生日期, 出入库日期, day", needed=True),
        _column("office", _OFFICE, needed=True),
        _column("brand", _BRAND),
        _column("style", _STYLE, needed=True),
        _column("size", "尺码, size, 码数, 鞋码, 尺寸"),
        _column("type", "类型, type, 单据类型, 业务类型, 收发类型, 出入库类型, kind", needed=True),
        _column("qty", _QUANTITY, needed=True),
        _column("unit_price", "单价, unit_price, 成交价, 实售价, 实收单价, unit price"),
        _column("unit_cost", "成本, unit_cost, 成本价, 进价, 单位成本, unit cost"),
        _column("colour", "颜色, colour, 色号, color"),
        _column("document", "单据号, document, 单号, 单据编号, 单据, document no.", needed=True),
        _column("line", "行号, line, 序号, 行, 明细行号, line no."),
        _column("reference", "参考单据, reference, 原单号, 关联单号, 来源单号, 参考单号"),
    ),
    PRICES: (
        _column("office", _OFFICE, needed=True),
        _column("brand", _BRAND),
        _column("style", _STYLE, needed=True),
        _column("launched_on", "上市日期, launched_on, 上市日, 上柜日期, launch date"),
        _column("counter_price", "上柜价, counter_price, 柜价, counter price"),
        _column("current_price", "当前售价, current_price, 现售价, 售价, current price"),
        _column("from_on", "生效日期, from_on, 执行日期, 调价日期, from"),
    ),
    IN_TRANSIT: (
        _column("office", _OFFICE, needed=True),
        _column("brand", _BRAND),
        _column("style", _STYLE, needed=True),
        _column("size", "尺码, size, 码数, 鞋码, 尺寸"),
        _column("qty", _QUANTITY, needed=True),
        _column("due_on", "预计到货, due_on, 预计到货日期, 到货日期, due, expected"),
    ),
    REQUESTS: (
        _column("office", _OFFICE, needed=True),
        _column("brand", _BRAND),
        _column("style", _STYLE, needed=True),
        _column("date", "日期, date, 要货日期, 单据日期, day", needed=True),
        _column("requested", "要货数量, requested, 要货, 需求数量", needed=True),
        _column("shipped", "发货数量, shipped, 已发数量, 实发数量"),
    ),
}
# Told apart by columns: a sheet of this kind has one of these.
TELLING: Mapping[str, frozenset[str]] = {
    IN_TRANSIT: frozenset({"due_on"}),
    PRICES: frozenset({"launched_on", "counter_price", "current_price"}),
}
ALL_COLUMNS = tuple(column for columns in COLUMNS.values() for column in columns)

# What our own tracking sheet computes (MER-02): nobody fills it in, and it is not read.
_COMPUTED = (
    "上市天数, 累计配货, 累计销量, 销量, 期初库存, 期末库存, 库存, 在途, 近两周销量, 近两周, "
    "售罄率, 较目标, 库销比, 进销比, 平均销售折扣, 平均折扣, 库龄, 可维持天数, 断码, 齐码率, 类别, "
    "类别1, 类别2, 建议补单, 建议调价, 库存率, 补中率, days_on_sale, allotted, sold, opening, "
    "received, closing, sold_14d, sell_through, stock_to_sales, in_to_sales, average_discount, "
    "stock_age_days, days_of_supply, supply_ends_on, class, category, replenish_qty, stock_rate, "
    "restock_hit_rate, flags, allotted this year, stock, on its way, last 2 weeks, to target, "
    "sold of allotted, stock age, broken sizes, to reorder, price to propose, restock hits, "
    "7 weeks, 7 周走势"
)


def _bare(header: str) -> str:
    return folded(header).replace("%", "")


COMPUTED = frozenset(_bare(header) for header in _COMPUTED.split(", "))
# So many computed columns make a sheet of styles our own tracking sheet. Its counter price is that
# of the place it tells of, and its last row is a sum.
TRACKED = 3
NOT_OF_TRACKED = frozenset({"counter_price"})
_SUM = re.compile(r"\s*(?:(?:本[页单])?[合总小]\s*计|sum|total)\s*(?:[:：(（].*)?", re.IGNORECASE)


def is_sum(text: str) -> bool:
    """Whether a row that begins with this, or has it for its style, is a total of others."""
    return _SUM.fullmatch(text) is not None


def is_computed(header: str) -> bool:
    """Whether a header is that of a column which we compute."""
    return _bare(header) in COMPUTED


LABELS: Mapping[str, object] = {
    "brand": pgettext_lazy("column of stock", "Brand"),
    "style": pgettext_lazy("column of stock", "Style no."),
    "year": pgettext_lazy("column of stock", "Year"),
    "season": pgettext_lazy("column of stock", "Season"),
    "series": pgettext_lazy("column of stock", "Series"),
    "material": pgettext_lazy("column of stock", "Material"),
    "type": pgettext_lazy("column of stock", "Type"),
    "heel_type": pgettext_lazy("column of stock", "Heel type"),
    "heel_height": pgettext_lazy("column of stock", "Heel height"),
    "tag_price": pgettext_lazy("column of stock", "Tag price"),
    "counter_price": pgettext_lazy("column of stock", "Counter price"),
    "current_price": pgettext_lazy("column of stock", "Current price"),
    "floor_price": pgettext_lazy("column of stock", "Floor price"),
    "launched_on": pgettext_lazy("column of stock", "Launched on"),
    "season_end": pgettext_lazy("column of stock", "Season ends on"),
    "first_order": pgettext_lazy("column of stock", "First order"),
    "second_order": pgettext_lazy("column of stock", "Second order"),
    "third_order": pgettext_lazy("column of stock", "Third order"),
    "date": pgettext_lazy("column of stock", "Day"),
    "office": pgettext_lazy("column of stock", "Store or office"),
    "size": pgettext_lazy("column of stock", "Size"),
    "colour": pgettext_lazy("column of stock", "Colour"),
    "qty": pgettext_lazy("column of stock", "Quantity"),
    "unit_price": pgettext_lazy("column of stock", "Paid a pair"),
    "unit_cost": pgettext_lazy("column of stock", "Cost a pair"),
    "document": pgettext_lazy("column of stock", "Document"),
    "line": pgettext_lazy("column of stock", "Line"),
    "reference": pgettext_lazy("column of stock", "Refers to"),
    "from_on": pgettext_lazy("column of stock", "From"),
    "due_on": pgettext_lazy("column of stock", "Due"),
    "requested": pgettext_lazy("column of stock", "Requested"),
    "shipped": pgettext_lazy("column of stock", "Shipped"),
}
HINTS: Mapping[str, object] = {
    "brand": _("Name or code, like HP 04. A new brand is set up with the file."),
    "style": _("Needed. Unique in a brand; where several have it, the brand before it."),
    "office": _("Needed. Code or name of a store, office or warehouse."),
    "season": _("春单, 夏凉, 秋单, 冬靴. A new one is set up with the file."),
    "type": _(
        "Of a movement: 期初, 采购, 采购退货, 销售, 销售退货, 业务支出, 赠送, 调拨入, 调拨出, "
        "盘盈, 盘亏. Of a style: the type of shoe."
    ),
    "tag_price": _("Needed. Yuan."),
    "date": _("Needed. A day like 2026-03-05."),
    "qty": _("Needed. Above 0; only an opening stock may be negative."),
    "unit_price": _("What was paid a pair, for 销售 and 销售退货."),
    "unit_cost": _("For 采购 and 期初."),
    "document": _("Needed. The number of the document in your shop's system."),
    "line": _("The number of the row in its document: by it a row is known again."),
    "reference": _("Of a return: the document of the sale or receipt."),
    "from_on": _("From which day the prices hold; without it since the launch."),
    "due_on": _("When the goods on the way are due."),
}  # fmt: skip
