"""Templates without the indentation and comments that only their writers need.

A page of chips is a fifth lighter without them. Only the source is squeezed, before it is compiled:
what people typed keeps every blank.
"""

import re
from typing import Any

from django.template.loaders.filesystem import Loader as FilesystemLoader

_COMMENT_LINES = re.compile(r"^[ \t]*(?:\{#(?:(?!#\})[^\n])*#\}[ \t]*)+\n", re.MULTILINE)
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
        return squeezed(source) if str(origin.name).endswith(".html") else source
