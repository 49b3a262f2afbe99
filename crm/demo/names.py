"""Names of people, as common as they are."""

from random import Random

# The commonest first; each is drawn by its share.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷"
    "钱汤尹黎易常武乔贺赖龚文"
)
SHARES = [1 / (rank + 6) for rank in range(len(SURNAMES))]
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛")
_MALE_WORDS = (
    "伟 强 磊 军 洋 勇 杰 涛 超 刚 平 辉 鹏 斌 波 浩 凯 健 俊 帆 博 毅 峰 建国 建军 志强 志远 "
    "国强 文博 俊杰 浩然 子轩 宇航 明辉 立群 思远 家豪 晓东 海涛 永刚 新民 振华 红伟 金龙 "
    "少华 广义 占峰 庆丰 鹏飞 天佑 泽宇 一鸣 世杰 春雷 长江 德明 书豪 玉龙 东升 卫东 继红 "
    "保平 学军 云飞 嘉诚"
)
MALE = _MALE_WORDS.split()
_FEMALE_WORDS = (
    "芳 娜 敏 静 丽 艳 娟 霞 燕 红 玲 洁 雪 琳 倩 婷 慧 颖 莉 萍 雅琴 佳怡 晓燕 秀英 桂兰 "
    "玉梅 淑珍 欣怡 梦洁 思雨 雨桐 若曦 晓敏 丽娜 海燕 春梅 文静 婉婷 诗涵 雪梅 建华 志红 "
    "亚楠 小娟 彩霞 凤英 爱华 素芬 惠敏 佳慧 琳琳 莹莹 晨曦 可心 美玲 艳红 巧云 月娥 静怡 "
    "梓涵 一诺 清扬 晓月"
)
FEMALE = _FEMALE_WORDS.split()


def person_name(rng: Random) -> tuple[str, str]:
    """A name and the title that goes with it (`mr`, `ms`)."""
    is_man = rng.random() < 0.52
    if rng.random() < 0.004:
        surname = rng.choice(DOUBLE_SURNAMES)
    else:
        surname = rng.choices(SURNAMES, SHARES)[0]
    return surname + rng.choice(MALE if is_man else FEMALE), "mr" if is_man else "ms"


def customer_name(rng: Random) -> tuple[str, str]:
    """A name as it stands on a card: at times only 张先生."""
    name, title = person_name(rng)
    if rng.random() < 0.07:
        return name[0] + ("先生" if title == "mr" else "女士"), title
    return name, title
