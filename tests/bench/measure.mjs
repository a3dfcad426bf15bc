// What a process used: peak memory (VmHWM, which is of the program alone: ru_maxrss would count the parent's before exec) and CPU seconds.

import fs from 'node:fs';

const TICKS = 100; // of /proc/PID/stat, on every Linux that we run on

/** Follows a process until it ends; stop() gives {peak, cpu}: bytes and seconds of user and system together. */
export function measure(pid) {
  const seen = { peak: 0, user: 0, system: 0 };
  const look = () => {
    try {
      const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
      seen.peak = Math.max(seen.peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      [seen.user, seen.system] = [Number(fields[11]) / TICKS, Number(fields[12]) / TICKS];
    } catch {
      /* ended */
    }
  };
  look();
  const timer = setInterval(look, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return { ...seen, cpu: seen.user + seen.system };
    },
  };
}

export const MiB = 1024 * 1024;

export function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i] ?? '').length)));
  return rows.map((row) => row.map((cell, i) => String(cell ?? '')[i === 0 ? 'padEnd' : 'padStart'](widths[i])).join('  ').trimEnd()).join('\n');
}
