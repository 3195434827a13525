#!/usr/bin/env bash
# The units of deploy/ under a real systemd, as process 1 of namespaces of its own with a network of its own: what they say,
# how they are walled in, what a hang, a kill, a wrong password and a stop come to. Root on Linux with systemd 252 or later.
#   bash test/soak/units.sh [NODE...]    other Nodes to run the units with, beside the one in PATH
set -euo pipefail
self=$(readlink -f "${BASH_SOURCE[0]}")
root=$(dirname "$self")/../..
group=/sys/fs/cgroup/veza-units
[ -d /sys/fs/cgroup/unified ] && group=/sys/fs/cgroup/unified/veza-units

outer() {
  work=$(mktemp -d)
  mkdir -p "$group"
  trap 'rm -rf "$work"; rmdir "$group" 2>/dev/null || true' EXIT
  mkdir "$work/veza" "$work/nodes"
  cp -r "$root/deploy/systemd" "$self" "$work/"
  npm pack --silent --pack-destination "$work" "$root" >/dev/null
  (cd "$work/veza" && npm init --yes >/dev/null && npm install --omit=dev --no-audit --no-fund --silent "$work"/veza-cli-*.tgz)
  local count=0
  for node in "$(command -v node)" "$@"; do
    count=$((count + 1))
    cp "$node" "$work/nodes/$count"
  done
  (
    echo "$BASHPID" >"$group/cgroup.procs"
    # It takes no other signal.
    exec timeout -s KILL 300 unshare --mount --pid --fork --uts --ipc --net --cgroup --kill-child bash "$work/units.sh" inner "$work"
  ) >"$work/systemd.log" 2>&1 &
  local boot=$!
  until [ -e "$work/result" ] || ! kill -0 "$boot" 2>/dev/null; do sleep 0.5; done
  pkill -KILL -P "$boot" || true
  wait "$boot" 2>/dev/null || true
  cat "$work/drive.log" 2>/dev/null || cat "$work/systemd.log"
  [ "$(cat "$work/result" 2>/dev/null)" = 0 ]
}

