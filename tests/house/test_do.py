"""The commands of ``do.py``: what they prepare, what they refuse, and that the caller's settings stay outside."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Stands in for a tool in the project below: says what it was given, and fails when its name is in FAILING.
TOOL = """
import os, sys
name = os.path.basename(sys.argv[0])[:-3]
settings = sorted(key for key in os.environ if key.startswith("LMS_"))
print(name, *sys.argv[1:], "settings:", settings)
sys.exit(3 if name in os.environ.get("FAILING", "").split() else 0)
"""

SITE = """
import os, sys
print("environment:", os.environ.get("LMS_ENV"), "arguments:", sys.argv[1:])
sys.exit(7)
"""


@pytest.fixture
def do() -> ModuleType:
    spec = importlib.util.spec_from_file_location("do", ROOT / "do.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project that needs no packages, in a folder with a space, with tools that only say how they were called."""
    folder = tmp_path_factory.mktemp("een map met spaties")
    shutil.copy(ROOT / "do.py", folder)
    for name in ("requirements.txt", "requirements-test.txt"):
        (folder / name).write_text("# nothing\n", encoding="utf-8")
    (folder / "lms").mkdir()
    (folder / "lms" / "__main__.py").write_text(SITE, encoding="utf-8")
    for name in ("ruff", "mypy", "pytest"):
        (folder / f"{name}.py").write_text(TOOL, encoding="utf-8")
    adopt(folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def adopt(folder: Path) -> None:
    """Let the Python of these tests pass for the environment of ``folder``: making a real one takes long."""
    environment = folder / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(sys.executable)
    stamp = {"python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    for name in ("requirements.txt", "requirements-test.txt"):
        stamp[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (environment / "do-stamp.json").write_text(json.dumps(stamp), encoding="utf-8")


def call(folder: Path, *arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, str(folder / "do.py"), *arguments],
        cwd=cwd or folder,
        env=environment | environ,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_an_old_python_gets_as_far_as_the_sentence_about_it() -> None:
    source = (ROOT / "do.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 14)])
def test_another_python_is_refused_in_a_dutch_sentence(version: tuple[int, int], tmp_path: Path) -> None:
    shutil.copy(ROOT / "do.py", tmp_path)
    pretend = (
        f"import runpy, sys; sys.version_info = ({version[0]}, {version[1]}, 0, 'final', 0); "
        "sys.argv = ['do.py', 'run']; runpy.run_path('do.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", pretend], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert f"Dit is Python {version[0]}.{version[1]}. De site werkt met Python 3.11 tot en met 3.13." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["do.py"]


def test_the_versions_are_those_of_the_project(do: ModuleType) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    oldest, newest = do.OLDEST, do.NEWEST
    assert f'requires-python = ">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"' in text


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    shutil.copy(ROOT / "do.py", tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = call(tmp_path, "run", "--port", str(port))
    assert done.returncode == 2
    assert f"Poort {port} is al in gebruik." in done.stderr


@pytest.mark.parametrize("arguments", [["--port"], ["--port", "acht"], ["--port=0"], ["--port", "70000"], ["8000"]])
def test_a_port_that_is_none_is_refused(arguments: list[str], tmp_path: Path) -> None:
    shutil.copy(ROOT / "do.py", tmp_path)
    done = call(tmp_path, "run", *arguments)
    assert (done.returncode, "tussen 1 en 65535" in done.stderr) == (2, True)


def test_unknown_commands_are_refused_and_help_is_given(tmp_path: Path) -> None:
    shutil.copy(ROOT / "do.py", tmp_path)
    unknown, asked = call(tmp_path, "start"), call(tmp_path, "--help")
    assert (unknown.returncode, asked.returncode) == (2, 0)
    assert unknown.stderr == asked.stdout
    assert "python3 do.py run" in asked.stdout


@pytest.mark.slow
def test_the_environment_is_made_once_and_again_when_needed(project: Path, tmp_path: Path) -> None:
    shutil.rmtree(project / ".venv")
    # What an installation that was cut off leaves behind: files, and no stamp.
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").write_text("half", encoding="utf-8")
    first = call(project, "lms", "check-courses", "a b", cwd=tmp_path)
    assert first.returncode == 7
    assert first.stdout == "environment: development arguments: ['check-courses', 'a b']\n"
    assert "geïnstalleerd" in first.stderr

    again = call(project, "lms", LMS_ENV="production")
    assert (again.returncode, again.stderr) == (7, "")
    assert again.stdout == "environment: production arguments: []\n"

    requirements = project / "requirements.txt"
    requirements.write_text("# nothing, but another nothing\n", encoding="utf-8")
    assert "geïnstalleerd" in call(project, "lms").stderr
    assert call(project, "lms").stderr == ""

    requirements.write_text("no-hash-at-all==1.0\n", encoding="utf-8")
    refused = call(project, "lms")
    assert (refused.returncode, "Het installeren lukte niet." in refused.stderr) == (2, True)
    assert not (project / ".venv" / "do-stamp.json").exists()
    requirements.write_text("# nothing\n", encoding="utf-8")
    shutil.rmtree(project / ".venv")
    adopt(project)


def test_a_folder_of_the_same_name_is_not_the_site(project: Path, tmp_path: Path) -> None:
    (tmp_path / "lms").mkdir()
    (tmp_path / "lms" / "__main__.py").write_text("raise SystemExit(99)", encoding="utf-8")
    assert call(project, "lms", cwd=tmp_path).returncode == 7


def test_every_check_runs_without_the_settings_of_the_caller(project: Path) -> None:
    done = call(
        project,
        "test",
        "--fast",
        "-k",
        "school",
        LMS_SECRET_KEY="x",
        LMS_DATABASE_URL="postgresql:///real",
        FAILING="ruff",
    )
    assert done.returncode == 1
    said = [line for line in done.stdout.splitlines() if "settings:" in line]
    assert [line.split()[0] for line in said] == ["ruff", "ruff", "mypy", "pytest"]
    assert all(line.endswith("settings: []") for line in said)
    assert said[-1].startswith("pytest -n 2 --dist worksteal -m not slow and not browser -k school ")
    summary = done.stdout.split("── samenvatting\n")[1].splitlines()
    assert [line.split()[0] for line in summary] == ["FOUT", "FOUT", "goed", "goed"]
    assert all(re.search(r" \d+\.\d s  ", line) for line in summary)


def test_the_whole_run_needs_chromium(project: Path) -> None:
    done = call(project, "test", PATH="/nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "chromium" in done.stderr and "test --fast" in done.stderr


def test_the_whole_run_tests_on_both_databases(do: ModuleType) -> None:
    commands = [command for _, command in do.steps([], fast=False)]
    assert {command[0] for command in commands} == {"ruff", "mypy", "pytest"}
    sqlite, postgresql = (command for command in commands if command[0] == "pytest")
    # The first leaves no test out.
    assert "-m" not in sqlite and not any(part.startswith("--ignore") for part in sqlite)
    assert postgresql[postgresql.index("--database") + 1] == "postgresql"
    ignored = {part.removeprefix("--ignore=") for part in postgresql if part.startswith("--ignore=")}
    assert "tests/integration" not in ignored and all((ROOT / folder).is_dir() for folder in ignored)


def pins(name: str) -> set[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return set(re.findall(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?==[^\s\\]+", text, re.MULTILINE))


def test_the_set_for_the_tests_contains_the_site_in_the_same_versions() -> None:
    assert len(pins("requirements.txt")) > 20
    assert pins("requirements.txt") <= pins("requirements-test.txt")
    assert pins("requirements.txt") < pins("requirements-postgres.txt") <= pins("requirements-test.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-postgres.txt", "requirements-test.txt"])
def test_every_requirement_is_locked_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines and all(re.match(r"[a-z0-9._-]+\S*==\S+.*--hash=sha256:[0-9a-f]{64}", line) for line in lines)
    assert "://" not in text


def test_the_nightly_run_is_the_whole_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec python3 do.py test"
