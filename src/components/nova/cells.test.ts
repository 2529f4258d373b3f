// The cells' step in a real shell, with a database and a nova-manage that are files.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeIdentity } from '../../../test/support/fake-identity.ts';
import { runShell } from '../../../test/support/run-shell.ts';
import { cloudCluster } from '../../../test/support/sample-cluster.ts';
import { clusterContext } from '../../phases/context.ts';
import { clusterComponents } from '../../phases/desired.ts';
import type { RunDesired } from '../../resources/run.ts';
import { COMPONENTS } from '../registry.gen.ts';
import { cells, transportTemplate } from './cells.ts';

const cluster = cloudCluster();
const deployed = clusterComponents(cluster, COMPONENTS);
const ctx = clusterContext({ cluster, deployed, identity: fakeIdentity(cluster, deployed) });
const step = cells(ctx).find(({ id }) => id === 'run:nova-cells')?.desired as RunDesired;

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hastack-cells-'));
  writeFileSync(join(directory, 'calls'), '');
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Two files stand for two mappings; each holds the arguments it was last set with. */
const FAKES = `mariadb() {
  case "$3" in
  *'SELECT uuid'*) if [ -e cell1 ]; then echo 1234; fi ;;
  *) cat cell0 cell1 2>/dev/null | grep -c new || : ;;
  esac
}
runuser() {
  echo "$*" >> calls
  case "$*" in
  *map_cell0*) [ -e cell0 ] || echo new > cell0 ;;
  *'update_cell --cell_uuid 0000'*) echo new > cell0 ;;
  *create_cell*) [ -e cell1 ] && return 2; echo new > cell1 ;;
  *update_cell*1234*) echo new > cell1 ;;
  esac
}
`;

const run = (script: string) => runShell(`cd ${directory}\n${FAKES}set -e\n${script}`);
const calls = (): string => readFileSync(join(directory, 'calls'), 'utf8');

it('maps both cells the first time, and then has nothing to do', () => {
  expect(run(step.unless ?? '').code).not.toBe(0);
  expect(run(step.script)).toMatchObject({ code: 0 });
  expect(calls()).toContain('create_cell --name cell1');
  expect(run(step.unless ?? '').code).toBe(0);
});

it('changes the mappings that are there instead of adding others', () => {
  writeFileSync(join(directory, 'cell0'), 'old\n');
  writeFileSync(join(directory, 'cell1'), 'old\n');
  expect(run(step.script)).toMatchObject({ code: 0 });
  expect(calls()).not.toContain('create_cell');
  expect(calls()).toContain('update_cell --cell_uuid 1234');
});

it('puts no password into an argument', () => {
  run(step.script);
  expect(calls()).not.toContain('secret:');
  expect(calls()).toContain('{username1}:{password1}@{hostname1}:{port1},{username2}');
});

it('numbers the members of a transport URL only when there are several', () => {
  expect(transportTemplate(1)).toBe('{scheme}://{username}:{password}@{hostname}:{port}/{path}');
  expect(transportTemplate(2)).toBe(
    '{scheme}://{username1}:{password1}@{hostname1}:{port1},{username2}:{password2}@{hostname2}:{port2}/{path}',
  );
});
