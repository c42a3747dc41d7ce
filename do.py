"""The commands of this project. Only the standard library, so it runs before anything is installed.

The syntax stays that of Python 3.6: an interpreter that is too old has to get as far as the sentence that
says so. Everything is installed beside this file, in ``.venv``, from the locked requirements.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "do-stamp.json"
SITE, TEST = "requirements.txt", "requirements-test.txt"
OLDEST, NEWEST = (3, 11), (3, 13)
WRONG, IMPOSSIBLE = 1, 2
# Chromium without windows does the same work in a quarter of the time; with windows it is also good.
CHROMIUM = ("chromium-headless-shell", "chromium")
# What pytest says when the arguments leave no test over.
NO_TESTS = 5

USAGE = """\
Gebruik:
  python3 do.py run [--port 8000]           start de site op dit toestel, met demogegevens
  python3 do.py test [--fast] [argumenten]  voer alle controles uit; --fast: alleen SQLite, zonder browser
  python3 do.py lms [argumenten]            de opdrachten van de site, bijvoorbeeld: lms check-courses
"""

# Preparing and serving in one process: loading the site is most of the time that a start takes.
START = """\
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
from lms.cli import main
cut = sys.argv.index("run")
main(sys.argv[1:cut], prog_name="lms", standalone_mode=False)
main(sys.argv[cut:], prog_name="lms")
"""


class Impossible(Exception):
    """Something outside the project is missing. The message is a Dutch sentence with the way out."""


def main(arguments: "list[str]") -> int:
    """Run one command; gives the exit code: 0 good, 1 wrong, 2 impossible."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        check_python()
        if name == "run":
            return run(read_port(rest))
        if name == "test":
            return test([argument for argument in rest if argument != "--fast"], fast="--fast" in rest)
        if name == "lms":
            prepare(SITE)
            return replace_by(["-m", "lms", *rest], development())
    except Impossible as problem:
        print(problem, file=sys.stderr)
        return IMPOSSIBLE
    asked = name in {"-h", "--help", "help"}
    print(USAGE, end="", file=sys.stdout if asked else sys.stderr)
    return 0 if asked else IMPOSSIBLE


def check_python() -> None:
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        raise Impossible(
            f"Dit is Python {version[0]}.{version[1]}. De site werkt met Python {OLDEST[0]}.{OLDEST[1]} tot en met "
            f"{NEWEST[0]}.{NEWEST[1]}. Start bijvoorbeeld: python{NEWEST[0]}.{NEWEST[1]} do.py run"
        )


# ── the environment ────────────────────────────────────────────────────────


