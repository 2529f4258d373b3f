// Short words for the failure matrix: names of capabilities that fit a column, and what a cell says.
import type { Capability } from '../model/capability.ts';
import type { CapabilityEffect } from '../model/simulation.ts';
import { formatDuration } from '../lib/text.ts';

/** What a user of the cloud does with it. */
export const MEANING: Readonly<Record<Capability, string>> = {
  identity: 'log in',
  dashboard: 'use the dashboard',
  images: 'upload and use images',
  instances: 'boot an instance',
  volumes: 'create and attach volumes',
  'disk-io': 'attached volumes keep working',
  console: 'open a console',
  'north-south': 'reach an instance from outside',
  'east-west': 'instance to instance',
  orchestration: 'run stacks',
  'object-storage': 'store objects',
  metering: 'read metrics and alarms',
  'load-balancer': 'create and change load balancers',
  'instance-survival': 'an instance whose host died runs again',
};

const COLUMN: Readonly<Partial<Record<Capability, string>>> = {
  'north-south': 'n-s',
  'east-west': 'e-w',
  orchestration: 'stacks',
  'object-storage': 'objects',
  'load-balancer': 'lbaas',
  'instance-survival': 'survival',
};

export function columnName(capability: Capability): string {
  return COLUMN[capability] ?? capability;
}

/** `·`, `2.3 s`, `33 % down`, `down` */
export function cellText(effect: CapabilityEffect | undefined): string {
  if (effect === undefined || effect.state === 'unaffected') return '·';
  if (effect.state === 'interrupted') return formatDuration(effect.seconds.expected);
  return effect.part === undefined ? 'down' : `${percent(effect.part.share)} down`;
}

/** `33 %`, `0.5 %` */
export function percent(share: number): string {
  const value = share * 100;
  return `${Number(value < 1 ? value.toPrecision(1) : value.toFixed(0))} %`;
}

/** Two digits, as the inputs have no more: `75 min`, `5.4 h`. */
export function minutesText(minutes: number): string {
  if (minutes === 0) return 'none';
  return minutes < 1 ? `${Number((minutes * 60).toPrecision(2))} s` : formatDuration(minutes * 60);
}