# Process 1 of the namespaces: a system that holds nothing but the units, then systemd.
inner() {
  mount --make-rshared /
  mount -t proc proc /proc
  mount -t tmpfs -o mode=755 tmpfs /run
  work=/run/work
  mkdir "$work"
  mount --bind "$1" "$work"
  mount -t tmpfs -o mode=1777 tmpfs /tmp
  for folder in etc var opt; do
    mkdir -p "/run/layers/$folder/upper" "/run/layers/$folder/work"
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/run/layers/$folder/upper,workdir=/run/layers/$folder/work" "/$folder"
  done
  umount -R /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  ip link set lo up
  cp -a "$work/veza" "$work/nodes" /opt/
  mount -t tmpfs tmpfs /usr/local/sbin
  ln -s /opt/veza/node_modules/.bin/veza /usr/local/sbin/veza
  units=/run/units
  mkdir -p "$units"
  cp "$work"/systemd/*.service /usr/lib/systemd/system/systemd-journald* "$units/"
  rm -f "$units"/systemd-journald@* "$units"/systemd-journald-varlink@*
  for target in sysinit shutdown multi-user network-online sockets; do
    printf '[Unit]\nDefaultDependencies=no\n' >"$units/$target.target"
  done
  printf '[Unit]\nDefaultDependencies=no\nWants=systemd-journald.service drive.service\n' >"$units/basic.target"
  # What is named stays loaded, so that it can be asked how it ended.
  printf '[Unit]\nDefaultDependencies=no\nAfter=systemd-journald.service veza-bot.service\n[Service]\nType=oneshot\nExecStart=/bin/bash %s drive %s\nStandardOutput=file:%s/drive.log\nStandardError=inherit\nKillMode=process\n' \
    "$work/units.sh" "$work" "$work" >"$units/drive.service"
  settings
  export container=unshare SYSTEMD_UNIT_PATH=$units SYSTEMD_LOG_TARGET=console
  exec /lib/systemd/systemd --system --unit=basic.target
}

settings() {
  rm -rf /etc/veza
  mkdir -p /etc/veza/tail
  printf 'CHAT_SERVER_URL=http://127.0.0.1:8080\nBOT_USERNAME=bot\nBOT_FLAGS=--room general\n' >/etc/veza/bot.env
  printf 'CHAT_SERVER_URL=http://127.0.0.1:8080\nBOT_USERNAME=bob\n' >/etc/veza/tail.env
  (umask 077 && echo bot-pass >/etc/veza/bot.password && echo bob-pass >/etc/veza/tail.password)
  cat >/etc/veza/tail/general <<'END'
#!/bin/sh
{ echo "got $VEZA_MESSAGE_CONTENT"; env | grep -E '^(NOTIFY_SOCKET|WATCHDOG_)'; } >>"$STATE_DIRECTORY/seen" || true
END
  chmod 755 /etc/veza/tail/general
}

shown() { systemctl show "$1" --property "$2" --value; }

is() {
  if [ "$2" = "$3" ]; then
    echo "ok: $1"
  else
    echo "not ok: $1: $2 and not $3"
    failed=1
  fi
}

# Waits until a property has a value, for half a minute.
becomes() {
  local tries=0
  until [ "$(shown "$1" "$2")" = "$3" ] || [ $((tries += 1)) -gt 150 ]; do sleep 0.2; done
  is "$1 has $2=$3" "$(shown "$1" "$2")" "$3"
}

drive() {
  work=$1
  failed=0
  trap 'echo "${failed:-1}" >"$work/result"' EXIT
  cd /
  export VEZA_CONFIG_DIR=/run/veza-test VEZA_STATE_DIR=/run/veza-test
  veza sandbox --port 8080 2>/run/sandbox.log &
  sandbox=$!
  until grep -q ready: /run/sandbox.log; do sleep 0.2; done
  export VEZA_SERVER=http://127.0.0.1:8080 VEZA_USERNAME=alice VEZA_PASSWORD=alice-pass
  for node in /opt/nodes/*; do each "$node"; done
  faults
}

each() {
  ln -sf "$1" /usr/local/sbin/node
  systemctl start veza-bot veza-tail@general
  local pid
  pid=$(shown veza-bot MainPID)
  echo "Node $("/proc/$pid/exe" --version)"
  is 'the bot says what it does' "$(shown veza-bot StatusText)" 'listening to general and 0 conversations'
  is 'it is nobody' "$(awk '/^Uid/ {print ($2 > 60000)}' "/proc/$pid/status")" 1
  is 'it has no capability' "$(awk '/^CapBnd/ {print $2}' "/proc/$pid/status")" 0000000000000000
  is 'its system calls are filtered' "$(awk '/^Seccomp:/ {print $2}' "/proc/$pid/status")" 2
  local id
  id=$(veza messages send general '!bot ping' --json | sed -E 's/^\{"id": ?([0-9]+).*/\1/')
  is 'it answers' "$(veza messages wait general --since "$id" --reply-to "$id" --timeout 10s --json | grep -c Pong)" 1
  veza messages send general "through the hook $id" >/dev/null
  local tries=0
  until grep -q "hook $id" /var/lib/private/veza-tail-general/seen 2>/dev/null || [ $((tries += 1)) -gt 50 ]; do sleep 0.2; done
  is 'the tail runs its program' "$(grep -c "hook $id" /var/lib/private/veza-tail-general/seen)" 1
  is 'which cannot speak for the service' "$(grep -cE '^(NOTIFY|WATCHDOG)' /var/lib/private/veza-tail-general/seen)" 0
  local begun=$SECONDS
  systemctl stop veza-bot veza-tail@general
  is 'both stop in time' "$((SECONDS - begun <= 5))" 1
  is 'with 143' "$(shown veza-bot ExecMainStatus)" 143
  is 'which is a success' "$(shown veza-bot Result)" success
}

faults() {
  mkdir /run/units/veza-bot.service.d
  printf '[Service]\nWatchdogSec=2s\nRestartSec=1s\n' >/run/units/veza-bot.service.d/short.conf
  systemctl daemon-reload
  systemctl start veza-bot
  local begun=$SECONDS
  until [ $((SECONDS - begun)) -ge 7 ]; do sleep 1; done
  is 'what lives is left alone' "$(shown veza-bot NRestarts)" 0
  kill -STOP "$(shown veza-bot MainPID)"
  becomes veza-bot NRestarts 1
  becomes veza-bot SubState running
  kill -KILL "$(shown veza-bot MainPID)"
  becomes veza-bot NRestarts 2
  becomes veza-bot SubState running
  kill "$sandbox"
  local tries=0
  until [[ $(shown veza-bot StatusText) == connecting\ again* ]] || [ $((tries += 1)) -gt 50 ]; do sleep 0.2; done
  is 'a server that is away is in the status' "$(shown veza-bot StatusText | cut -c1-16)" 'connecting again'
  is 'and no reason to start anew' "$(shown veza-bot NRestarts)" 2
  systemctl stop veza-bot
  veza sandbox --port 8080 2>/run/sandbox.log &
  until grep -q ready: /run/sandbox.log; do sleep 0.2; done
  echo wrong >/etc/veza/bot.password
  systemctl start veza-bot || true
  begun=$SECONDS
  until [ $((SECONDS - begun)) -ge 3 ]; do sleep 1; done
  is 'a wrong password ends with 4' "$(shown veza-bot ExecMainStatus)" 4
  is 'and stays so' "$(shown veza-bot ActiveState)" failed
}

case ${1:-} in
  inner | drive) "$@" ;;
  *) outer "$@" ;;
esac
