/// Numbers, sizes and times as people read them. What is not known is a dash.

const NONE = "–";
const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : whole.format(value);
}

/// `1.5 ms`, `2.25 s`, `3.1 min`: three digits that mean something.
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  if (value < 1000) return `${short.format(value)} ms`;
  if (value < 120_000) return `${short.format(value / 1000)} s`;
  return `${short.format(value / 60_000)} min`;
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  if (value < 1024 * 1024) return `${short.format(value / 1024)} KiB`;
  if (value < 1024 ** 3) return `${short.format(value / 1024 ** 2)} MiB`;
  return `${short.format(value / 1024 ** 3)} GiB`;
}

export function seconds(value: number): string {
  return milliseconds(value * 1000);
}

/// The time of day where the reader is.
export function clock(at: string | number | Date, withSeconds = true): string {
  return new Date(at).toLocaleTimeString("en-GB", withSeconds ? {} : { hour: "2-digit", minute: "2-digit" });
}

/// Day and time where the reader is.
export function moment(at: string): string {
  return `${new Date(at).toLocaleDateString("en-CA")} ${clock(at)}`;
}

/// `3 days`, `2 h 5 min`, `40 s`.
export function lasted(from: string, to: string): string {
  const all = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const [days, hours, minutes] = [Math.floor(all / 86_400), Math.floor(all / 3600) % 24, Math.floor(all / 60) % 60];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${all} s`;
}
