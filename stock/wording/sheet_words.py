"""The trade's own words for classes and categories, as files and sheets write them in any
language: 畅, 平, 滞, 绝滞; 新品, 延续, 往季.
"""

from stock.states import Category, StyleClass

CLASS_WORDS = {
    StyleClass.WATCHED: "新品观察",
    StyleClass.FAST: "畅",
    StyleClass.STEADY: "平",
    StyleClass.SLOW: "滞",
    StyleClass.DEAD: "绝滞",
}
CATEGORY_WORDS = {Category.NEW: "新品", Category.CONTINUED: "延续", Category.PAST: "往季"}


def class_word(style_class: str) -> str | None:
    """The word of a class; None where there is none."""
    return CLASS_WORDS[StyleClass(style_class)] if style_class else None


def category_word(category: str) -> str | None:
    """The word of a category; None where there is none."""
    return CATEGORY_WORDS[Category(category)] if category else None
