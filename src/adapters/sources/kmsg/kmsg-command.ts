/**
 * Writes the kernel's log from its oldest message on, then as it grows. `cat` reads one message at
 * a time and waits in a process of its own: a blocked read would hold a thread of ours for ever.
 * When our end of standard input closes, because we were killed, the whole group ends; `cat` itself
 * would notice only with the next message. It also ends when the kernel wrote over what it was to
 * read next; then it is started again, and numbers tell what is missing.
 */
export const KMSG_COMMAND: readonly string[] = [
  '/bin/sh',
  '-c',
  'exec 3<&0; (read -r _ <&3; kill 0) & cat "$1" 3<&-; kill 0',
  'kmsg',
  '/dev/kmsg',
];

/** What `cat` says when the kernel wrote over what it was to read next (EPIPE). */
export const OVERWRITTEN = /Broken pipe/;

/** What it says where reading is for root, or where there is no such device. */
export const CLOSED = /not permitted|denied|No such/;
