"""Which of the two languages the reader reads."""

from django.utils.translation import get_language


def reads_chinese() -> bool:
    """Whether what is shown now is shown in Chinese, else in English."""
    return (get_language() or "").startswith("zh")


def in_readers_language(*, zh: str, en: str) -> str:
    """What people wrote in both languages, as the reader reads it."""
    return zh if reads_chinese() else en
