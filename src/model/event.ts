// What happens, as data. tty, plain and JSON output are renderings of these; the journal stores them.
import type { Change, ResourceId } from './resource.ts';

export type RunEvent =
  | {
      readonly event: 'run-started';
      readonly runId: string;
      readonly command: string;
      readonly cluster: string;
      readonly hosts: number;
    }
  | { readonly event: 'phase-started'; readonly phase: string; readonly title: string }
  | { readonly event: 'phase-finished'; readonly phase: string; readonly ok: boolean; readonly seconds: number }
  | { readonly event: 'host-connected'; readonly host: string; readonly seconds: number }
  | { readonly event: 'host-unreachable'; readonly host: string; readonly reason: string }
  | { readonly event: 'plan-ready'; readonly changes: number; readonly hosts: number }
  | { readonly event: 'component-started'; readonly component: string; readonly changes: number }
  | { readonly event: 'component-finished'; readonly component: string; readonly ok: boolean; readonly seconds: number }
  | {
      readonly event: 'batch-started';
      readonly host: string;
      readonly component: string;
      readonly resources: readonly ResourceId[];
    }
  | {
      readonly event: 'change-finished';
      readonly host: string;
      readonly change: Change;
      readonly ok: boolean;
      readonly detail?: string;
    }
  | { readonly event: 'member-step'; readonly host: string; readonly group: string; readonly does: string }
  | { readonly event: 'member-healthy'; readonly host: string; readonly group: string; readonly seconds: number }
  | { readonly event: 'waiting'; readonly what: string; readonly seconds: number }
  | { readonly event: 'lock'; readonly state: 'taken' | 'taken-over' | 'released'; readonly hosts: readonly string[] }
  | { readonly event: 'note'; readonly message: string; readonly host?: string }
  | { readonly event: 'warning'; readonly message: string; readonly host?: string }
  | {
      readonly event: 'failed';
      readonly message: string;
      readonly hint: string;
      readonly host?: string;
      readonly code: string;
    }
  | {
      readonly event: 'step-finished';
      readonly name: string;
      readonly ok: boolean;
      readonly seconds: number;
      readonly detail?: string;
    }
  | {
      readonly event: 'run-finished';
      readonly runId: string;
      readonly ok: boolean;
      readonly changed: number;
      readonly seconds: number;
      readonly report?: string;
      readonly steps?: readonly { readonly name: string; readonly ok: boolean; readonly seconds: number }[];
    };

export type Emit = (event: RunEvent) => void;
