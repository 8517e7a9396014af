#!/bin/sh
# Runs one private server for as long as standard input stays open, then removes it.
# The test process holds the other end of that pipe: when it ends, in whatever way, the pipe closes and this ends too.
# Should this process itself be killed, its folder's lock is free, and the next start stops and removes what is left.
# Its argument is the server's name. It prints the folder where the caller writes the configuration, and the script "run" that becomes
# the server, in the foreground. Then it obeys lines: "start" and "stop". It prints what the server says, each line behind "log ", and
# "ended" when the server is not there any more, asked or not.
set -eu
trap '' INT TERM HUP

base=${TMPDIR:-/tmp}
[ -w "$base" ] || base=/tmp
base=$base/emailtracking-$1-$(id -u)
mkdir -p -m 755 "$base"

exec 8>"$base/lock"
flock 8
for run in "$base"/run.*; do
    [ -d "$run" ] || continue
    if flock -n "$run.lock" true; then
        kill "$(cat "$run/pid")" 2>/dev/null || true
        rm -rf "$run" "$run.lock"
    fi
done
run=$(mktemp -d "$base/run.XXXXXX")
exec 9>"$run.lock"
flock 9
exec 8>&-

# The server gives up its rights and changes to users of its own.
chmod 755 "$run"
mkfifo "$run/said"

server=
start() {
    # In a session of its own: some servers end by ending their whole process group.
    setsid sh "$run/run" >"$run/said" 2>&1 </dev/null 9>&- &
    server=$!
    echo "$server" >"$run/pid"
    while read -r line; do
        echo "log $line"
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
        start) start ;;
        stop) stop ;;
    esac
done
stop
rm -rf "$run" "$run.lock"
