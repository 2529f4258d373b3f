// What hastack itself renders, audited: every preset is free of findings of warning and above, but for those inherent to
// its shape, which the preset lists with a reason. The list is neither too short nor too long.
import { describe, expect, it } from 'vitest';

import { cloudCluster, sampleCluster } from '../../test/support/sample-cluster.ts';
import type { Cluster } from '../model/cluster.ts';
import { DEBIAN_VERSIONS, renderedFiles } from '../phases/rendered-files.ts';
import { checkSpec } from '../spec/check.ts';
import { initText } from '../spec/init.ts';
import { PRESETS } from '../spec/presets/all.ts';
import { Estate } from './estate.ts';
import { RULE_FAMILIES } from './rules/registry.gen.ts';
import { audit } from './run.ts';

/** Lines of Debian's own memcached.conf, which its start script passes over; they are kept as Debian has them. */
const AS_DEBIAN = /memcached\.conf: (?:the start script ignores this flag|expected a flag)/;

/** Presets that this version refuses to apply, because what would mend these is not written yet. */
const NOT_YET: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'two-node-drbd': {
    OS03: 'the directory lies on the mirrored file system, which DRBD and Pacemaker bring',
    MQ07: 'one broker at a time, which Pacemaker brings',
    MQ09: 'one broker at a time, which Pacemaker brings',
    OS12: 'two databases of OVN: one at a time, which Pacemaker brings',
  },
  'pacemaker-all': { OS03: 'a store for images that all controllers see has to be chosen' },
  'split-plane': { OS03: 'a store for images that all controllers see has to be chosen' },
};

interface Case {
  readonly name: string;
  readonly cluster: Cluster;
  readonly inherent: Readonly<Record<string, string>>;
  readonly atLeastFiles: number;
}

function ofPreset({ name, deployable, inherent: own = {} }: (typeof PRESETS)[number]): Case {
  const inherent = deployable ? own : { ...own, ...NOT_YET[name] };
  const { cluster } = checkSpec(initText(name, {}), `${name}.yaml`);
  if (cluster === undefined) throw new Error(`the text of ${name} is no spec`);
  return { name: `the preset ${name}`, cluster, inherent, atLeastFiles: 10 };
}

const CASES: readonly Case[] = [
  { name: 'an identity service', cluster: sampleCluster(), inherent: {}, atLeastFiles: 60 },
  { name: 'a cloud', cluster: cloudCluster(), inherent: {}, atLeastFiles: 60 },
  ...PRESETS.map(ofPreset),
];

describe.each(CASES)('what hastack renders for $name', ({ cluster, inherent, atLeastFiles }) => {
  const files = renderedFiles(cluster);
  const estate = new Estate({ files, assumed: DEBIAN_VERSIONS });
  const serious = audit(estate, RULE_FAMILIES.flat()).findings.filter(({ severity }) => severity !== 'info');

  it('is read as its hosts, without a line that a reader does not understand', () => {
    expect(new Set(estate.hosts.map(({ name }) => name))).toEqual(new Set(cluster.hosts.map(({ name }) => name)));
    expect(
      estate.files
        .flatMap(({ path, problems }) => problems.map(({ message }) => `${path}: ${message}`))
        .filter((text) => !AS_DEBIAN.test(text)),
    ).toEqual([]);
    expect(estate.files.length).toBeGreaterThan(atLeastFiles);
  });

  it('has no finding of warning or above that is not inherent to the shape', () => {
    const open = serious.filter(({ rule }) => inherent[rule] === undefined);
    expect(open.map(({ rule, at, message }) => `${rule} ${at.file}:${at.line ?? 0} ${message}`)).toEqual([]);
  });

  it('has every finding that is said to be inherent', () => {
    expect(Object.keys(inherent).filter((id) => !serious.some(({ rule }) => rule === id))).toEqual([]);
  });
});
