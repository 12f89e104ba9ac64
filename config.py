"""Settings: one frozen dataclass, read once from the environment. A wrong or unknown value stops the start."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

ROOT = Path(__file__).resolve().parent

OWN_PREFIXES = ("ONWARD_", "HELPLINE_", "RATELIMIT_", "CRISIS_", "MAP_", "STAFF_", "GEOCODER_")
"""A variable that begins so and is not a setting is a spelling mistake: it stops the start."""

OFTEN_MISSPELT = ("SITE_NAME", "EXIT_URL", "RESULTS_TTL_DAYS", "TRUSTED_HOSTS", "EMERGENCY_PHONE", "GEOCODER")
"""Their first words are common: only a name that is nearly one of these stops the start."""

MIN_KEY_LENGTH = 10

TILES_URL = re.compile(
    r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?"
    r"/(?=.*\{z\})(?=.*\{x\})(?=.*\{y\})([^{}\s#]*\{[xyz]\}){3}[^{}\s#]*"
)

GEOCODERS = ("none", "nominatim", "photon", "pelias", "arcgis")

SERVER_URL = re.compile(r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?")


class ConfigError(ValueError):
    """A setting is missing or malformed. The message says which one and what to do."""


@dataclass(frozen=True)
class Config:
    """All settings. The environment variable of each is its name in capitals."""

    secret_key: str
    database_url: str
    site_name: str = "Onward"
    emergency_phone: str = "911"
    crisis_phone: str = "988"
    helpline_name: str = "SAMHSA National Helpline"
    helpline_phone: str = "1-800-662-4357"
    exit_url: str = "https://www.weather.gov/"
    """Where the link for leaving quickly leads: a harmless page of another site."""
    results_ttl_days: int = 30
    """Days for which the address of a results page can be opened."""
    map_tiles_url: str = ""
    """Address of pictures behind the map of the results, with {z}, {x} and {y}; empty: none are loaded."""
    map_tiles_credit: str = ""
    """Whose pictures they are, as their licence wants it said."""
    ratelimit_storage_uri: str = "memory://"
    """Where rate limits are counted: memory:// (per worker) or redis://… (all workers and machines)."""
    ratelimit_enabled: bool = True
    trusted_hosts: tuple[str, ...] = ()
    """Host names that are answered; empty: any."""
    proxy_hops: int = 0
    """How many proxies in front may be believed about the client's address and HTTPS."""
    staff_idle_minutes: int = 120
    """Minutes after which somebody who does nothing is signed out."""
    staff_session_hours: int = 12
    """Hours after which everybody has to sign in again."""
    staff_totp_required: str = "none"
    """Who must use a code from an app besides the password: none, admin or all."""

    geocoder: str = "none"
    """Who finds the map point of an address that staff enter: none, nominatim, photon, pelias or arcgis."""
    geocoder_url: str = ""
    """Address of an own server of that kind; empty: the public one."""
    geocoder_key: str = ""
    """The key that the server wants."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, instance: Path = ROOT / "instance") -> Config:
        """Read the settings. Raises ConfigError when one is missing, malformed or misspelt."""
        known = {field.name.upper() for field in fields(cls)} | {"ONWARD_LOCAL", "ONWARD_TORTURE"}
        for name in env:
            if name not in known and (
                name.startswith(OWN_PREFIXES) or get_close_matches(name, OFTEN_MISSPELT, 1, 0.8)
            ):
                near = ", ".join(sorted(k for k in known if k.startswith(name.split("_")[0]))) or "none"
                raise ConfigError(f"{name} is not a setting of Onward. Settings with that beginning: {near}.")
        values: dict[str, object] = {}
        for field in fields(cls):
            name = field.name.upper()
            if name in env and field.name not in ("secret_key", "database_url"):
                read = _READERS.get(field.name) or _READERS[str(field.type)]
                values[field.name] = read(name, env[name])
        if values.get("results_ttl_days") == 0:
            raise ConfigError("RESULTS_TTL_DAYS must be 1 or more: with 0 no results page could be opened.")
        for name in ("staff_idle_minutes", "staff_session_hours"):
            if values.get(name) == 0:
                raise ConfigError(f"{name.upper()} must be 1 or more: with 0 nobody could stay signed in.")
        if not str(values.get("exit_url", "https://")).startswith("https://"):
            raise ConfigError("EXIT_URL must begin with https://.")
        if values.get("map_tiles_url") and not values.get("map_tiles_credit"):
            raise ConfigError("MAP_TILES_CREDIT must say whose pictures MAP_TILES_URL loads: their licence wants it.")
        _check_geocoder(values)
        is_local = env.get("ONWARD_LOCAL") == "1" or env.get("FLASK_RUN_FROM_CLI") == "true"
        return cls(
            secret_key=_secret_key(env, instance, is_local=is_local),
            database_url=_database_url(env, instance),
            **values,  # type: ignore[arg-type]  # each reader gives its field's type
        )


def _check_geocoder(values: Mapping[str, object]) -> None:
    """What cannot work, or what the public servers do not allow, is said at the start."""
    kind = values.get("geocoder", "none")
    if kind == "none" and (values.get("geocoder_url") or values.get("geocoder_key")):
        kinds = ", ".join(GEOCODERS[1:])
        raise ConfigError(f"GEOCODER must say what kind of server GEOCODER_URL and GEOCODER_KEY are for: {kinds}.")
    if kind == "pelias" and not values.get("geocoder_url"):
        raise ConfigError(
            "GEOCODER_URL must be set for pelias, which has no public server: https://pelias.example.org"
        )
    if kind == "arcgis" and not (values.get("geocoder_key") or values.get("geocoder_url")):
        raise ConfigError("GEOCODER_KEY must be set for arcgis: without a key Esri does not let anyone keep points.")


def _secret_key(env: Mapping[str, str], instance: Path, *, is_local: bool) -> str:
    """The key from the environment; for a local run one that is made once and kept under instance/."""
    key = env.get("SECRET_KEY", "")
    if key:
        if len(key) < MIN_KEY_LENGTH:
            raise ConfigError(
                f"SECRET_KEY is too short: use {MIN_KEY_LENGTH} characters or more, as from `openssl rand -hex 32`."
            )
        return key
    if not is_local:
        raise ConfigError(
            "SECRET_KEY is not set. Give each installation its own, for example SECRET_KEY=$(openssl rand -hex 32), "
            "and keep it: sealed links of results stop working when it changes. `make run` makes one by itself."
        )
    path = instance / "secret_key"
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written whole before it gets its name: processes that start together must all read the same whole key.
        descriptor, draft = tempfile.mkstemp(dir=instance)  # with mode 0600
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)
    key = path.read_text(encoding="ascii").strip()
    if len(key) < MIN_KEY_LENGTH:
        raise ConfigError(f"{path} holds no key. Delete this file, and the next start makes a new one.")
    return key


def _database_url(env: Mapping[str, str], instance: Path) -> str:
    url = env.get("DATABASE_URL", "")
    if not url:
        instance.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{instance / 'onward.db'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    return url


def _read_text(name: str, text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ConfigError(f"{name} is empty or holds characters that cannot be printed.")
    return text.strip()


def _read_count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise ConfigError(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _read_flag(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise ConfigError(f"{name} must be 1 (yes) or 0 (no), not {text!r}.")
    return text == "1"


def _read_list(name: str, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _read_text(name, text).split(",") if part.strip())


def _read_text_or_none(name: str, text: str) -> str:
    return _read_text(name, text) if text.strip() else ""


def _read_tiles_url(name: str, text: str) -> str:
    """The host goes into the headers of every page, so it must be nothing but a host."""
    url = _read_text_or_none(name, text)
    if url and not TILES_URL.fullmatch(url):
        raise ConfigError(
            f"{name} must begin with https:// and a host, hold {{z}}, {{x}} and {{y}} once each behind it, and "
            "nothing else in braces, as in https://tiles.example.org/{z}/{x}/{y}.png."
        )
    return url


def _read_totp_required(name: str, text: str) -> str:
    if text not in ("none", "admin", "all"):
        raise ConfigError(f"{name} must be none, admin or all, not {text!r}.")
    return text


def _read_geocoder(name: str, text: str) -> str:
    if text not in GEOCODERS:
        raise ConfigError(f"{name} must be one of {', '.join(GEOCODERS)}, not {text!r}.")
    return text


def _read_server_url(name: str, text: str) -> str:
    url = _read_text_or_none(name, text)
    if url and not SERVER_URL.fullmatch(url):
        raise ConfigError(
            f"{name} must begin with https:// or http:// and a host, and may hold a path, as in "
            "https://nominatim.example.org. It may hold no name, no key and no question mark."
        )
    return url


_READERS: dict[str, Callable[[str, str], object]] = {
    "map_tiles_url": _read_tiles_url,
    "map_tiles_credit": _read_text_or_none,
    "staff_totp_required": _read_totp_required,
    "geocoder": _read_geocoder,
    "geocoder_url": _read_server_url,
    "geocoder_key": _read_text_or_none,
    "str": _read_text,
    "int": _read_count,
    "bool": _read_flag,
    "tuple[str, ...]": _read_list,
}
"""By the name of the setting, or else by its type."""
