"""What somebody looks for, in the characters in which it is kept."""

# A Chinese input method left in its wide mode: 138 becomes １３８, X5 becomes Ｘ５. Not NFKC, which
# makes a digit of “²” and so somebody else's number of a broken one. Brackets, commas and colons
# are wide in Chinese text by right.
_WIDE = {
    0xFEE0 + ord(sign): sign
    for sign in map(chr, range(0x21, 0x7F))
    if sign.isalnum() or sign in "+-#@_./&*%"
} | {0x3000: " "}


def sought(text: str) -> str:
    """`text` with wide letters, digits and blanks made plain, and nothing around it."""
    return text.translate(_WIDE).strip()
