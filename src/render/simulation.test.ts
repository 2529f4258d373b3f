// The renderings of a report: what they say, that nothing from a spec becomes markup, and that the page needs nothing.
import { describe, expect, it } from 'vitest';
import { simulateCluster } from '../phases/simulate.ts';
import { checkSpec } from '../spec/check.ts';
import { initText } from '../spec/init.ts';
import type { SimulationReport } from '../model/simulation.ts';
import { simulationHtml } from './simulation-html.ts';
import { simulationSvg } from './simulation-svg.ts';
import { simulationText } from './simulation-text.ts';
import { styleFor } from './style.ts';

function report(failures: 1 | 2): SimulationReport {
  const { planned } = checkSpec(initText('ceph', {}), 'cluster.yaml');
  if (planned === undefined) throw new Error('the preset is invalid');
  return simulateCluster(planned, { failures });
}
const singles = report(1);

describe('text', () => {
  const lines = simulationText(singles, styleFor(false)).split('\n');
  it('has a row per class with its count and cells', () => {
    const row = lines.find((line) => line.startsWith('host/sto1'));
    expect(row).toMatch(/^host\/sto1 \(\d\) .*·.*6\.8 s/);
  });
  it('names single points of failure, the estimate and every assumption', () => {
    expect(lines).toContain('Single points of failure');
    expect(lines.some((line) => line.includes('network/data'))).toBe(true);
    for (const { name } of singles.assumptions) expect(lines.some((line) => line.includes(name))).toBe(true);
  });
});

describe('page', () => {
  const html = simulationHtml(singles);
  it('fetches nothing', () => {
    expect(html).not.toMatch(/(?:src|href)=/);
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  });
  it('marks what can be failed and says why for every cell', () => {
    for (const host of singles.topology.hosts) expect(html).toContain(`data-element="host/${host.name}"`);
    expect(html).toContain('osd_heartbeat_grace');
  });
  it('lets no text of a spec become markup', () => {
    const evil = '</script><img src=x onerror=alert(1)>';
    const page = simulationHtml({
      ...singles,
      cluster: evil,
      singlePointsOfFailure: [{ element: evil, capabilities: [] }],
    });
    expect(page).not.toContain('<img');
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });
});

describe('drawing', () => {
  it('is a document of its own with every host and network', () => {
    const svg = simulationSvg(singles);
    expect(svg.startsWith('<?xml')).toBe(true);
    for (const { name } of [...singles.topology.hosts, ...singles.topology.networks]) expect(svg).toContain(name);
    expect(svg).not.toContain('undefined');
  });
});
