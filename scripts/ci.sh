#!/usr/bin/env bash
# Everything that must pass, in the order in which it fails fastest. Without arguments all of it; otherwise the steps that are named:
#   scripts/ci.sh fmt clippy
# The tools come from scripts/setup-tests.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
release=$(realpath "$target")/release/papo
unset PAPO_BIN
if [ -t 1 ]; then export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-always}; fi

step_fmt() { cargo fmt --check; }
step_clippy() { cargo clippy --locked --all-targets -- -D warnings; }
# What developers of extensions read; its examples are run by the tests.
step_doc() { RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked; }
# Nothing here builds images: what they are built from is looked at.
step_deploy() {
  local folder
  folder=$(mktemp -d)
  hadolint Dockerfile
  python3 -m check_jsonschema --builtin-schema vendor.compose-spec compose.yaml
  DOMAIN=papo.example caddy validate --adapter caddyfile --config deploy/Caddyfile 2>&1 | tail -n 1
  if command -v systemd-analyze >/dev/null; then
    # With a program that is there.
    sed 's|^ExecStart=/usr/local/bin/papo$|ExecStart=/bin/true|' deploy/papo.service >"$folder/papo.service"
    systemd-analyze verify "$folder/papo.service"
  else
    echo "no systemd here: the unit is not looked at"
  fi
  rm -rf "$folder"
}
step_web_unit() { node --test tests/web/unit/*.test.mjs; }
# Many tests wait for times of the protocol to pass: more of them at once than there are cores.
step_test() { RUST_TEST_THREADS=8 cargo test --locked; }
step_release() { cargo build --locked --release; }
# Tests that take minutes, against the program as people run it.
step_slow() {
  PAPO_BIN=$release cargo test --locked --tests -- --ignored
  PAPO_BIN=$release PAPO_KILLS=200 cargo test --locked --test crash kill_9
}
# What the server says of itself, held against it, without limits: what they refuse is chance, and has tests of its own.
step_api() {
  local python=$target/python/bin/python
  [ -x "$python" ] || python=python3
  "$python" tests/api/run.py --papo "$release" --seconds 60
}
# A browser that hangs fails its file instead of holding up everything; the longest file takes about two minutes.
step_e2e() { PAPO_BIN=$release node --test --test-concurrency=1 --test-timeout=600000 tests/web/e2e/*.test.mjs; }
# A client that knows nothing but docs/PROTOCOL.md.
step_python() {
  local folder server url status=0
  folder=$(mktemp -d)
  "$release" --listen 127.0.0.1:0 --data-dir "$folder/data" --uploads-dir "$folder/uploads" >"$folder/out" 2>"$folder/log" </dev/null &
  server=$!
  for _ in $(seq 100); do
    grep -q listening "$folder/out" && break
    sleep 0.1
  done
  url=$(sed -n 's/^papo listening on //p' "$folder/out")
  if [ -z "$url" ]; then
    echo "the server did not start within 10 s:"
    cat "$folder/log"
    rm -rf "$folder"
    return 1
  fi
  python3 tests/python/section1.py --url "$url" || status=1
  kill -TERM "$server" || status=1
  # It drains, and says by ending with 0 that everything is kept.
  wait "$server" || status=1
  if [ "$status" -ne 0 ]; then cat "$folder/log"; fi
  rm -rf "$folder"
  return "$status"
}

steps=(fmt deploy clippy doc web_unit test release slow e2e python api)
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=("${steps[@]}")
for step in "${wanted[@]}"; do
  [[ " ${steps[*]} " == *" $step "* ]] || { echo "ci: there is no step $step; there are: ${steps[*]}" >&2; exit 2; }
done

said=$(mktemp)
step=
trap 'status=$?; rm -f "$said"; [ "$status" -eq 0 ] || echo "== $step failed after $((SECONDS - began)) s"' EXIT
for step in "${wanted[@]}"; do
  began=$SECONDS
  printf '\n== %s\n' "$step"
  "step_$step" 2>&1 | tee -a "$said"
  printf '== %s passed in %s s\n' "$step" "$((SECONDS - began))"
done

# As the runners counted: cargo's "12 passed;", node's "pass 12", the python client's "ok  …", schemathesis's "1840 passed". Whoever gets here has failed nothing.
passed=$(sed -nE 's/.*test result: .* ([0-9]+) passed;.*/\1/p; s/^(#|ℹ) pass ([0-9]+)$/\2/p; s/^ok  .*/1/p; s/.* generated, ([0-9]+) passed.*/\1/p' "$said" | awk '{ sum += $1 } END { print sum + 0 }')
printf '\n== everything passed in %s s: %s\n%s passed, 0 failed\n' "$SECONDS" "${wanted[*]}" "$passed"
