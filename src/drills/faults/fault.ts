// A fault: how a part is failed and how it is brought back.
//
// The order is guard → inject → heal. `guard` arms a timer on the host itself, so that the part comes back even
// when the drill dies in between; a power-off cannot have one, the next command or `lab heal` restores the host.
// `inject` returns when the fault was seen to have taken effect. `heal` is safe to call at any moment, also when
// nothing was injected, and disarms the guard.
import type { DrillFaultKind } from '../../model/drill.ts';

export interface Fault {
  readonly kind: DrillFaultKind;
  /** `host/ctl1`, `process/ctl1/haproxy`, `nic/ctl1/data` */
  readonly target: string;
  readonly guard: (seconds: number, signal?: AbortSignal) => Promise<void>;
  readonly inject: (signal?: AbortSignal) => Promise<void>;
  readonly heal: (signal?: AbortSignal) => Promise<void>;
  /** Is the part back by itself? Asked before healing. */
  readonly restored: (signal?: AbortSignal) => Promise<boolean>;
}

export interface NicCut {
  readonly host: string;
  readonly network: string;
  /** Heals by itself after this time. */
  readonly guardSeconds: number;
}

/** What only the caller can do, so that drills are the same on twins and on real servers. */
export interface FaultActions {
  /** Through the host's BMC; returns when it is off. */
  readonly powerOff: (host: string, signal?: AbortSignal) => Promise<void>;
  readonly powerOn: (host: string, signal?: AbortSignal) => Promise<void>;
  /** Cuts a host from a network, with a timer that heals it; absent: such drills are refused. */
  readonly cutNic?: (cut: NicCut, signal?: AbortSignal) => Promise<void>;
  readonly healNic?: (cut: NicCut, signal?: AbortSignal) => Promise<void>;
  /** Takes a component's instance on a host out of the load balancers and back. */
  readonly drain?: (component: string, host: string, signal?: AbortSignal) => Promise<void>;
  readonly undrain?: (component: string, host: string, signal?: AbortSignal) => Promise<void>;
}
