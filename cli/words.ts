/** Real time, as a stopwatch shows it. */
export const inSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`;

/** World time, as people say it. */
export const inMinutes = (seconds: number): string => {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes === 0 ? `${whole} s` : `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
};

/** An estimate, no more exact than it is. */
export const timeLeft = (seconds: number): string => {
  if (seconds <= 2) return 'a moment left';
  if (seconds <= 7) return 'a few seconds left';
  return `about ${Math.ceil(seconds / 5) * 5} s left`;
};

export const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** As git and registries show long hashes. */
export const short = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);

/** Bytes, as registries' clients show them. */
export const inSize = (bytes: number): string =>
  bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
