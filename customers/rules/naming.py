"""How customers are called."""

# A name that is written like this says already how its bearer is addressed.
_HONORIFICS = (
    "总", "先生", "女士", "小姐", "太太", "夫人", "老师", "教授", "医生", "大夫", "律师", "经理",
    "主任", "老板", "师傅", "工程师", "院长", "校长", "局长", "处长", "科长", "厂长", "书记",
    "阿姨", "叔叔", "大哥", "大姐", "姐", "哥", "总监",
)  # fmt: skip


def says_how(*, name: str) -> bool:
    """Whether the name says already how its bearer is addressed: 赵女士, 王总, 李老师 (FUP-12)."""
    bare = name.strip()
    return bare.endswith(_HONORIFICS) and len(bare) > 1
