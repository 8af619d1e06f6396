#!/bin/sh
# Packs a built program for Debian and its kin: deploy/deb.sh [PROGRAM [FOLDER]]. Needs dpkg-deb alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../target/release/ringcard}
folder=${2:-.}
version=$("$program" --version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
# A program runs where the C library is not older than where it was linked.
libc=$(dpkg-query --show --showformat='${Version}' libc6 | cut -d- -f1)
tree=$(mktemp -d)
chmod 0755 "$tree"
trap 'rm -rf "$tree"' EXIT

install -D -m 0755 "$program" "$tree/usr/bin/ringcard"
install -D -m 0644 "$here/ringcard.service" "$tree/usr/lib/systemd/system/ringcard.service"
install -D -m 0644 "$here/ringcard.sysusers" "$tree/usr/lib/sysusers.d/ringcard.conf"
for page in README.md CHANGELOG.md SECURITY.md docs/operation.md; do
    install -D -m 0644 "$here/../$page" "$tree/usr/share/doc/ringcard/$(basename "$page")"
done
install -d -m 0750 "$tree/etc/ringcard"
cat >"$tree/etc/ringcard/ringcard.env" <<END
# A setting a line; \`ringcard --help\` names them all.
#RINGCARD_LISTEN=127.0.0.1:8080
#RINGCARD_BASE_URL=https://crm.example.org
#RINGCARD_BACKUP_DIR=
END
chmod 0640 "$tree/etc/ringcard/ringcard.env"

install -d "$tree/DEBIAN"
cat >"$tree/DEBIAN/control" <<END
Package: ringcard
Version: $version
Architecture: $architecture
Maintainer: the developers of ringcard <ringcard@localhost>
Section: comm
Priority: optional
Depends: libc6 (>= $libc), libgcc-s1, systemd
Description: CRM side of a cloud PBX
 Hears the PBX, keeps clients and calls, shows a card in the browser while the
 phone rings, and calls out.
END
echo /etc/ringcard/ringcard.env >"$tree/DEBIAN/conffiles"
cat >"$tree/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
    systemd-sysusers ringcard.conf
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        # An upgrade goes on with the new program; a first install waits for its settings.
        if [ -n "$2" ]; then systemctl try-restart ringcard.service; fi
    fi
fi
END
cat >"$tree/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl disable --now ringcard.service; fi
END
# The data stay, whatever is removed.
chmod 0755 "$tree/DEBIAN/postinst" "$tree/DEBIAN/prerm"
dpkg-deb --root-owner-group -Zzstd --build "$tree" "$folder/ringcard_${version}_$architecture.deb"
