"""Settings of accounts: read from the environment, and a wrong one stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Config, ConfigError

KEY = {"SECRET_KEY": "0123456789abcdef0123456789abcdef"}


def test_the_limits_of_sessions_and_who_needs_a_second_step_are_settings(tmp_path: Path) -> None:
    env = {"STAFF_IDLE_MINUTES": "30", "STAFF_SESSION_HOURS": "8", "STAFF_TOTP_REQUIRED": "admin"}
    config = Config.from_env(KEY | env, tmp_path)
    assert (config.staff_idle_minutes, config.staff_session_hours, config.staff_totp_required) == (30, 8, "admin")
    config = Config.from_env(KEY, tmp_path)
    assert (config.staff_idle_minutes, config.staff_session_hours, config.staff_totp_required) == (120, 12, "none")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("STAFF_IDLE_MINUTES", "0"),
        ("STAFF_IDLE_MINUTES", "an hour"),
        ("STAFF_SESSION_HOURS", "0"),
        ("STAFF_TOTP_REQUIRED", "yes"),
        ("STAFF_TOTP_REQUIRED", ""),
        ("STAFF_TOTP", "all"),
    ],
)
def test_a_wrong_value_or_name_stops_the_start(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.from_env(KEY | {name: text}, tmp_path)
