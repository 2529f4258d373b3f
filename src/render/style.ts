// Colours, or none: without a terminal or with NO_COLOR every function returns its text unchanged. Pure.
// Convention: https://no-color.org
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
}

export interface ColourRequest {
  readonly isTty: boolean;
  /** Value of NO_COLOR; any but the empty one counts. */
  readonly noColor: string | undefined;
  /** --no-color */
  readonly off?: boolean;
}

export function wantsColour(request: ColourRequest): boolean {
  return request.isTty && request.off !== true && (request.noColor === undefined || request.noColor === '');
}

export function styleFor(colour: boolean): Style {
  const paint =
    (open: number, close: number) =>
    (text: string): string =>
      colour && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    blue: paint(34, 39),
  };
}

/** Names of a few, the number of many. */
export function shortList(names: readonly string[], most = 4): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** What comes from hosts may hold control characters; a terminal must not act on them. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u00b7');
}
