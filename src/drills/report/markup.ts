// Text into markup, and figures into text. Everything from outside goes through `escape`.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escape(text: string | number): string {
  return String(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** `850 ms`, `3.42 s`, `81 s`, `2 min 5 s` */
export function duration(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${(Math.round(seconds * 100) / 100).toString()} s`;
  if (seconds < 120) return `${(Math.round(seconds * 10) / 10).toString()} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export function milliseconds(ms: number): string {
  return ms >= 1000 ? duration(ms / 1000) : `${ms < 10 ? ms : Math.round(ms)} ms`;
}

/** Thin spaces between thousands. */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, '\u2009');
}

/** A coordinate: short, as there are thousands. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}
