"""Settings. They come from the environment, all named ``LMS_…``; ``docs/settings.md`` explains each."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_KEY = "alleen-voor-ontwikkeling-nooit-voor-echte-mensen"


class ConfigError(Exception):
    """A setting that is missing or dangerous. The message names the setting and the way out, in Dutch."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """One frozen set of settings. ``secret_key`` signs cookies; ``mail_url`` is ``smtp://[user:password@]host:port``.

    In development ``mail_url`` may be ``postvak:``: mail then stays in the mailbox of the site.
    """

    environment: str = "production"
    secret_key: str = field(default="", repr=False)
    database_url: str = ""
    data: Path = ROOT / "data"
    courses: Path = ROOT / "courses"
    mail_url: str = field(default="", repr=False)
    mail_from: str = "navorming@localhost"
    site_name: str = "Unlocking Potential"
    base_url: str = "http://127.0.0.1:8000"
    controller: str = "de hogeschool die deze site aanbiedt"
    contact: str = ""
    debug: bool = False

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; without ``LMS_DATABASE_URL`` a SQLite file in ``data``."""
        url = self.database_url or f"sqlite:///{self.data / 'lms.sqlite'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def content(self) -> Path:
        """Where the versions of the content stand that were put live by command."""
        return self.data / "content"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the settings. Raises ConfigError when production would start unsafely."""
        environment = environ.get("LMS_ENV", "production")
        packaged = Path(__file__).resolve().parent / "_packaged"
        courses = ROOT / "courses" if (ROOT / "courses").is_dir() else packaged / "courses"
        config = cls(
            environment=environment,
            secret_key=environ.get("LMS_SECRET_KEY", DEVELOPMENT_KEY if environment == "development" else ""),
            database_url=environ.get("LMS_DATABASE_URL", ""),
            data=Path(environ.get("LMS_DATA", ROOT / "data")).resolve(),
            courses=Path(environ.get("LMS_COURSES", courses)).resolve(),
            mail_url=environ.get("LMS_MAIL_URL") or ("postvak:" if environment == "development" else ""),
            mail_from=environ.get("LMS_MAIL_FROM", cls.mail_from),
            site_name=environ.get("LMS_SITE_NAME", cls.site_name),
            base_url=environ.get("LMS_BASE_URL", cls.base_url).rstrip("/"),
            controller=environ.get("LMS_CONTROLLER", cls.controller),
            contact=environ.get("LMS_CONTACT", "navorming@demo.example" if environment == "development" else ""),
            debug=environ.get("FLASK_DEBUG", "0") not in {"", "0", "false"},
        )
        config.check()
        return config

    def check(self) -> None:
        """Refuse what would be unsafe for real people. Raises ConfigError."""
        if self.environment not in {"development", "production"}:
            raise ConfigError(f"LMS_ENV is '{self.environment}'. Kies development of production.")
        base = urlsplit(self.base_url)
        if base.scheme not in {"http", "https"} or not base.hostname:
            raise ConfigError("LMS_BASE_URL is geen volledig adres. Geef bijvoorbeeld https://navorming.example.be.")
        self._check_database()
        if self.mail_url and not self.mail_url.startswith(("smtp://", "smtps://", "postvak:")):
            raise ConfigError("LMS_MAIL_URL is geen mailserver. Geef smtp://naam:wachtwoord@server:587.")
        if self.is_development:
            return
        if not self.secret_key:
            example = secrets.token_urlsafe(48)
            raise ConfigError(f"LMS_SECRET_KEY ontbreekt. Zet een eigen geheime sleutel, bijvoorbeeld {example}.")
        if self.secret_key == DEVELOPMENT_KEY:
            raise ConfigError("LMS_SECRET_KEY is de sleutel van de ontwikkelomgeving. Zet een eigen geheime sleutel.")
        if len(self.secret_key.strip()) < 32:
            raise ConfigError("LMS_SECRET_KEY is te kort. Gebruik minstens 32 tekens.")
        if self.debug:
            raise ConfigError("FLASK_DEBUG staat aan. Zet het uit: het toont de code aan bezoekers.")
        if not self.mail_url.startswith(("smtp://", "smtps://")):
            raise ConfigError(
                "LMS_MAIL_URL ontbreekt. Geef smtp://naam:wachtwoord@server:587; zonder mail meldt niemand zich aan."
            )
        if not self.contact:
            raise ConfigError("LMS_CONTACT ontbreekt. Geef het mailadres voor vragen (privacyverklaring).")
        if base.scheme == "http" and base.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ConfigError("LMS_BASE_URL begint met http://. Gebruik https://; alleen op dit toestel zelf mag http.")

    def _check_database(self) -> None:
        try:
            kind = make_url(self.database).get_backend_name()
        except ArgumentError:
            kind = ""
        if kind not in {"sqlite", "postgresql"}:
            raise ConfigError(
                "LMS_DATABASE_URL is geen adres van SQLite of PostgreSQL. Geef bijvoorbeeld "
                "postgresql://naam:wachtwoord@server/databank, of laat het weg voor een SQLite-bestand."
            )
        if kind == "postgresql" and find_spec("psycopg") is None:
            raise ConfigError("Voor PostgreSQL ontbreekt nog een pakket: pip install -r requirements-postgres.txt")
