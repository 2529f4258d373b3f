// What the fake cloud knows, and the words its calls are written in. See fake-cloud.ts.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Row {
  id: string;
  name: string;
  project_id: string;
  [field: string]: unknown;
}

export interface CloudState {
  readonly tables: Map<string, Map<string, Row>>;
  readonly passwords: Map<string, string>;
  /** token → user and project */
  readonly tokens: Map<string, { readonly user: Row; readonly project: Row }>;
  readonly services: ReadonlySet<string>;
  readonly computeHosts: readonly string[];
  url: string;
}

export interface Asked {
  readonly method: string;
  /** Below the host: `/compute/v2.1/servers`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, Record<string, unknown>>;
  readonly raw: Buffer;
  readonly who: { readonly user: Row; readonly project: Row } | undefined;
  readonly state: CloudState;
  readonly headers: IncomingMessage['headers'];
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

export type Handler = (asked: Asked, ...parts: string[]) => Answer;

export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const ALL_SERVICES = ['identity', 'compute', 'network', 'image', 'volumev3', 'orchestration'] as const;

export function table(state: CloudState, name: string): Map<string, Row> {
  const found = state.tables.get(name) ?? new Map<string, Row>();
  state.tables.set(name, found);
  return found;
}

export function insert(state: CloudState, name: string, row: Partial<Row> & { readonly name: string }): Row {
  const made: Row = { id: randomUUID(), project_id: '', ...row };
  table(state, name).set(made.id, made);
  return made;
}
