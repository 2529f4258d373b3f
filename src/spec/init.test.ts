// The specs that `hastack init` writes: they pass check as they are, and with every commented option put in.
import { describe, expect, it } from 'vitest';
import { checkSpec, requireCluster } from './check.ts';
import { initText, listPresets } from './init.ts';

const findingsOf = (text: string) => checkSpec(text, 'cluster.yaml').findings;
const critical = (text: string): readonly string[] =>
  findingsOf(text)
    .filter(({ severity }) => severity === 'critical')
    .map(({ message }) => message);

describe.each(listPresets())('initText $name', ({ name, deployable, missing }) => {
  it('passes check', () => {
    const text = initText(name, {});
    expect(critical(text)).toEqual([]);
    const warnings = findingsOf(text).filter(({ severity }) => severity === 'warning');
    expect(warnings.map(({ rule }) => rule)).toEqual(deployable ? [] : ['spec.not-deployable']);
    expect(deployable || missing.length > 0).toBe(true);
  });

  it('still does with every commented option put in', () => {
    const text = initText(name, {});
    const options = text.indexOf('# Only what differs');
    const all =
      text.slice(0, options) +
      text.slice(options).replaceAll(/^# ( {2}\S.*|(?:services|config|apt|dns|ntp|tls):.*)$/gm, '$1');
    expect(all).not.toBe(text);
    expect(critical(all)).toEqual([]);
  });

  it('takes the answers', () => {
    const recipient = 'age18tv30y2jm94r42h5365y98rwljku8w0fz6rzdvwtgt2x9z7vx57qdaterm';
    const text = initText(name, {
      cluster: 'lab',
      management: '192.168.0.0/16',
      data: '172.16.4.0/26',
      publicName: 'c.example.net',
      recipients: [recipient],
    });
    expect(requireCluster(checkSpec(text, 'cluster.yaml'))).toMatchObject({
      name: 'lab',
      recipients: [recipient],
      vips: expect.arrayContaining([
        expect.objectContaining({ name: 'public', address: '192.168.0.10', dnsName: 'c.example.net' }),
      ]),
    });
  });
});

describe('initText', () => {
  it.each([
    [{ management: '10.0.0.0/29' }, /too small/],
    [{ management: '10.0.0.0' }, /is not a network/],
    [{ management: '10.0.0.0/24', data: '10.0.0.0/16' }, /overlap/],
    [{ cluster: 'My Cloud' }, /cannot stand in a spec/],
    [{ cluster: 'My_Cloud' }, /not a name for a cluster/],
    [{ publicName: 'a: b' }, /cannot stand in a spec/],
    [{ recipients: ['age1abc'] }, /not an age recipient/],
  ])('refuses %j', (answers, says) => {
    expect(() => initText('three-controllers', answers)).toThrowError(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(says) }),
    );
  });

  it('suggests the preset that was meant', () => {
    expect(() => initText('three-controler', {})).toThrowError(
      expect.objectContaining({ code: 'usage', hint: 'did you mean three-controllers?' }),
    );
  });
});
