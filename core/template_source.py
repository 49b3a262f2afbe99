"""Templates without the indentation and comments that only their writers need, icons in place.

A page of chips is a fifth lighter without them. Only the source is squeezed, before it is compiled:
what people typed keeps every blank. A page draws some fifty icons, nearly all of which are named in
the source: these are drawn once, when the template is read, and no more for each page.
"""

import re
from typing import Any

from django.template import Context
from django.template.loaders.filesystem import Loader as FilesystemLoader

_COMMENT_LINES = re.compile(r"^[ \t]*(?:\{#(?:(?!#\})[^\n])*#\}[ \t]*)+\n", re.MULTILINE)
_ICON = re.compile(
    r'{% include "components/icon\.html" with name="([a-z0-9-]+)"( small=True)? only %}'
)
_LINE_ENDS = re.compile(r"[ \t]*\n\s+|[ \t]+\n")


def squeezed(source: str) -> str:
    """The same lines, each from its first sign to its last; blank lines and comments are left out.

    Where a blank stood between two signs, one line end stands still, so that words stay apart.
    """
    return _LINE_ENDS.sub("\n", _COMMENT_LINES.sub("", source))


class Loader(FilesystemLoader):
    """Reads the project's own templates; those of mails as text are left as they are."""

    def get_contents(self, origin: Any) -> str:
        source = str(super().get_contents(origin))
        if not str(origin.name).endswith(".html"):
            return source
        return _ICON.sub(self._icon, squeezed(source))

    def _icon(self, found: re.Match) -> str:
        icon = self.engine.get_template("components/icon.html")
        return icon.render(Context({"name": found[1], "small": bool(found[2])}))
