// The machine and its Debian: version, name, memory, processor flags, container or not.
// Manuals: os-release(5), systemd-detect-virt(1), proc_meminfo(5).
import type { Gatherer } from './gatherer.ts';
import { END, linesOf, wholeLines } from './gatherer.ts';

export interface SystemFacts {
  /** `debian`; empty when unknown. */
  readonly distribution: string;
  /** `13`; empty on testing and unstable. */
  readonly version: string;
  readonly codename: string;
  readonly machineId: string;
  /** What the kernel has, or the limit of the container where that can be seen. */
  readonly memoryMiB: number;
  /** vmx or svm: the processor can run virtual machines. */
  readonly virtualisation: boolean;
  readonly kvm: boolean;
  /** `systemd-nspawn`, `lxc`, … when it is a container. */
  readonly container: string | undefined;
}

const SCRIPT = `( . /etc/os-release; printf 'id %s\\nversion %s\\ncodename %s\\n' "$ID" "\${VERSION_ID:-}" "\${VERSION_CODENAME:-}" )
printf 'machine-id %s\\n' "$(cat /etc/machine-id 2>/dev/null)"
sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/memory \\1/p' /proc/meminfo
[ ! -r /sys/fs/cgroup/memory.max ] || printf 'limit %s\\n' "$(cat /sys/fs/cgroup/memory.max)"
printf 'flags %s\\n' "$(grep -m 1 -ow -E 'vmx|svm' /proc/cpuinfo | head -n 1)"
[ ! -c /dev/kvm ] || echo 'kvm yes'
printf 'container %s\\n' "$(systemd-detect-virt --container 2>/dev/null)"
echo ${END}
`;

export const system: Gatherer<SystemFacts> = {
  read: () => ({ text: SCRIPT, timeout: 10 }),
  parse(output) {
    const lines = wholeLines(output);
    const one = (word: string): string => linesOf(lines, word)[0]?.trim() ?? '';
    const memory = Number(one('memory')) / 1024;
    if (!(memory > 0)) throw new Error('/proc/meminfo shows no MemTotal');
    const limit = Number(one('limit')) / 1024 / 1024;
    const container = one('container');
    return {
      distribution: one('id'),
      version: one('version'),
      codename: one('codename'),
      machineId: one('machine-id'),
      memoryMiB: Math.floor(limit > 0 ? Math.min(limit, memory) : memory),
      virtualisation: one('flags') !== '',
      kvm: one('kvm') === 'yes',
      container: container === '' || container === 'none' ? undefined : container,
    };
  },
};
