"""What the orders of the demonstration are about, and how they were paid."""

from crm.demo.traded import Goods
from orders.states import Method, Supply

SOFA, CORNER, TABLE = Goods(what="SF-3301"), Goods(what="SF-2207"), Goods(what="CZ-160Y")
BED = Goods(what="CH-180H", supply=Supply.PRODUCTION)
SHELF, LATEX = Goods(what="SG-3M"), Goods(what="RJ-18", supply=Supply.STOCK)
PALM, FOAM = Goods(what="ZD-15"), Goods(what="JY-18", off=300, supply=Supply.STOCK)
CHAIRS = Goods(what="木语餐椅 加购", qty=4, price=680)
CUSHIONS = Goods(what="抱枕四件套", price=399, is_accessory=True, supply=Supply.STOCK)
CURTAIN = Goods(what="客厅定制窗帘 含轨道", price=3860, supply=Supply.PRODUCTION,
                remark="纱帘加高20cm，电话与客户确认过")  # fmt: skip
SAMPLE = Goods(what="TV-108", off=600, supply=Supply.FLOOR_SAMPLE)
SUV, SEDAN = Goods(what="X5-20T", off=6000), Goods(what="X3-15L", off=2900, supply=Supply.STOCK)
ELECTRIC = Goods(what="E6-520", off=5000)
MATS = Goods(what="全包脚垫+贴膜", price=2680, is_accessory=True, supply=Supply.STOCK)
IN_FULL = ((0, 100, Method.ALIPAY),)
AT_THE_DOOR = ((0, 20, Method.WECHAT), (20, 80, Method.CASH))
LITTLE = ((0, 20, Method.WECHAT),)
BY_BANK = ((0, 30, Method.CARD), (9, 70, Method.TRANSFER))
BY_CHEQUE = ((0, 30, Method.TRANSFER), (10, 70, Method.CHEQUE))
BY_ACCEPTANCE = ((0, 20, Method.TRANSFER), (9, 80, Method.ACCEPTANCE))
