// What a Pacemaker cluster is configured to do, whichever text it was read from: the CIB or `pcs config`.
import type { Option, Place } from './document.ts';

export interface PacemakerOperation extends Place {
  readonly name: string;
  readonly options: readonly Option[];
}

export interface PacemakerResource extends Place {
  readonly id: string;
  /** `ocf:heartbeat:galera`, `stonith:fence_ipmilan`, `systemd:haproxy`. */
  readonly agent: string;
  readonly attributes: readonly Option[];
  readonly meta: readonly Option[];
  readonly operations: readonly PacemakerOperation[];
  /** The clone or promotable around it. */
  readonly clone?: { readonly id: string; readonly meta: readonly Option[] } & Place;
}

export interface PacemakerConstraint extends Place {
  readonly id: string;
  readonly kind: 'location' | 'order' | 'colocation';
  /** Resources it is about. */
  readonly resources: readonly string[];
}

export interface PacemakerNode extends Place {
  readonly name: string;
  readonly attributes: readonly Option[];
}

export interface PacemakerDocument extends Place {
  readonly file: string;
  readonly nodes: readonly PacemakerNode[];
  readonly properties: readonly Option[];
  readonly resources: readonly PacemakerResource[];
  readonly constraints: readonly PacemakerConstraint[];
}
