"""Settings: no start without a key of its own, none with a misspelt or malformed value, and each told clearly."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import Config, ConfigError

KEY = {"SECRET_KEY": "0123456789abcdef0123456789abcdef"}


def test_outside_local_runs_a_key_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"SECRET_KEY is not set.*openssl rand -hex 32"):
        Config.from_env({}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="10 characters"):
        Config.from_env({"SECRET_KEY": "changeme"}, tmp_path)


@pytest.mark.parametrize("env", [{"ONWARD_LOCAL": "1"}, {"FLASK_RUN_FROM_CLI": "true"}], ids=str)
def test_a_local_run_makes_a_key_once_that_only_its_owner_can_read(tmp_path: Path, env: dict[str, str]) -> None:
    instance = tmp_path / "instance"
    first = Config.from_env(env, instance).secret_key
    assert len(first) >= 32
    assert Config.from_env(env, instance).secret_key == first
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in instance.iterdir()] == ["secret_key"]
    assert Config.from_env(env, tmp_path / "other").secret_key != first


def test_processes_that_start_together_get_the_same_key(tmp_path: Path) -> None:
    for number in range(20):
        with ThreadPoolExecutor(8) as pool:
            instance = tmp_path / str(number)
            configs = pool.map(lambda _n, at=instance: Config.from_env({"ONWARD_LOCAL": "1"}, at), range(8))
            assert len({config.secret_key for config in configs}) == 1


def test_an_empty_key_file_is_not_taken_for_a_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(ConfigError, match="holds no key"):
        Config.from_env({"ONWARD_LOCAL": "1"}, tmp_path)


@pytest.mark.parametrize(
    "name", ["SITE_PACKAGES", "RESULTS_DIR", "EMERGENCY_CONTACT", "PROXY_HOST", "SECRET_KEY_BASE"]
)
def test_what_belongs_to_others_does_not_stop_the_start(tmp_path: Path, name: str) -> None:
    assert Config.from_env(KEY | {name: "1"}, tmp_path).site_name == "Onward"


@pytest.mark.parametrize(
    "name",
    [
        "SITE_NAEM",
        "HELPLINE_NUMBER",
        "RESULTS_TTL",
        "RATELIMIT_STORAGE",
        "ONWARD_DEBUG",
        "CRISIS_NUMBER",
        "TRUSTED_HOST",
    ],
)
def test_a_misspelt_setting_stops_the_start_with_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is not a setting.*{name.split('_')[0]}_"):
        Config.from_env(KEY | {name: "1"}, tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SITE_NAME", ""),
        ("SITE_NAME", "   "),
        ("SITE_NAME", "On\nward"),
        ("HELPLINE_PHONE", "\x00"),
        ("RESULTS_TTL_DAYS", "-1"),
        ("RESULTS_TTL_DAYS", "0"),
        ("RESULTS_TTL_DAYS", "thirty"),
        ("RESULTS_TTL_DAYS", "1.5"),
        ("RESULTS_TTL_DAYS", "٣"),
        ("RESULTS_TTL_DAYS", "9999999"),
        ("RATELIMIT_ENABLED", "yes"),
        ("PROXY_HOPS", "one"),
        ("TRUSTED_HOSTS", ""),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "onward.db"),
    ],
)
def test_a_malformed_value_stops_the_start_and_is_named(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.from_env(KEY | {name: text}, tmp_path)


def test_every_setting_is_read_from_its_name_in_capitals(tmp_path: Path) -> None:
    env = {
        "SITE_NAME": " Way On ", "EMERGENCY_PHONE": "112", "CRISIS_PHONE": "113", "HELPLINE_NAME": "County line",
        "HELPLINE_PHONE": "502-555-0199", "RESULTS_TTL_DAYS": "7", "RATELIMIT_ENABLED": "0", "PROXY_HOPS": "2",
        "RATELIMIT_STORAGE_URI": "memory://", "TRUSTED_HOSTS": "a.example, b.example",
        "DATABASE_URL": "postgres://db/x",
    }  # fmt: skip
    config = Config.from_env(KEY | env, tmp_path)
    assert config == Config(
        secret_key=KEY["SECRET_KEY"], database_url="postgresql+psycopg://db/x", site_name="Way On",
        emergency_phone="112", crisis_phone="113", helpline_name="County line", helpline_phone="502-555-0199",
        results_ttl_days=7, ratelimit_enabled=False, proxy_hops=2, trusted_hosts=("a.example", "b.example"),
    )  # fmt: skip


def test_what_belongs_to_other_programs_is_ignored(tmp_path: Path) -> None:
    config = Config.from_env(KEY | {"PATH": "/bin", "LANG": "C", "SITES": "1"}, tmp_path)
    assert config.database_url == f"sqlite:///{tmp_path / 'onward.db'}"
