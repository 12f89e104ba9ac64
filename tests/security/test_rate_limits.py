"""Searches are limited for each address, generously; nothing that identifies the address is kept."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from config import ConfigError
from referral.extensions import limiter
from tests.conftest import make_app
from tests.security.conftest import prepared_site

LIMIT = 120


class Broken(MemoryStorage):
    """A store that cannot be reached."""

    STORAGE_SCHEME = ["broken"]  # noqa: RUF012 - the attribute that the library registers it by

    def incr(self, *_args: object, **_kwargs: object) -> int:
        raise ConnectionError

    def check(self) -> bool:
        return False


@pytest.fixture
def limited(site_path: Path) -> FlaskClient:
    return prepared_site(f"sqlite:///{site_path}", ratelimit_enabled=True).test_client()


@pytest.fixture(autouse=True)
def limits_are_off_again(site_path: Path) -> Iterator[None]:
    yield
    make_app(f"sqlite:///{site_path}")


def post(client: FlaskClient, address: str = "203.0.113.5", path: str = "/api/v1/match", **headers: str) -> int:
    """An empty search from this address: refused as wrong, but counted."""
    return client.post(path, headers=headers, environ_base={"REMOTE_ADDR": address}).status_code


def spend(client: FlaskClient, address: str = "203.0.113.5") -> None:
    assert {post(client, address) for _ in range(LIMIT)} == {415}


def test_pages_and_api_are_counted_together(limited: FlaskClient) -> None:
    spend(limited)
    assert post(limited, path="/") == 429
    assert post(limited) == 429


def test_another_address_is_not_touched(limited: FlaskClient) -> None:
    spend(limited)
    assert post(limited, "203.0.113.6") == 415


def test_reading_is_not_limited(limited: FlaskClient) -> None:
    spend(limited)
    address = {"REMOTE_ADDR": "203.0.113.5"}
    assert {limited.get("/", environ_base=address).status_code for _ in range(LIMIT + 1)} == {200}


def test_a_header_that_anyone_can_write_does_not_lift_it(limited: FlaskClient) -> None:
    spend(limited)
    forged = {"X-Forwarded-For": "198.51.100.1", "Forwarded": "for=198.51.100.1", "X-Real-IP": "198.51.100.1"}
    assert post(limited, **forged) == 429


def test_a_trusted_proxy_names_the_address(site_path: Path) -> None:
    client = prepared_site(f"sqlite:///{site_path}", ratelimit_enabled=True, proxy_hops=1).test_client()
    for _ in range(LIMIT):
        post(client, "127.0.0.1", **{"X-Forwarded-For": "203.0.113.5"})
    assert post(client, "127.0.0.1", **{"X-Forwarded-For": "203.0.113.5"}) == 429
    assert post(client, "127.0.0.1", **{"X-Forwarded-For": "198.51.100.7, 203.0.113.5"}) == 429
    assert post(client, "127.0.0.1", **{"X-Forwarded-For": "203.0.113.6"}) == 415


def test_one_ipv6_network_counts_as_one_address(limited: FlaskClient) -> None:
    for number in range(LIMIT):
        post(limited, f"2001:db8:0:1::{number:x}")
    assert post(limited, "2001:db8:0:1:ffff::1") == 429
    assert post(limited, "2001:db8:0:2::1") == 415


def test_the_store_does_not_hold_the_address(limited: FlaskClient) -> None:
    post(limited)
    storage = limiter.storage
    assert isinstance(storage, MemoryStorage)
    assert len(storage.storage) == 1
    assert "203.0.113.5" not in str(vars(storage))


def test_without_its_store_a_search_is_answered_and_still_counted(site_path: Path) -> None:
    settings = {"ratelimit_enabled": True, "ratelimit_storage_uri": "broken://"}
    client = prepared_site(f"sqlite:///{site_path}", **settings).test_client()
    spend(client)
    assert post(client) == 429


def test_a_store_that_says_nothing_holds_nobody_up(site_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings = {"ratelimit_enabled": True, "ratelimit_storage_uri": uri}
        client = prepared_site(f"sqlite:///{site_path}", **settings).test_client()
        started = time.monotonic()
        spend(client)
        assert post(client) == 429
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("uri", ["nonsense://", "redis-of-ours"])
def test_a_store_that_does_not_exist_stops_the_start(site_path: Path, uri: str) -> None:
    with pytest.raises(ConfigError, match="RATELIMIT_STORAGE_URI"):
        make_app(f"sqlite:///{site_path}", ratelimit_enabled=True, ratelimit_storage_uri=uri)
