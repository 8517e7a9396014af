#!/bin/sh
# Unpacks Cyrus IMAP of the distribution, with the libraries that it needs, into the folder that is named. It is not installed, since its
# package conflicts with Dovecot's, and nothing is started or configured. Does nothing when it is there already.
set -eu
target=$1
[ ! -x "$target/usr/lib/cyrus/bin/master" ] || exit 0

# Beside it, so that what is complete appears at once.
work=$target.$$
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/archives/partial" "$work/root"
apt-get install -q -y --no-install-recommends --download-only \
    -o Dir::Cache::archives="$work/archives" -o Debug::NoLocking=1 cyrus-imapd
for package in "$work"/archives/*.deb; do
    case ${package##*/} in
        libc6_* | libc-bin_*) ;; # What runs here stays what all programs run with.
        *) dpkg-deb --extract "$package" "$work/root" ;;
    esac
done
rm -rf "$target"
mv "$work/root" "$target"
chmod 755 "$target"
