#!/bin/sh
# Builds deploy/Containerfile around a program that is there already, runs it, and asks what one asks of a container:
# tests/faults/container.sh PROGRAM PORT. Needs root, podman, runc and debootstrap; no registry of images.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1 port=$2
folder=$(mktemp -d)
base=${RINGCARD_CONTAINER_BASE:-$folder/base}
# Where no systemd is, podman complains that nobody will ask how healthy it is.
log=$folder/log
pod() {
    podman --root "$folder/images" --runroot "$folder/run" --storage-driver vfs --runtime runc --cgroup-manager cgroupfs \
        "$@" 2>>"$log"
}
end() {
    [ $? = 0 ] || cat "$log" >&2
    pod rm --force --time 1 ringcard >/dev/null 2>&1 || :
    rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM
fail() {
    pod logs ringcard >>"$log" || :
    echo "$1" >>"$log"
    exit 1
}

# The base has the name that the file asks for.
[ -d "$base" ] || debootstrap --variant=minbase bookworm "$base" >"$log" || fail "there is no base to build on"
tar -C "$base" -c . | pod import --quiet - docker.io/library/debian:bookworm-slim >/dev/null
# The program is built already: the folder stands for the stage that would do it.
install -D "$program" "$folder/built/src/target/release/ringcard"
pod build --quiet --isolation chroot --format docker --build-context "build=$folder/built" \
    --file "$here/../../deploy/Containerfile" --tag ringcard "$folder/built" >/dev/null

run() {
    # A machine of tests may raise no limits.
    pod run --detach --name ringcard --network host --ulimit nofile=4096:4096 --ulimit nproc=4096:4096 \
        --env "RINGCARD_LISTEN=127.0.0.1:$port" --volume data:/data ringcard "$@" >/dev/null
    for _ in $(seq 100); do
        if pod healthcheck run ringcard >/dev/null; then return; fi
        sleep 0.1
    done
    fail "it never gets healthy"
}

run
[ "$(pod exec ringcard id -u)" = 65532 ] || fail "it is not run by the user who owns nothing"
pod exec ringcard touch /usr/bin/ringcard && fail "it can write beside its data"
echo 'correct horse battery' | pod exec -i ringcard ringcard user add anna --role admin --password-stdin >/dev/null
pod exec ringcard ringcard check >"$folder/check" || fail "it finds fault with itself: $(cat "$folder/check")"
pod stop --time 5 ringcard >/dev/null
[ "$(pod inspect --format '{{.State.ExitCode}}' ringcard)" = 0 ] || fail "it does not end by itself"
pod rm ringcard >/dev/null
run
pod exec ringcard ringcard user list | grep -q anna || fail "its data went with the container"
echo "built, run, stopped and run again on its data"
