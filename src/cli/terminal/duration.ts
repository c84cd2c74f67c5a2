/** As people say it: `0.34 s`, `12.3 s`, `2 min 05 s`, `1 h 02 min`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, durationMs) / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** A time that is still running or guessed, to the second: `8 s`, `2 min 05 s`. */
export function formatWholeSeconds(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

/** dbt's way in brackets: `0.12s`. */
export const formatSeconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(2)}s`;

/** dbt's way in its last lines: `0 hours 1 minutes and 2.34 seconds (62.34s)`. */
export function formatLongDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours} hours ${minutes} minutes and ${(seconds % 60).toFixed(2)} seconds (${formatSeconds(durationMs)})`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
