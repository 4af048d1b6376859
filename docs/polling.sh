#!/bin/sh
# A talk over plain HTTP, with nothing but curl: join a room, say something, wait for an answer, leave.
#
#   docs/polling.sh http://127.0.0.1:8080 sala-1 'oi, alguém aí?'
#
# Who one is: PAPO_TOKEN is the token of a login, as POST /api/login tells it. Without one this comes in as the guest PAPO_USERNAME
# ("curl" unless said otherwise), where the server lets guests in (--guests). Every answer is printed as it is, a line each; what is in
# them is told by docs/PROTOCOL.md, "Rooms over plain HTTP". An answer that is an error ends the script with 22, as curl does.
set -eu

[ $# -eq 3 ] || { echo "usage: $0 URL ROOM MESSAGE" >&2; exit 2; }
url=$1 room=$2 message=$3
token=${PAPO_TOKEN:-}
username=${PAPO_USERNAME:-curl}

# $1 as a JSON string.
json() {
  printf '"%s"' "$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')"
}

# The number in the field $2 of the answer $1.
number() {
  printf '%s' "$1" | sed -n "s/.*\"$2\":\([0-9]*\).*/\1/p"
}

# POST $1 with the JSON object $2.
post() {
  curl --silent --show-error --fail-with-body ${token:+--header "Authorization: Bearer $token"} \
    --header 'Content-Type: application/json' --data-binary "$2" "$url$1"
}

# GET $1 with the query that follows.
get() {
  path=$1; shift
  curl --silent --show-error --fail-with-body --header "Authorization: Bearer $token" --get "$@" "$url$path"
}

# 1. Sit down. Who is not signed in is a guest from now on, and is told the token once.
joined=$(post /join "{\"room\":$(json "$room"),\"username\":$(json "$username")}") || { echo "$joined"; exit 22; }
printf '%s\n' "$joined"
[ -n "$token" ] || token=$(printf '%s' "$joined" | sed -n 's/.*"token":"\([^"]*\)".*/\1/p')

# 2. Say something. The client_id makes it safe to repeat, where an answer was lost: it is said once.
sent=$(post /send "{\"room\":$(json "$room"),\"message\":$(json "$message"),\"client_id\":\"$$-$(date +%s)\"}") || { echo "$sent"; exit 22; }
printf '%s\n' "$sent"

# 3. Wait up to 25 seconds for what comes after that. Go on with `after`, the newest seq one has; or with `since`, the `now` of the
#    answer before. As long as one asks at least every 30 seconds, one is in the room.
news=$(get /receive --data-urlencode "room=$room" --data "after=$(number "$sent" seq)" --data 'wait=25') || { echo "$news"; exit 22; }
printf '%s\n' "$news"

# 4. Where one is.
get /user_rooms && echo

# 5. Get up. The last one out closes a room that is not permanent.
post /leave "{\"room\":$(json "$room")}" && echo

# 6. A guest who signs out leaves the name to others at once; without that it is free a few seconds later.
[ -n "${PAPO_TOKEN:-}" ] || post /api/logout '{}'
