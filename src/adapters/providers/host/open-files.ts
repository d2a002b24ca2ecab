import * as fs from 'node:fs';

/**
 * What the open files of a process lead to: paths, `socket:[…]`, `pipe:[…]`. One that closes
 * meanwhile is passed over; [] when the process has ended or is somebody else's.
 */
export function openFilesOf(pid: number): readonly string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [fs.readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
