// npm run tempest -- --spec FILE --clouds FILE (--image NAME | --guest FILE) [--netns PATH] [--concurrency 2] [--keep]
//   --clouds  the clouds.yaml that apply wrote: .hastack/<cluster>/credentials/clouds.yaml, of a lab below lab/
//   --image   an image the cloud has; --guest: a file that is uploaded and removed again (.raw, else qcow2)
//   --user    who logs in to the image by ssh; root unless given
//   --netns   network namespace that Tempest runs in, for a lab: /run/netns/...
//   --keep    leaves image, flavors and network in the cloud, and the work directory
// Runs the smoke set of Debian's Tempest against the public VIP from outside. Prints what was run, failed and skipped;
// exit status 1 when a test failed or fewer than 95 % of the smoke set were run. Left out: scripts/tempest/exclude.txt.
// Needs root and mmdebstrap. Passwords stand in files of mode 0600 in a directory that is removed afterwards.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { Chroot, prepareChroot } from './tempest/chroot.mjs';
import { cloudOf, cloudsInside, externalOf, hostsText, iniText, tempestConf } from './tempest/config.mjs';
import { LEAST_SHARE, listed, resultOf, verdict } from './tempest/results.mjs';

const HERE = fileURLToPath(new URL('tempest/', import.meta.url));
const USAGE = 'usage: npm run tempest -- --spec FILE --clouds FILE (--image NAME | --guest FILE) [--netns PATH]';

const { values } = parseArgs({
  options: {
    spec: { type: 'string' },
    clouds: { type: 'string' },
    cloud: { type: 'string' },
    image: { type: 'string' },
    guest: { type: 'string' },
    user: { type: 'string', default: 'root' },
    netns: { type: 'string' },
    concurrency: { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
  },
});

async function main() {
  if (values.spec === undefined || values.clouds === undefined || (values.image ?? values.guest) === undefined) {
    console.error(USAGE);
    return 2;
  }
  const spec = parse(readFileSync(values.spec, 'utf8'));
  const cloud = cloudOf(parse(readFileSync(values.clouds, 'utf8')), values.cloud);
  prepareChroot();
  const work = mkdtempSync(join(tmpdir(), 'hastack-tempest-'));
  chmodSync(work, 0o700);
  const chroot = new Chroot({ work, netns: values.netns });
  try {
    layFiles(work, { spec, cloud });
    return await runSmoke(chroot, cloud);
  } finally {
    if (values.keep) console.log(`left in the cloud and in ${work}; remove them with: cloud.py remove`);
    else tidy(chroot);
  }
}

/** Also after a failure; what cannot be removed is said, and the files with passwords go in any case. */
function tidy(chroot) {
  try {
    chroot.output(['python3', 'cloud.py', 'remove']);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
  rmSync(chroot.work, { recursive: true, force: true });
}

function layFiles(work, { spec, cloud }) {
  const secret = (name, text) => writeFileSync(join(work, name), text, { mode: 0o600 });
  for (const directory of ['log', 'lock']) mkdirSync(join(work, directory));
  secret('clouds.yaml', stringify(cloudsInside(cloud)));
  if (cloud.cacert !== undefined) copyFileSync(cloud.cacert, join(work, 'ca.crt'));
  writeFileSync(join(work, 'hosts'), hostsText(spec));
  copyFileSync(join(HERE, 'cloud.py'), join(work, 'cloud.py'));
  copyFileSync(join(HERE, 'exclude.txt'), join(work, 'exclude.txt'));
  const wanted = { image: values.image, external: externalOf(spec) };
  if (values.guest !== undefined) {
    if (!existsSync(values.guest)) throw new Error(`there is no ${values.guest}`);
    copyFileSync(values.guest, join(work, 'guest'));
    wanted.imageFile = '/srv/work/guest';
    wanted.imageFormat = values.guest.endsWith('.raw') ? 'raw' : 'qcow2';
  }
  writeFileSync(join(work, 'wanted.json'), JSON.stringify(wanted));
}

async function runSmoke(chroot, cloud) {
  const found = JSON.parse(chroot.output(['python3', 'cloud.py', 'prepare', 'wanted.json']));
  chroot.output(['tempest', 'init', 'workspace']);
  const conf = iniText(tempestConf({ cloud, found, guestUser: values.user }));
  writeFileSync(join(chroot.work, 'workspace/etc/tempest.conf'), conf, { mode: 0o600 });
  const tempest = ['env', '--chdir=/srv/work/workspace', 'tempest', 'run', '--smoke'];
  const smoke = listed(chroot.output([...tempest, '--list-tests']));
  console.log(`${smoke.length} tests in the smoke set, ${found.computes} compute hosts`);
  const results = [];
  const argv = ['--exclude-list', '/srv/work/exclude.txt', '--concurrency', values.concurrency];
  await chroot.lines([...tempest, ...argv], (line) => {
    console.log(line);
    const result = resultOf(line);
    if (result !== undefined) results.push(result);
  });
  return report(verdict(smoke, results));
}

function report(said) {
  for (const { test, reason } of said.skipped) console.log(`skipped ${test}: ${reason}`);
  for (const test of said.notRun) console.log(`not run ${test}`);
  for (const test of said.failed) console.log(`failed ${test}`);
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  console.log(
    `run ${said.run} of ${said.listed} (${percent(said.share)}, at least ${percent(LEAST_SHARE)} wanted): ${said.passed} passed, ${said.failed.length} failed; ${said.skipped.length} lines of skipped tests`,
  );
  return said.ok ? 0 : 1;
}

const code = await main();
process.exitCode = process.exitCode === undefined ? code : Math.max(code, process.exitCode);
