"""Markdown that people type, drawn as HTML that may stand in a page.

Headings, paragraphs, lists, tables, quotes and emphasis, nothing else: no HTML, no link and no
picture, so that a page can carry nobody away and load nothing. What is printed is escaped by the
library.
"""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

DEEPEST = 10
PARTS = ("heading", "list", "blockquote", "table", "emphasis", "newline", "escape")
# The page's own title is the one h1; a text begins one below it.
_TAGS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}

_SIDES = {
    "text-align:left": "text-start",
    "text-align:center": "text-center",
    "text-align:right": "text-end",
}

_READER = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": DEEPEST}).enable(PARTS)


def as_html(text: str) -> SafeString:
    """`text` as HTML; whatever is no Markdown of ours is shown as it was typed."""
    return mark_safe(_READER.renderer.render(_tokens(text), _READER.options, {}))


def _tokens(text: str) -> Sequence[Token]:
    tokens = _READER.parse(text)
    for token in tokens:
        token.tag = _TAGS.get(token.tag, token.tag)
        # A column that is set to one side comes as a style, which our pages never load.
        if style := token.attrs.pop("style", ""):
            token.attrs["class"] = _SIDES[str(style)]
    return tokens
