import type { ClockCase } from './clock-world.ts';

const step = (minute: number, byMs: number): NonNullable<ClockCase['steps']> => [{ minute, byMs }];

/** The clocks and ways of which the measures speak, and those on which earlier methods failed. */
export const CLOCK_CASES: readonly ClockCase[] = [
  { name: 'LAN, 40 ppm' },
  { name: 'LAN, step -200 ms', steps: step(12.03, -200) },
  { name: 'LAN, step +2 s', steps: step(12.03, 2_000) },
  { name: 'LAN, a call in 20 s', callsPerSecond: 0.05 },
  { name: 'WAN, asymmetry 5 ms', delayMs: 20, jitterMs: 10, asymmetryMs: 5 },
  {
    name: 'WAN, asymmetry 15 ms, 1/s, 100 ppm',
    delayMs: 20,
    jitterMs: 10,
    asymmetryMs: 15,
    callsPerSecond: 1,
    driftPpm: 100,
  },
  { name: 'VM, 500 ppm', driftPpm: 500 },
  { name: 'VM, 500 ppm, step +300 ms', driftPpm: 500, steps: step(12.03, 300) },
  { name: 'no drift, clocks agree', driftPpm: 0, offsetMs: 0 },
  { name: 'drift 1000 ppm', driftPpm: 1_000 },
  { name: 'drift -1000 ppm', driftPpm: -1_000 },
  { name: 'rate swings by 5 ppm', wanderPpm: 5 },
  { name: 'small step, 4 ms', steps: step(12.03, 4) },
  { name: 'boot before NTP', offsetMs: -1_000_000_000_000, steps: step(5.03, 1_000_000_000_350) },
  {
    name: 'VM paused 3 min, set right',
    steps: [...step(10.03, -180_000), ...step(14.07, 180_000)],
  },
  {
    name: 'suspended 5 min, 3 s behind after',
    silent: [{ from: 10, to: 15 }],
    steps: step(12.03, -3_000),
  },
  {
    name: 'rebooted, 40 s behind until NTP',
    silent: [{ from: 10, to: 11.5 }],
    steps: [...step(10.7, -40_000), ...step(14.03, 40_000)],
  },
  {
    name: 'WAN, asymmetry 5 ms, a call in 20 s',
    delayMs: 20,
    jitterMs: 10,
    asymmetryMs: 5,
    callsPerSecond: 0.05,
  },
  { name: 'drift 1000 ppm, a call in 20 s', driftPpm: 1_000, callsPerSecond: 0.05 },
  { name: 'one call in 20 lies', falseShare: 0.05 },
  { name: 'one of few calls lies', callsPerSecond: 0.05, falseShare: 0.03 },
  { name: 'zone error, 3 h', offsetMs: 10_800_000 },
];
