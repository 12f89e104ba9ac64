#!/bin/sh
# Install what the tests need beside Python packages, where that is allowed (Debian or Ubuntu, as root).
# Elsewhere say what is missing: the tests that need it are skipped, or fail under CI=true.
set -eu

has() {
    case "$1" in
        chromium) command -v chromium >/dev/null ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null ;;
        postgis) ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 ;;
    esac
}

packages() {
    case "$1" in
        postgis) echo postgresql postgresql-postgis ;;
        *) echo "$1" ;;
    esac
}

is_updated=no
for thing in "$@"; do
    if has "$thing"; then continue; fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $thing ..."
        if [ $is_updated = no ]; then apt-get update -qq; is_updated=yes; fi
        # shellcheck disable=SC2046
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(packages "$thing") >/dev/null || true
    fi
    has "$thing" || echo "Not here and not installable: $thing. What needs it is skipped (under CI=true it fails)."
done
