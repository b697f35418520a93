"""Makes the environment that Layerloom runs in: finds a Python, makes .venv, installs the locked packages.

It needs the standard library only, and has to start on any Python 3.6 or newer, to say in one sentence what is missing.
"""

import argparse
import glob
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from typing import Dict, List, Optional, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "layerloom-installed.json")
LOG = os.path.join(ROOT, ".make", "install.log")
# Apart from .venv, so that nothing but the benchmark of training sees it.
PYTORCH = os.path.join(ROOT, ".make", "pytorch")
PYTORCH_STAMP = os.path.join(PYTORCH, "layerloom-installed")
OLDEST, NEWEST = (3, 11), (3, 13)
LOCKS = {"run": ["run.txt", "build.txt"], "dev": ["dev.txt", "build.txt"]}
# Measured on Linux: .venv and frontend/node_modules, pip's cache of what it downloads, and room to unpack.
NEEDED_BYTES = 4 * 1000**3
NEEDED_FOR_UPDATE_BYTES = 1000**3
PURPOSES = ["run", "lint", "test", "bench"]
CHROMIUM_NAMES = ("chromium", "chromium-browser")

DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded|Errno 28")
WRONG_HASH = re.compile(r"THESE PACKAGES DO NOT MATCH THE HASHES")
NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectionError|ConnectTimeout|ReadTimeout|NameResolutionError|ProxyError|SSLError"
    r"|Temporary failure|Could not resolve"
)

Version = Tuple[int, int]


class SetupError(Exception):
    """What a person has to do before this can go on, in one sentence."""


def say(text: str) -> None:
    print(text, flush=True)


def read_version(python: str) -> Optional[Version]:
    """The version of an interpreter that really starts, otherwise None: a name on PATH may be an empty shell."""
    probe = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        major, minor = subprocess.check_output([python, "-c", probe], stderr=subprocess.DEVNULL).split()
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return int(major), int(minor)


def own_version() -> Version:
    return sys.version_info[0], sys.version_info[1]


def is_supported(version: Optional[Version]) -> bool:
    return version is not None and OLDEST <= version <= NEWEST


def name_version(version: Version) -> str:
    return "{}.{}".format(*version)


def find_python() -> Tuple[str, Version]:
    """A supported interpreter: the one that runs this file where it will do, otherwise the newest on PATH."""
    own = own_version()
    if is_supported(own):
        return sys.executable, own
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and read_version(found) == (3, minor):
            return found, (3, minor)
    raise SetupError(
        f"Layerloom needs Python {name_version(OLDEST)} to {name_version(NEWEST)}, and {sys.executable} is Python "
        f"{name_version(own)}: install one of those (on Debian and Ubuntu `apt install python3 python3-venv`), or name "
        "yours with `make run PYTHON=/path/to/python3.12`."
    )


def check_disk_space(needed: int) -> None:
    """Raises SetupError where the disk of this folder has no room for an installation."""
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise SetupError(
            f"Layerloom needs {needed / 1e9:.1f} GB of free disk space to install, and {ROOT} has {free / 1e9:.1f} GB: "
            "free some, then run this again."
        )


