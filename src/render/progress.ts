// What is going on, gathered from events: the model behind the live display. Pure but for its own state.
import type { RunEvent } from '../model/event.ts';

export interface Busy {
  readonly host: string;
  /** What is done there: a resource or a step of a member. */
  readonly what: string;
  /** Milliseconds, by the display's clock. */
  readonly since: number;
}

export interface ComponentProgress {
  readonly id: string;
  readonly planned: number;
  readonly since: number;
  done: number;
  failed: number;
  readonly busy: Map<string, Busy>;
}

export class Progress {
  readonly running = new Map<string, ComponentProgress>();
  readonly connected = new Set<string>();
  readonly unreachable = new Set<string>();
  phase = '';
  hosts = 0;
  waiting = '';
  private readonly groups = new Map<string, string>();

  apply(event: RunEvent, now: number): void {
    switch (event.event) {
      case 'run-started':
        this.hosts = event.hosts;
        break;
      case 'phase-started':
        this.phase = event.title;
        break;
      case 'host-connected':
        this.connected.add(event.host);
        break;
      case 'host-unreachable':
        this.unreachable.add(event.host);
        break;
      case 'component-started':
        this.running.set(event.component, {
          id: event.component,
          planned: event.changes,
          since: now,
          done: 0,
          failed: 0,
          busy: new Map(),
        });
        break;
      case 'component-finished':
        this.running.delete(event.component);
        this.waiting = '';
        break;
      default:
        this.applyWork(event, now);
    }
  }

  /** The one that has been at it longest: what everybody waits for. */
  slowest(component: ComponentProgress): Busy | undefined {
    return [...component.busy.values()].toSorted((a, b) => a.since - b.since)[0];
  }

  private applyWork(event: RunEvent, now: number): void {
    if (event.event === 'batch-started') {
      const [first = '', ...others] = event.resources;
      const what = others.length === 0 ? first : `${first} and ${others.length} more`;
      this.running.get(event.component)?.busy.set(event.host, { host: event.host, what, since: now });
    } else if (event.event === 'change-finished') {
      const component = this.running.get(event.change.component);
      if (component === undefined) return;
      if (event.ok) component.done += 1;
      else component.failed += 1;
      component.busy.delete(event.host);
    } else if (event.event === 'member-step') {
      const component = this.componentOf(event.group);
      component?.busy.set(event.host, { host: event.host, what: event.does, since: now });
    } else if (event.event === 'member-healthy') {
      this.componentOf(event.group)?.busy.delete(event.host);
      this.waiting = '';
    } else if (event.event === 'waiting') {
      this.waiting = event.what;
    }
  }

  /** Groups carry the name of their component as a rule; else it is the one that runs. */
  private componentOf(group: string): ComponentProgress | undefined {
    const known = this.running.get(group) ?? this.running.get(this.groups.get(group) ?? '');
    if (known !== undefined) return known;
    const [only, ...others] = this.running.values();
    if (only === undefined || others.length > 0) return undefined;
    this.groups.set(group, only.id);
    return only;
  }
}
