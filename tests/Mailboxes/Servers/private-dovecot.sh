#!/bin/sh
# Runs one private Dovecot server for as long as standard input stays open, then removes it.
# The test process holds the other end of that pipe: when it ends, in whatever way, the pipe closes and this ends too.
# Should this process itself be killed, its folder's lock is free, and the next start stops and removes what is left.
# Prints the folder where the caller writes dovecot.conf, then obeys lines: "start" (answered by "ready") and "stop". "ended" says that
# the server is not there any more, asked or not; why not is in the folder's log.
set -eu
trap '' INT TERM HUP

base=${TMPDIR:-/tmp}
[ -w "$base" ] || base=/tmp
base=$base/emailtracking-dovecot-$(id -u)
mkdir -p -m 755 "$base"

exec 8>"$base/lock"
flock 8
for run in "$base"/run.*; do
    [ -d "$run" ] || continue
    if flock -n "$run.lock" true; then
        kill "$(cat "$run/base/master.pid")" 2>/dev/null || true
        rm -rf "$run" "$run.lock"
    fi
done
run=$(mktemp -d "$base/run.XXXXXX")
exec 9>"$run.lock"
flock 9
exec 8>&-

# The server gives up its rights and changes to users of its own.
chmod 755 "$run"
mkdir "$run/base" "$run/state" "$run/mail" "$run/users"
[ "$(id -u)" != 0 ] || chown "$1" "$run/mail"
mkfifo "$run/said"

server=
start() {
    "$2" -F -c "$1/dovecot.conf" >"$1/said" 2>&1 </dev/null 9>&- &
    server=$!
    while read -r line; do
        echo "$line" >>"$run/log"
        case $line in
            *"starting up"*) echo ready ;;
        esac
    done <"$run/said" 9>&- && echo ended &
}

stop() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" || true
        server=
    fi
}

echo "$run"
while read -r command; do
    case $command in
        start) start "$run" "$2" ;;
        stop) stop ;;
    esac
done
stop
rm -rf "$run" "$run.lock"
