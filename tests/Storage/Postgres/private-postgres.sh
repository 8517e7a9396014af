#!/bin/sh
# Runs one private PostgreSQL cluster for as long as standard input stays open, then removes it.
# The test process holds the other end of that pipe: when it ends, in whatever way, the pipe closes and this ends too.
# Should this process itself be killed, its folder's lock is free, and the next start stops and removes what is left.
# Arguments: the folder of the server's programs, a port, further lines of its configuration. Prints "ready" once connections are
# served.
set -eu
bin=$1 port=$2
shift 2
trap '' INT TERM HUP

base=${TMPDIR:-/tmp}
[ -w "$base" ] || base=/tmp
base=$base/emailtracking-postgres-$(id -u)
mkdir -p -m 700 "$base"

# Two test processes start at once: the lock on the base folder keeps one from taking the other's new folder for a stale one.
exec 8>"$base/lock"
flock 8
for run in "$base"/run.*; do
    [ -d "$run" ] || continue
    if flock -n "$run.lock" true; then
        "$bin/pg_ctl" -D "$run/data" -m immediate stop >/dev/null 2>&1 || true
        rm -rf "$run" "$run.lock"
    fi
done
run=$(mktemp -d "$base/run.XXXXXX")
exec 9>"$run.lock"
flock 9
exec 8>&-

stop() {
    "$bin/pg_ctl" -D "$run/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$run" "$run.lock"
}

# Creating the cluster unsynced is safe, a machine that goes down takes the run with it; the server itself syncs every commit.
if ! "$bin/initdb" -D "$run/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >"$run/log" 2>&1; then
    cat "$run/log" >&2
    stop
    exit 1
fi

cat >>"$run/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 200
fsync = on
synchronous_commit = on
$(printf '%s\n' "$@")
CONF

# Neither lock may live on in the server: it would look alive to the next start after this process was killed.
if ! "$bin/pg_ctl" -D "$run/data" -l "$run/log" -w -t 60 start >/dev/null 8>&- 9>&-; then
    cat "$run/log" >&2
    stop
    exit 1
fi

echo ready
read -r _ || true
stop
