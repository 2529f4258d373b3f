// The names of the presets, apart from their contents so that the schema needs no preset to be loaded.
export const PRESET_NAMES = [
  'three-controllers',
  'two-node-drbd',
  'load-balancer-pair',
  'pacemaker-all',
  'split-plane',
  'ceph',
  'three-plus-2n',
] as const;

export type PresetName = (typeof PRESET_NAMES)[number];

export const DEFAULT_PRESET: PresetName = 'three-controllers';
