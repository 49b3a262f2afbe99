"""Pictures of the journeys' pages, for whoever looks at them: kept where SHOTS names a folder."""

import os
from pathlib import Path

from playwright.sync_api import Page

SHOTS = os.environ.get("SHOTS", "")


def shoot(page: Page, name: str, *, full_page: bool = True) -> None:
    """Keep a picture of the page, where somebody asked for pictures."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=full_page)
