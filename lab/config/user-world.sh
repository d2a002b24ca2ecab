# Prepares a user namespace for routers, as root in name only; then keeps it until it is killed.
# $1 is a folder of our own. FRR wants a user and a group of its own: here both are root.
set -e
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/netns /run/frr
(grep -v '^frr:' /etc/passwd; echo 'frr:x:0:0::/:/bin/false') > "$1/passwd"
(grep -vE '^(frr|frrvty|adm):' /etc/group; printf '%s:x:0:root\n' frr frrvty adm) > "$1/group"
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
[ ! -d /etc/frr ] || mount -t tmpfs -o mode=755 tmpfs /etc/frr
: > "$1/ready"
exec sleep infinity
