// JSON Schema (2020-12) of what `hastack doctor --json` prints; more keys may come.

const text = { type: 'string' };
const integer = { type: 'integer' };
const time = { type: ['string', 'null'] };
const severity = { enum: ['critical', 'warning', 'info'] };
const position = object({ file: text, line: integer, column: integer }, ['file']);
const event = object({
  rule: text,
  severity,
  host: time,
  first: time,
  last: time,
  count: integer,
  says: text,
  at: { anyOf: [position, { type: 'null' }] },
});
const evidence = object({ at: position, text, time: text, host: text }, ['at', 'text']);
const finding = {
  rule: text,
  severity,
  impact: text,
  message: text,
  at: position,
  remediation: text,
  source: text,
  title: text,
  incident: integer,
  count: integer,
  hosts: list(text),
  evidence: list(evidence),
};
const incident = {
  id: integer,
  severity,
  first: time,
  last: time,
  times: list(text),
  cause: event,
  story: list(event),
};
const unknown = {
  template: text,
  count: integer,
  hosts: list(text),
  example: object({ at: position, text }),
};
const file = { path: text, lines: integer };

export const DOCTOR_SCHEMA: unknown = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'hastack doctor --json',
  ...object({
    findings: list(object({ ...finding, host: text }, Object.keys(finding))),
    undecided: list(object({ rule: text, missing: text })),
    incidents: list(object(incident)),
    unexplained: list(object({ ...unknown, program: text, first: text, last: text }, Object.keys(unknown))),
    noise: { type: 'object', additionalProperties: integer },
    configuration: list({ type: 'object' }),
    files: list(object({ ...file, host: text, first: text, last: text }, Object.keys(file))),
  }),
};

function object(properties: Readonly<Record<string, unknown>>, required: readonly string[] = Object.keys(properties)) {
  return { type: 'object', properties, required };
}

function list(items: unknown) {
  return { type: 'array', items };
}
