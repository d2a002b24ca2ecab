#!/bin/sh
# Becomes a real systemd that is process 1 of a PID namespace: `unshare --mount sh pid-one.sh GROUP
# PLACE`. It must do nothing to the host: whatever is mounted is read-only to it but PLACE, /run is
# its own, it sees none of the host's units (one that is pulled in may empty /tmp), and its control
# groups lie below GROUP. It dies with whoever started it.
set -e
group=$1
place=$2
mount --make-rprivate /
mount --bind "$place" "$place"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd/system /run/empty
for folder in /etc/systemd /etc/init.d /usr/lib/systemd/system /usr/lib/systemd/system-generators \
  /lib/systemd/system /lib/systemd/system-generators /usr/local/lib/systemd; do
  [ ! -d "$folder" ] || mount --bind /run/empty "$folder"
done
printf '[Unit]\nDefaultDependencies=no\n' > /run/systemd/system/quiet.target
if [ -e /sys/fs/cgroup/systemd/cgroup.procs ]; then
  # It would make folders beside the hierarchies of version 1: it gets a place of its own for them.
  mkdir /run/groups
  mount -t tmpfs tmpfs /run/groups
  for tree in /sys/fs/cgroup/*; do
    [ -e "$tree/cgroup.procs" ] && [ ! -L "$tree" ] || continue
    mkdir "/run/groups/${tree##*/}"
    mount --bind "$tree" "/run/groups/${tree##*/}"
  done
  mount --rbind /run/groups /sys/fs/cgroup
fi
for tree in /sys/fs/cgroup/*; do
  # Where it makes no groups everything is at the root, as on a host of its own.
  [ ! -e "$tree/cgroup.procs" ] || echo $$ > "$tree/cgroup.procs"
done
for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
  [ -e "$tree/cgroup.procs" ] || continue
  mkdir -p "$tree/$group"
  echo $$ > "$tree/$group/cgroup.procs"
done
mount -o remount,bind,ro /sys
mount -o remount,bind,ro /
if touch /tmp/lastgood-test-guard 2> /dev/null; then
  rm /tmp/lastgood-test-guard
  echo 'the host would not be safe from it' >&2
  exit 75
fi
exec unshare --pid --fork --uts --ipc --mount-proc --kill-child sh -e -c '
  mount --bind /proc/sys /proc/sys
  mount -o remount,bind,ro /proc/sys
  exec env -i container=lastgood-test PATH="$PATH" /usr/lib/systemd/systemd \
    --system --unit=quiet.target --log-target=null --show-status=no'
