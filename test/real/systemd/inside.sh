#!/bin/sh
# Runs a command beside a real systemd of its own, in a mount namespace where nothing else sees it:
# `unshare --mount sh inside.sh HOME COMMAND…`. Only this user's systemd is started, and only an
# empty target of it, so that no unit of the host is touched.
set -e
HOME=$1
shift
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd/system /run/user/0 "$HOME/.config/systemd/user"
chmod 700 /run/user/0
printf '[Unit]\nDefaultDependencies=no\n' > "$HOME/.config/systemd/user/quiet.target"
for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
  if [ -e "$tree/cgroup.procs" ]; then
    mkdir -p "$tree/lastgood-test-$$"
    echo $$ > "$tree/lastgood-test-$$/cgroup.procs"
    groups="$groups $tree/lastgood-test-$$"
  fi
done
export HOME XDG_RUNTIME_DIR=/run/user/0
/usr/lib/systemd/systemd --user --unit=quiet.target --log-target=null &
systemd=$!
tries=0
until systemctl --user is-system-running > /dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 100 ] || ! kill -0 $systemd; then echo 'no systemd' >&2; exit 75; fi
  sleep 0.1
done
code=0
"$@" || code=$?
systemctl --user exit || true
wait $systemd || true
for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
  [ -e "$tree/cgroup.procs" ] && echo $$ > "$tree/cgroup.procs"
done
for group in $groups; do find "$group" -depth -type d -exec rmdir {} \; || true; done
exit $code
