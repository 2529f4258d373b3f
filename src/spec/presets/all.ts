// Every preset, in the order in which `hastack init` offers them.
import { ceph } from './ceph.ts';
import { loadBalancerPair } from './load-balancer-pair.ts';
import type { PresetName } from './names.ts';
import { pacemakerAll } from './pacemaker-all.ts';
import type { Preset } from './preset.ts';
import { splitPlane } from './split-plane.ts';
import { threeControllers } from './three-controllers.ts';
import { threePlus2n } from './three-plus-2n.ts';
import { twoNodeDrbd } from './two-node-drbd.ts';

const BY_NAME: Readonly<Record<PresetName, Preset>> = {
  'three-controllers': threeControllers,
  'two-node-drbd': twoNodeDrbd,
  'load-balancer-pair': loadBalancerPair,
  'pacemaker-all': pacemakerAll,
  'split-plane': splitPlane,
  ceph,
  'three-plus-2n': threePlus2n,
};

export const PRESETS: readonly Preset[] = Object.values(BY_NAME);

export function presetNamed(name: PresetName): Preset {
  return BY_NAME[name];
}
