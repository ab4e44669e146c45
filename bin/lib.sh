# Shared by the scripts beside it: installs what a fresh Debian machine lacks.

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        echo "please run as root: $*" >&2
        exit 1
    fi
}

# need COMMAND PACKAGE…: installs the Debian packages unless the command is there.
need() {
    command -v "$1" >/dev/null 2>&1 && return 0
    shift
    if [ -z "${APT_UPDATED:-}" ]; then
        as_root apt-get update -qq
        APT_UPDATED=1
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

# The embedded database is C.
need_build_tools() {
    command -v cargo >/dev/null || { echo "Rust is needed: https://rustup.rs" >&2; exit 1; }
    need cc gcc libc6-dev
    need make make
}

# PostgreSQL and NATS for the tests: those of the machine if they answer, else our own, ended with the script.
need_services() {
    need psql postgresql-client
    need nats-server nats-server
    WORK=$(mktemp -d)
    trap 'stop_services' EXIT
    export DIENHONG_TEST_POSTGRES="${DIENHONG_TEST_POSTGRES:-postgres://postgres@127.0.0.1:5432/postgres}"
    if ! psql "$DIENHONG_TEST_POSTGRES" -qtc 'SELECT 1' >/dev/null 2>&1; then
        start_postgres
    fi
    export DIENHONG_TEST_NATS="${DIENHONG_TEST_NATS:-nats://127.0.0.1:4222}"
    if ! nats_answers 4222; then
        nats-server -a 127.0.0.1 -p 14222 -js -sd "$WORK/nats" >"$WORK/nats.log" 2>&1 &
        NATS_PID=$!
        export DIENHONG_TEST_NATS=nats://127.0.0.1:14222
    fi
}

nats_answers() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || bash -c "exec 3<>/dev/tcp/127.0.0.1/$1" 2>/dev/null
}

start_postgres() {
    need /usr/lib/postgresql postgresql
    PG_BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
    if [ -z "$PG_BIN" ]; then
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql >/dev/null
        PG_BIN=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
    fi
    # PostgreSQL refuses to run as root.
    if [ "$(id -u)" = 0 ]; then
        chmod 755 "$WORK" && mkdir "$WORK/pg" && chown postgres "$WORK/pg"
        AS="runuser -u postgres --"
    else
        AS=
        mkdir "$WORK/pg"
    fi
    $AS "$PG_BIN/initdb" -D "$WORK/pg/data" -U postgres -A trust >"$WORK/initdb.log"
    $AS "$PG_BIN/pg_ctl" -D "$WORK/pg/data" -w -l "$WORK/pg/log" \
        -o "-p 15432 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$WORK/pg" start >/dev/null
    PG_DATA="$WORK/pg/data"
    export DIENHONG_TEST_POSTGRES=postgres://postgres@127.0.0.1:15432/postgres
}

stop_services() {
    status=$?
    [ -z "${NATS_PID:-}" ] || kill "$NATS_PID" 2>/dev/null || true
    [ -z "${PG_DATA:-}" ] || $AS "$PG_BIN/pg_ctl" -D "$PG_DATA" -m fast stop >/dev/null 2>&1 || true
    rm -rf "$WORK"
    exit $status
}

# Node and a browser for the tests of the pages.
need_browser() {
    need node nodejs
    need npm npm
    need chromium chromium
}
