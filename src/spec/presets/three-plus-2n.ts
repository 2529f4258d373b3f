// Five, seven or more controllers: as three, but two or three of them may fail at a time.
import { CLOUD_SERVICES, CONTROL_PLANE } from './preset.ts';
import type { Preset } from './preset.ts';
import * as text from './text.ts';

export const threePlus2n: Preset = {
  name: 'three-plus-2n',
  title: '5, 7, ... controllers: two or more may fail at a time',
  engine: 'keepalived',
  services: { ...CONTROL_PLANE, ...CLOUD_SERVICES },
  deployable: false,
  lacks: ['a rehearsal of more than three controllers'],
  text: (answers) => {
    const site = text.siteOf(answers);
    return text.document(
      text.head(site, 'three-plus-2n', 'A cloud on five controllers: any two of them may fail. Keep their number odd.'),
      text.networks(site),
      text.vips(site),
      text.hosts(site, [
        { name: 'ctl1', roles: ['control', 'network'], rack: 'r1', power: 'a', index: 11 },
        { name: 'ctl2', roles: ['control', 'network'], rack: 'r2', power: 'b', index: 12 },
        { name: 'ctl3', roles: ['control', 'network'], rack: 'r3', power: 'a', index: 13 },
        { name: 'ctl4', roles: ['control', 'network'], rack: 'r1', power: 'b', index: 14 },
        { name: 'ctl5', roles: ['control', 'network'], rack: 'r2', power: 'a', index: 15 },
      ]),
      text.availability('keepalived', 'host, rack'),
      text.options(site, ['keystone: { region: RegionOne }', 'memcached: { memory: 1G }']),
    );
  },
};
