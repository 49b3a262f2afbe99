"""Bring the browser files we did not write into the repository, and prove them unchanged.

    python vendor/vendor.py            copy a fixed list out of npm packages (needs node)
    python vendor/vendor.py --check    compare what is committed with the manifest

The copies are committed, so nobody who runs or deploys the product needs node. npm itself checks
the packages against `package-lock.json`; the manifest then holds the sha256 of what we serve.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MODULES = HERE / "node_modules"
MANIFEST = HERE / "manifest.json"
PLACES = ("static/vendor", "tests/vendor")

# package -> (place, files). Tabler's script is left out on purpose: menus are <details>, overlays
# are <dialog>, and so the pages work before any script has arrived.
FILES = {
    "@tabler/core": ("static/vendor", ["dist/css/tabler.min.css"]),
    "htmx.org": ("static/vendor", ["dist/htmx.min.js", "LICENSE"]),
    "echarts": ("static/vendor", ["LICENSE", "NOTICE"]),
    "zrender": ("static/vendor", ["LICENSE"]),  # what ECharts draws with
    "axe-core": ("tests/vendor", ["axe.min.js", "LICENSE"]),
}

# Which parts of ECharts our charts are made of: half of the whole library.
CHARTS = HERE / "charts.js"

# One name a line; `name` is an outline, `name-filled` takes the filled drawing.
ICONS = HERE / "icons.txt"
SPRITE = ROOT / "static/vendor/icons.svg"

SOURCE_MAP = re.compile(rb"^\s*(//|/\*)[#@]\s*sourceMappingURL=.*$\n?", re.MULTILINE)
DRAWING = re.compile(r"<svg[^>]*>(.*?)</svg>", re.DOTALL)


def package_folder(name: str, place: str) -> Path:
    """Name the versioned folder a package is served from, so that an upgrade is a new address."""
    version = json.loads((MODULES / name / "package.json").read_text())["version"]
    return ROOT / place / f"{name.removeprefix('@').replace('/', '-')}-{version}"


def copy_files() -> None:
    """Copy the fixed list without the lines that point at source maps we do not ship."""
    for name, (place, files) in FILES.items():
        folder = package_folder(name, place)
        folder.mkdir(parents=True)
        for file in files:
            source = MODULES / name / file
            # Hashed static file storage refuses a map that is named and missing.
            (folder / source.name).write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))


def build_charts() -> None:
    """Make one file of the parts of ECharts that we use, in the folder of its licence."""
    esbuild = [MODULES / ".bin/esbuild", CHARTS, "--bundle", "--minify", "--target=es2020"]
    out = package_folder("echarts", "static/vendor") / "echarts.min.js"
    into = ["--format=iife", "--global-name=echarts", "--legal-comments=none", f"--outfile={out}"]
    subprocess.run([*esbuild, *into], cwd=HERE, check=True)


def cut_sprite() -> None:
    """Draw our few icons into one file; strokes take colour and width from the page."""
    folder = package_folder("@tabler/icons", "static/vendor")
    folder.mkdir(parents=True)
    symbols = [symbol(name) for name in sorted(ICONS.read_text().split())]
    body = "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>\n"])
    # A short address: each page names it some thirty times.
    SPRITE.write_text(body)
    shutil.copy(MODULES / "@tabler/icons/LICENSE", folder / "LICENSE")


def symbol(name: str) -> str:
    """One icon as a <symbol>, its frame path dropped."""
    is_filled = name.endswith("-filled")
    kind, file = ("filled", name.removesuffix("-filled")) if is_filled else ("outline", name)
    text = (MODULES / f"@tabler/icons/icons/{kind}/{file}.svg").read_text()
    drawing = " ".join(DRAWING.search(text)[1].split())
    drawing = drawing.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', "")
    paint = (
        'fill="currentColor" stroke="none"'
        if is_filled
        else 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{drawing.strip()}</symbol>'


def digests() -> dict[str, str]:
    """The sha256 of every vendored file that is here now."""
    files = sorted(file for place in PLACES for file in (ROOT / place).rglob("*") if file.is_file())
    return {
        file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def drawn_icons() -> set[str]:
    """The icons the committed sprite holds."""
    return set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))


def update() -> int:
    """Fetch, copy, cut and write the manifest."""
    subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True)
    for place in PLACES:
        shutil.rmtree(ROOT / place, ignore_errors=True)
    copy_files()
    build_charts()
    cut_sprite()
    MANIFEST.write_text(json.dumps(digests(), indent=2) + "\n")
    print(f"Vendored {len(digests())} files.")
    return 0


def check() -> int:
    """Name every vendored file that is missing, changed or not in the manifest."""
    wanted, found = json.loads(MANIFEST.read_text()), digests()
    problems = [f"missing: {file}" for file in wanted.keys() - found.keys()]
    problems += [f"not in the manifest: {file}" for file in found.keys() - wanted.keys()]
    problems += [f"changed: {f}" for f in wanted.keys() & found.keys() if wanted[f] != found[f]]
    problems += [f"icon not cut: {name}" for name in set(ICONS.read_text().split()) - drawn_icons()]
    for problem in sorted(problems):
        print(problem, file=sys.stderr)
    if problems:
        print("Run `python vendor/vendor.py` to fetch them again.", file=sys.stderr)
    return 1 if problems else 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail on a difference")
    return check() if parser.parse_args().check else update()


if __name__ == "__main__":
    sys.exit(main())
