"""The lock files name no address, and cover what the project asks for."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
PYTHON_LOCKS = sorted(REQUIREMENTS.glob("*.txt"))
NPM_LOCK = ROOT / "frontend" / "package-lock.json"
ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://|\b[\w-]+(\.[\w-]+)*\.(org|com|io|net|dev|cloud)\b|--(extra-)?index-url|--find-links"
)


def read_project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def read_pins(lock):
    """The locked versions by canonical name. A name may be locked more than once, each time for other machines."""
    pins: dict[str, list[Version]] = {}
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^ \\]+)", (REQUIREMENTS / lock).read_text()):
        pins.setdefault(canonicalize_name(name), []).append(Version(version))
    return pins


def list_requirements(*extras):
    project = read_project()["project"]
    texts = [*project["dependencies"]]
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.name)
def test_a_python_lock_names_no_address(lock):
    assert not ADDRESS.search(lock.read_text())


def test_the_npm_lock_names_no_address():
    """A scope such as `@xyflow/react` and a hash in base64 are none."""
    text = NPM_LOCK.read_text()
    assert "://" not in text
    assert not [name for name, package in json.loads(text)["packages"].items() if "resolved" in package]


def test_every_npm_package_is_locked_by_its_hash():
    content = json.loads(NPM_LOCK.read_text())
    unlocked = [name for name, package in content["packages"].items() if name and "integrity" not in package]
    assert not unlocked


@pytest.mark.parametrize(
    ("lock", "extras"), [("run.txt", []), ("dev.txt", ["test", "lint", "lock"])], ids=["run.txt", "dev.txt"]
)
def test_a_lock_covers_what_the_project_asks_for(lock, extras):
    pins = read_pins(lock)
    missing = [
        str(requirement)
        for requirement in list_requirements(*extras)
        if not any(pin in requirement.specifier for pin in pins.get(canonicalize_name(requirement.name), []))
    ]
    assert not missing, f"requirements/{lock} lacks these: run `make lock`"


def test_the_build_lock_covers_what_builds_the_project():
    pins = read_pins("build.txt")
    requirements = [Requirement(text) for text in read_project()["build-system"]["requires"]]
    missing = [str(one) for one in requirements if not any(pin in one.specifier for pin in pins.get(one.name, []))]
    assert not missing, "requirements/build.txt lacks these: run `make lock`"


def test_developers_get_the_versions_that_users_get():
    run, dev = read_pins("run.txt"), read_pins("dev.txt")
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt", "build.txt", "bench.txt"])
def test_every_python_package_is_locked_by_its_hash(lock):
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", (REQUIREMENTS / lock).read_text())[1:]
    assert entries
    assert not [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_only_the_benchmark_gets_pytorch_and_without_cuda():
    assert "torch" not in read_pins("dev.txt")
    assert not [name for name in read_pins("bench.txt") if name.startswith(("nvidia", "triton"))]


def test_no_machine_gets_both_tensorflows():
    """Both own the module `tensorflow`; installing both breaks either."""
    lines = re.findall(r"(?m)^tensorflow(?:-cpu)?==[^;\n]+; ([^\\\n]+)", (REQUIREMENTS / "run.txt").read_text())
    assert [line.strip() for line in lines] == [
        "platform_machine != 'x86_64' or sys_platform != 'linux'",
        "platform_machine == 'x86_64' and sys_platform == 'linux'",
    ]