def run_logged(command: List[str], environment: Optional[Dict[str, str]] = None) -> Tuple[int, str]:
    """Runs a command with its output in the log. Returns its status and its output."""
    os.makedirs(os.path.dirname(LOG), exist_ok=True)
    with open(LOG, "a+b") as log:
        log.write(("\n$ {}\n".format(" ".join(command))).encode())
        log.flush()
        start = log.tell()
        status = subprocess.call(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        log.seek(start)
        return status, log.read().decode(errors="replace")


def explain_failure(doing: str, output: str) -> str:
    """One sentence out of what a failed installer printed."""
    where = f"the whole output is in {os.path.relpath(LOG, ROOT)}"
    if DISK_FULL.search(output):
        return (
            f"{doing} failed because the disk is full: free some space (Layerloom needs about "
            f"{NEEDED_BYTES / 1e9:.0f} GB), then run this again."
        )
    if WRONG_HASH.search(output):
        return f"{doing} failed because a downloaded file is not the one that is locked, so it was not used; {where}."
    if NO_NETWORK.search(output):
        return f"{doing} failed because the package index cannot be reached: check network and proxy settings; {where}."
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["it said nothing"]
    errors = [line for line in lines if re.match(r"(ERROR|Error|error|E): ?", line)]
    return f"{doing} failed: {(errors or lines)[-1].rstrip('.')} ({where})."


def run_or_explain(doing: str, command: List[str], environment: Optional[Dict[str, str]] = None) -> None:
    status, output = run_logged(command, environment)
    if status:
        raise SetupError(explain_failure(doing, output))


def may_use_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_with_apt(package: str) -> None:
    say(f"Installing {package} ...")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run_logged(["apt-get", "update"], environment)
    command = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    run_or_explain(f"Installing {package}", command, environment)


def has_venv_module(python: str) -> bool:
    """Debian and Ubuntu ship Python without what `python3 -m venv` needs."""
    if python == sys.executable:
        return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
    return subprocess.call([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL) == 0


def require_venv_module(python: str, version: Version) -> None:
    """Installs Python's venv module where that is allowed. Raises SetupError where it is not."""
    if has_venv_module(python):
        return
    package = f"python{name_version(version)}-venv"
    if not may_use_apt():
        raise SetupError(
            f"{python} lacks Python's `venv` module: install it (on Debian and Ubuntu `sudo apt install {package}`), "
            "then run this again."
        )
    install_with_apt(package)


def make_venv() -> None:
    """A fresh .venv, unless the one that is there works."""
    has_pip = glob.glob(os.path.join(VENV, "lib", "*", "site-packages", "pip"))
    if has_pip and is_supported(read_version(VENV_PYTHON)):
        return
    python, version = find_python()
    require_venv_module(python, version)
    say(f"Making .venv with Python {name_version(version)} ...")
    run_or_explain("Making .venv", [python, "-m", "venv", "--clear", VENV])


def read_text(*path: str) -> str:
    with open(os.path.join(ROOT, *path), encoding="utf-8") as opened:
        return opened.read()


def describe_installation(group: str) -> str:
    """What has to be as it was for an installation to count as done: the locks, the project's file and its place."""
    parts = [ROOT, read_text("pyproject.toml"), *(read_text("requirements", name) for name in LOCKS[group])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read_stamp() -> Dict[str, str]:
    """What is installed, by group. Empty where there is no working .venv."""
    if not os.path.exists(VENV_PYTHON) or not os.path.exists(STAMP):
        return {}
    with open(STAMP, encoding="utf-8") as opened:
        return dict(json.load(opened))


def is_installed(group: str) -> bool:
    """The developers' packages include those that the server needs, so `dev` stands for `run` too."""
    stamp = read_stamp()
    return any(stamp.get(name) == describe_installation(name) for name in {group, "dev"})


def install(group: str) -> None:
    """Installs a group's locked packages and the project itself, unless that is done."""
    if is_installed(group):
        return
    began = time.time()
    is_update = bool(read_stamp())
    check_disk_space(NEEDED_FOR_UPDATE_BYTES if is_update else NEEDED_BYTES)
    make_venv()
    count = sum(len(re.findall(r"(?m)^[\w.-]+==", read_text("requirements", name))) for name in LOCKS[group])
    duration = "those that have changed" if is_update else "some 500 MB to download, which takes minutes, once"
    say(f"Installing {count} locked Python packages ({duration}) ...")
    pip = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar", "off"]
    locked = ["--require-hashes", "--only-binary", ":all:"]
    for name in LOCKS[group]:
        locked += ["--requirement", os.path.join("requirements", name)]
    run_or_explain("Installing the Python packages", pip + locked)
    itself = ["--no-deps", "--no-build-isolation", "--editable", "."]
    run_or_explain("Installing Layerloom itself", pip + itself, dict(os.environ, LAYERLOOM_SKIP_FRONTEND="1"))
    with open(STAMP, "w", encoding="utf-8") as opened:
        json.dump({group: describe_installation(group)}, opened)
    say(f"Installed in {time.time() - began:.0f} s.")


def is_debian() -> bool:
    """Ubuntu's `chromium` is a snap, which neither root nor a container can use."""
    path = "/etc/os-release"
    return os.path.exists(path) and re.search(r"(?m)^ID=\"?debian", read_text(path)) is not None


def install_browser() -> None:
    """A Chromium for the tests: the distribution's where it may be installed, otherwise Playwright's."""
    if any(shutil.which(name) for name in CHROMIUM_NAMES):
        return
    if may_use_apt() and is_debian():
        install_with_apt("chromium")
        return
    say("Installing Chromium ...")
    with_libraries = ["--with-deps"] if may_use_apt() else []
    command = [VENV_PYTHON, "-m", "playwright", "install", *with_libraries, "chromium"]
    run_or_explain("Installing Chromium", command)


def install_pytorch() -> None:
    """PyTorch, which training is compared with, where pip finds its build without CUDA; otherwise it is left out."""
    lock = os.path.join("requirements", "bench.txt")
    wanted = hashlib.sha256(read_text(lock).encode()).hexdigest()
    if os.path.exists(PYTORCH_STAMP) and read_text(PYTORCH_STAMP) == wanted:
        return
    say("Installing PyTorch, to compare with ...")
    shutil.rmtree(PYTORCH, ignore_errors=True)
    pip = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar", "off"]
    locked = ["--require-hashes", "--only-binary", ":all:", "--target", PYTORCH, "--requirement", lock]
    status, _ = run_logged(pip + locked)
    if status:
        shutil.rmtree(PYTORCH, ignore_errors=True)
        say(
            "PyTorch is left out of the comparison: pip does not find the locked build. On Linux that is the one "
            "without CUDA, from wherever PIP_FIND_LINKS or PIP_EXTRA_INDEX_URL says."
        )
        return
    os.makedirs(PYTORCH, exist_ok=True)
    with open(PYTORCH_STAMP, "w", encoding="utf-8") as opened:
        opened.write(wanted)


def build_frontend() -> int:
    return subprocess.call([VENV_PYTHON, os.path.join(ROOT, "scripts", "frontend.py"), "build"])


def prepare(purpose: str) -> int:
    """Makes everything ready for a purpose. Returns the exit status. Raises SetupError."""
    install("run" if purpose == "run" else "dev")
    if purpose == "lint":
        return 0
    if purpose in ("test", "bench"):
        install_browser()
    if purpose == "bench":
        install_pytorch()
    return build_frontend()


def main(arguments: List[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/bootstrap.py", description=__doc__)
    parser.add_argument("purpose", choices=PURPOSES, help="what the environment has to be ready for")
    try:
        return prepare(parser.parse_args(arguments).purpose)
    except SetupError as error:
        sys.stderr.write(f"layerloom: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("layerloom: stopped before everything was installed; the next time goes on from here.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