def venv_python() -> Path:
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def prepare(wanted: str) -> None:
    """Make sure ``.venv`` holds what the requirements file ``wanted`` locks.

    The stamp is removed before anything changes and written when all is done. So an environment without stamp
    is half made, or not ours, and is made anew.
    """
    stamp = read_stamp()
    usable = stamp.get("python") == python_mark() and venv_python().exists()
    if usable and stamp.get(wanted) == digest(wanted):
        return
    if not usable:
        make_venv()
    STAMP.unlink(missing_ok=True)
    print(f"Pakketten van {wanted} worden geïnstalleerd in .venv; dat duurt een minuut.", file=sys.stderr, flush=True)
    python = [str(venv_python()), "-m"]
    install = [*python, "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    done = subprocess.run([*install, "--require-hashes", "-r", str(ROOT / wanted)], env=clean_environment(), cwd=ROOT)
    if done.returncode:
        raise Impossible("Het installeren lukte niet. Kijk of er verbinding is en probeer opnieuw.")
    # Pip compiles on one processor. What does not compile here, an example for another Python, is never asked for.
    subprocess.run([*python, "compileall", "-qq", "-j", "0", str(VENV)], env=clean_environment())
    # The set for the tests contains that of the site, in the same versions.
    installed = {name: digest(name) for name in {wanted, SITE}}
    STAMP.write_text(json.dumps({"python": python_mark(), **installed}), encoding="utf-8")


def read_stamp() -> "dict[str, str]":
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def python_mark() -> str:
    """An environment belongs to one minor version of Python: its compiled packages do not load in another."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def make_venv() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Impossible(
            "Python kan hier geen virtuele omgeving maken. Installeer die mogelijkheid, "
            "op Debian en Ubuntu met: apt install python3-venv"
        )
    print("De omgeving .venv wordt gemaakt.", file=sys.stderr, flush=True)
    # Started from inside an environment, the interpreter below it makes the new one.
    python = getattr(sys, "_base_executable", None) or sys.executable
    done = subprocess.run([python, "-m", "venv", "--clear", str(VENV)], env=clean_environment())
    if done.returncode:
        raise Impossible(
            "De map .venv kon niet gemaakt worden. Kijk of er plaats is en of je hier mag schrijven; "
            "op Debian en Ubuntu helpt soms: apt install python3-venv"
        )


def clean_environment(*, without: "tuple[str, ...]" = ()) -> "dict[str, str]":
    """The caller's environment, less what brings in other Python code and less names that start as ``without``.

    Compiled code is always kept: without it every process of the site and of the tests compiles everything again.
    """
    unwanted = (
        "PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONSTARTUP", "VIRTUAL_ENV",
        *without,
    )  # fmt: skip
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def development() -> "dict[str, str]":
    """The environment for the site: development, unless the caller chose otherwise."""
    environ = clean_environment()
    environ.setdefault("LMS_ENV", "development")
    environ["PYTHONPATH"] = str(ROOT)
    return environ


def replace_by(arguments: "list[str]", environ: "dict[str, str]") -> int:
    """Become Python in ``.venv`` with these arguments, so that signals and the exit code are its own."""
    # -P: a folder named lms where the caller stands is not our site.
    command = [str(venv_python()), "-P", *arguments]
    if os.name == "nt":
        return subprocess.run(command, env=environ).returncode
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, environ)


# ── run ────────────────────────────────────────────────────────────────────


def read_port(arguments: "list[str]") -> int:
    given = [part for argument in arguments for part in argument.split("=", 1)]
    if not given:
        return 8000
    if len(given) != 2 or given[0] != "--port" or not given[1].isdecimal() or not 0 < int(given[1]) < 65536:
        raise Impossible("Geef een poort als een getal tussen 1 en 65535: python3 do.py run --port 8000")
    return int(given[1])


def run(port: int) -> int:
    check_port(port)
    prepare(SITE)
    environ = development()
    # Links in mails have to lead back to this server.
    environ.setdefault("LMS_BASE_URL", f"http://127.0.0.1:{port}")
    # Demo people belong in development alone, where the worker delivers mail to the mailbox of the site.
    demo = ["--demo"] if environ["LMS_ENV"] == "development" else []
    return replace_by(["-c", START, "init", *demo, "run", "--port", str(port), "--mail"], environ)


def check_port(port: int) -> None:
    with socket.socket() as probe:
        if os.name != "nt":
            # A server that just stopped leaves the port in a state that does not count as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Impossible(f"Poort {port} is voorbehouden aan de beheerder. Kies een poort boven 1024.") from None
        except OSError:
            raise Impossible(
                f"Poort {port} is al in gebruik. Stop dat programma of kies een andere: "
                f"python3 do.py run --port {port % 65535 + 1}"
            ) from None


# ── test ───────────────────────────────────────────────────────────────────


class Step:
    """One check, at work: what it says goes to a file until it is its turn to be read."""

    def __init__(self, title: str, command: "list[str]", environ: "dict[str, str]", folder: str) -> None:
        self.title, self.begun, self.seconds = title, time.monotonic(), 0.0
        number, self.path = tempfile.mkstemp(prefix="step-", dir=folder)
        with open(number, "wb") as said:
            self.process = subprocess.Popen(
                [str(venv_python()), "-m", *command], cwd=ROOT, env=environ, stdout=said, stderr=subprocess.STDOUT
            )

    def is_over(self) -> bool:
        if not self.seconds and self.process.poll() is not None:
            self.seconds = time.monotonic() - self.begun
        return bool(self.seconds)

    def follow(self, others: "list[Step]") -> None:
        """Print what it says as it comes, until it is over. Meanwhile, note when others are."""
        with open(self.path, "rb") as said:
            over = False
            while not over:
                # In this order: what it said last is in the file once it is over.
                over = self.is_over()
                for step in others:
                    step.is_over()
                sys.stdout.buffer.write(said.read())
                sys.stdout.flush()
                if not over:
                    time.sleep(0.1)


def test(arguments: "list[str]", *, fast: bool) -> int:
    """Run every check at the same time, print what they say one after another, and close with a summary."""
    if not fast:
        need_chromium()
    prepare(TEST)
    # What tests leave behind (databases, browser profiles) goes with this folder.
    with tempfile.TemporaryDirectory(prefix="lms-test-", dir=memory(), ignore_cleanup_errors=True) as scratch:
        # PostgreSQL refuses to run as root and becomes somebody else, who has to get in.
        os.chmod(scratch, 0o755)
        # Settings of the caller, or of a site that runs here, must not decide what the tests do.
        environ = {**clean_environment(without=("LMS_",)), "TMPDIR": scratch}
        if sys.stdout.isatty():
            environ.setdefault("PY_COLORS", "1")
        running = [Step(title, command, environ, scratch) for title, command in steps(arguments, fast=fast)]
        try:
            for step in running:
                print(f"\n── {step.title}", flush=True)
                step.follow(running)
        finally:
            # After Ctrl+C they stop by themselves, and need the folder until then.
            for step in running:
                step.process.wait()
    print("\n── samenvatting")
    may_be_empty = bool(arguments) and not fast
    wrong = 0
    for step in running:
        good = step.process.returncode == 0 or (step.process.returncode == NO_TESTS and may_be_empty)
        wrong += not good
        print(f"{'goed' if good else 'FOUT':<6}{step.seconds:>7.1f} s  {step.title}")
    return WRONG if wrong else 0


def memory() -> "str | None":
    """Where files are kept in memory, when there is room for those of the tests; their many commits go faster there."""
    place = "/dev/shm"
    roomy = os.path.isdir(place) and os.access(place, os.W_OK) and shutil.disk_usage(place).free > 4 * 1024**3
    return place if roomy else None


def steps(arguments: "list[str]", *, fast: bool) -> "list[tuple[str, list[str]]]":
    """The title and the module with arguments of each step."""
    checks = [
        ("ruff check", ["ruff", "check", "."]),
        ("ruff format", ["ruff", "format", "--check", "."]),
        ("mypy", ["mypy"]),
    ]
    # A process that has nothing left takes over tests of another. Together more processes than processors: the tests
    # of faults wait for servers, disks and browsers most of their time.
    share = ["--dist", "worksteal"]
    if fast:
        chosen = ["-n", "2", *share, "-m", "not slow and not browser"]
        return [*checks, ("pytest, SQLite, zonder browser", ["pytest", *chosen, *arguments])]
    all_of_it = ["pytest", "-n", "2", *share]
    # Pure functions, the rules of the house and the browser do not change with the database.
    elsewhere = [f"--ignore=tests/{folder}" for folder in ("unit", "house", "browser")]
    return [
        *checks,
        ("pytest, SQLite en browser", [*all_of_it, *arguments]),
        ("pytest, PostgreSQL", [*all_of_it, "--database", "postgresql", *elsewhere, *arguments]),
    ]


def need_chromium() -> None:
    """The browser tests drive the chromium of the system; nothing else downloads a browser."""
    if shutil.which(CHROMIUM[0]):
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Chromium wordt geïnstalleerd.", file=sys.stderr, flush=True)
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", CHROMIUM[0]]):
            subprocess.run(["apt-get", "-qq", *command], env=environ, stdout=subprocess.DEVNULL)
    if not any(shutil.which(name) for name in CHROMIUM):
        raise Impossible(
            f"Voor de browsertests is chromium nodig. Installeer het, op Debian met: apt install {CHROMIUM[0]}. "
            "Zonder browser kan: python3 do.py test --fast"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
