// "Now" for relative times: ticks, and follows the daemon's clock where this machine's is wrong.
import { signal } from '@preact/signals';

const kTickMs = 15_000;
const kSkewThatMatters = 5_000;
let skew = 0;

export const now = signal(new Date());

function tick(): void {
  now.value = new Date(Date.now() + skew);
}

export function followDaemonClock(time: Date): void {
  const off = time.getTime() - Date.now();
  skew = Math.abs(off) < kSkewThatMatters ? 0 : off;
  tick();
}

window.setInterval(tick, kTickMs);
document.addEventListener('visibilitychange', tick);
