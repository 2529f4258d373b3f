// Debian's own Tempest in a directory beside the images of the lab, made once by mmdebstrap; nothing is installed on
// this machine. Commands run in it by chroot in a mount namespace of their own, in the network namespace of the caller
// or in that of a lab, where the cloud is reached from outside. Manuals: mmdebstrap(1), unshare(1), nsenter(1).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const PACKAGES = ['tempest', 'python3-openstacksdk', 'ca-certificates', 'iputils-ping', 'openssh-client'];
const SUITE = 'trixie';

// Parameters: root, work directory, then the command. The hosts file of the work directory knows the names of VIPs.
const ENTER = `
root=$1 work=$2
shift 2
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$work" "$root/srv/work"
mount --bind "$work/hosts" "$root/etc/hosts"
exec chroot "$root" env -i HOME=/srv/work PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 PYTHONUNBUFFERED=1 \
  sh -c 'cd /srv/work && exec "$@"' sh "$@"
`;

function rootDirectory() {
  return join(process.env.HASTACK_CACHE ?? '/var/cache/hastack', 'tempest', SUITE);
}

/** Makes it when it is not there; some minutes and 700 MB. */
export function prepareChroot() {
  const root = rootDirectory();
  if (existsSync(root)) return;
  console.log(`making ${root}: ${PACKAGES.join(', ')} of Debian ${SUITE}`);
  const build = `${root}.build`;
  rmSync(build, { recursive: true, force: true });
  mkdirSync(join(root, '..'), { recursive: true });
  const options = ['--variant=minbase', '--mode=root', '--aptopt=Acquire::Languages "none"'];
  const argv = [...options, '--aptopt=APT::Install-Recommends "false"', `--include=${PACKAGES.join()}`, SUITE, build];
  const { status, stderr } = spawnSync('mmdebstrap', argv, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`mmdebstrap failed: ${(stderr ?? '').trim().split('\n').slice(-5).join('\n')}`);
  mkdirSync(join(build, 'srv/work'));
  renameSync(build, root);
}

export class Chroot {
  /** `netns`: path of a network namespace; absent: that of the caller. */
  constructor({ work, netns }) {
    this.work = work;
    this.netns = netns;
  }

  #argv(command) {
    const enter = ['unshare', '--mount', '--propagation', 'private', 'sh', '-eu', '-c', ENTER, 'tempest'];
    const inside = this.netns === undefined ? [] : ['nsenter', `--net=${this.netns}`];
    return [...inside, ...enter, rootDirectory(), this.work, ...command];
  }

  /** Standard output of a command; throws with the end of its errors. */
  output(command, { timeoutSeconds = 900 } = {}) {
    const [program, ...argv] = this.#argv(command);
    const result = spawnSync(program, argv, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutSeconds * 1000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (result.status === 0) return result.stdout;
    const said = (result.stderr ?? '').trim().split('\n').slice(-5).join('\n');
    throw new Error(`${command.join(' ')} ended with ${result.status ?? result.signal}: ${said}`);
  }

  /** Every line of its output as it comes; the exit status in the end. */
  async lines(command, onLine) {
    const [program, ...argv] = this.#argv(command);
    const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text) => {
      const [...whole] = (rest + text).split('\n');
      rest = whole.pop() ?? '';
      whole.forEach(onLine);
    });
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (rest !== '') onLine(rest);
    return code;
  }
}
