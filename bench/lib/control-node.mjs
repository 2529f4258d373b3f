// The machine that Ansible runs on: Debian 13's own ansible-core and ansible-lint in a directory beside the images of
// the lab, made once by mmdebstrap. Nothing is installed on this machine, and Ansible is the same on Debian 12 and 13.
// Commands run in it by chroot, in a mount namespace of their own that goes with them; the network namespace is that
// of the caller. Manuals: mmdebstrap(1), unshare(1).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['ansible-core', 'ansible-lint', 'openssh-client', 'python3-apt'];
const PLAYBOOK = fileURLToPath(new URL('../ansible', import.meta.url));
const SUITE = 'trixie';

// Parameters: root, playbook, inventory, then the command. Python's locks need /dev/shm.
const ENTER = `
root=$1 playbook=$2 inventory=$3
shift 3
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$playbook" "$root/srv/playbook"
mount --bind "$inventory" "$root/srv/inventory"
exec chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
  sh -c 'cd /srv/playbook && exec "$@"' sh "$@"
`;

function rootDirectory() {
  return join(process.env.HASTACK_CACHE ?? '/var/cache/hastack', 'bench', `control-${SUITE}`);
}

/** Makes it when it is not there; half a minute and 400 MB. */
export function prepareControlNode() {
  const root = rootDirectory();
  if (existsSync(root)) return;
  console.log(`making the control node in ${root}: ${PACKAGES.join(', ')} of Debian ${SUITE}`);
  const build = `${root}.build`;
  rmSync(build, { recursive: true, force: true });
  mkdirSync(join(root, '..'), { recursive: true });
  const options = ['--variant=minbase', '--mode=root', '--aptopt=Acquire::Languages "none"'];
  run('mmdebstrap', [
    ...options,
    '--aptopt=APT::Install-Recommends "false"',
    `--include=${PACKAGES.join()}`,
    SUITE,
    build,
  ]);
  for (const directory of ['srv/playbook', 'srv/inventory']) mkdirSync(join(build, directory));
  renameSync(build, root);
}

function run(program, argv) {
  const { status, stderr } = spawnSync(program, argv, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${program} failed: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
}

/** The command line that runs `argv` on the control node, beside the playbook, with this inventory. */
export function onControlNode(inventory, argv) {
  const enter = ['unshare', '--mount', '--propagation', 'private', 'sh', '-eu', '-c', ENTER, 'control-node'];
  return [...enter, rootDirectory(), PLAYBOOK, inventory, ...argv];
}

export function playbookCommand(name, { hosts, more = [] }) {
  return ['ansible-playbook', '--inventory', '/srv/inventory/inventory.yml', '--forks', String(hosts), name, ...more];
}

/** Totals of the PLAY RECAP; throws when hosts failed or none was there. */
export function recap({ code, stdout, stderr }) {
  const lines = [...stdout.matchAll(/^\S+\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/gm)];
  const sum = (at) => lines.reduce((total, line) => total + Number(line[at]), 0);
  if (code !== 0 || lines.length === 0 || sum(3) + sum(4) > 0)
    throw new Error(`ansible-playbook ended with status ${code}:\n${stdout.slice(-3000)}${stderr.slice(-1000)}`);
  return { ok: sum(1), changed: sum(2) };
}
