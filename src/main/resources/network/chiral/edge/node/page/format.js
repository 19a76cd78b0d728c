// How numbers, times and ids read.

const whole = new Intl.NumberFormat("en");
const oneDigit = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** What stands where nothing is known. */
export const NONE = "\u2013";

export function count(value) {
  return value == null ? NONE : whole.format(value);
}

export function percent(share) {
  return share == null ? NONE : `${oneDigit.format(100 * share)} %`;
}

export function millis(value) {
  return value == null ? NONE : `${oneDigit.format(value)} ms`;
}

export function bytes(value) {
  if (value == null) return NONE;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? whole.format(Math.round(value)) : oneDigit.format(value)} ${BYTE_UNITS[unit]}`;
}

export function rate(bytesPerSecond) {
  return bytesPerSecond == null ? NONE : `${bytes(bytesPerSecond)}/s`;
}

/** The two largest units: "2 d 4 h", "5 min 10 s". */
export function duration(seconds) {
  if (seconds == null) return NONE;
  const parts = [];
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]]) {
    const n = Math.floor(seconds / size);
    seconds -= n * size;
    if (n > 0 || (unit === "s" && parts.length === 0)) parts.push(`${n} ${unit}`);
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

export function ago(instant) {
  return `${duration(Math.max(0, (Date.now() - Date.parse(instant)) / 1000))} ago`;
}

export function clock(instant) {
  return new Date(instant).toLocaleTimeString("en-GB");
}

/** The end of a peer id tells peers apart; its beginning is the same for all of a key type. */
export function shortId(id) {
  return id.length > 20 ? `${id.slice(0, 8)}\u2026${id.slice(-8)}` : id;
}

/** "no_reservation" reads "no reservation". */
export function words(label) {
  return String(label).replaceAll("_", " ").replaceAll("-", " ");
}
