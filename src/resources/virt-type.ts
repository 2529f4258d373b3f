// How a host runs instances: with the processor's help (kvm) or by emulation (qemu). Not what the machine says of
// itself counts, but whether a guest of one sector runs under KVM within ten seconds: there are hosts with a /dev/kvm
// that hangs or fails. Found out once per boot and kept in /run; written to a file of its own that nova-compute reads last.
// The reason stands in the plan. Before QEMU is installed the answer is open, and the plan says so.
// Source: QEMU's isa-debug-exit device; nova.conf [libvirt] virt_type, cpu_mode.
import type { Difference, Reading, Resource, ResourceId, ResourceKind } from '../model/resource.ts';
import { sh } from '../remote/shell.ts';
import { known, recordsByIndex, unknown, whole } from './reading.ts';
import { END_MARK } from './script.ts';

export type VirtType = 'kvm' | 'qemu';

export interface VirtTypeDesired {
  /** Absolute path of the ini file. */
  readonly path: string;
  /** The spec's choice; absent: what the probe says. */
  readonly wanted?: VirtType;
}

export interface VirtTypeState {
  readonly configured?: string;
  readonly kvm: boolean;
  /** Why, for people. */
  readonly reason: string;
}

const PROBE_SECONDS = 10;
const RESULT = '/run/hastack/kvm-probe';
/** `mov dx,0x501; mov al,0x10; out dx,al; hlt`, and the mark of a boot sector at its end: QEMU then exits with 33. */
const BOOT_CODE = '\\272\\001\\005\\260\\020\\356\\364\\353\\375';
const CODE_LENGTH = 9;
const MARK_AT = 510;
const GOOD_EXIT = 33;

export function virtType(
  options: VirtTypeDesired & { readonly notifies?: readonly ResourceId[] },
): Resource<VirtTypeDesired> {
  const { notifies, ...desired } = options;
  return { id: 'virt-type:host', kind: 'virt-type', desired, ...(notifies === undefined ? {} : { notifies }) };
}

export const virtTypeKind: ResourceKind<VirtTypeDesired, VirtTypeState> = {
  kind: 'virt-type',
  read: (items) => ({
    text: `${items.map(readItem).join('')}echo ${END_MARK}\n`,
    timeout: PROBE_SECONDS + 20,
  }),
  parse(output, items) {
    if (!whole(output)) return items.map(() => unknown('how instances run could not be found out'));
    const records = recordsByIndex(output);
    return items.map((_item, index) => parseState(records.get(index) ?? []));
  },
  diff: diffVirtType,
  apply: (desired) => ({ text: applyScript(desired), timeout: PROBE_SECONDS + 20 }),
};

function readItem({ path, wanted }: VirtTypeDesired, index: number): string {
  return `${sh`configured=$(sed -n 's/^virt_type = //p' ${path} 2>/dev/null) || :`}
echo "${index} configured $configured"
${wanted === undefined ? `(${PROBE}\necho "${index} probe $answer")\n` : ''}`;
}

function parseState(lines: readonly string[]): Reading<VirtTypeState> {
  const after = (word: string): string =>
    lines
      .find((line) => line.startsWith(`${word} `))
      ?.slice(word.length + 1)
      .trim() ?? '';
  const [answer = '', ...reason] = after('probe').split(' ');
  if (answer === 'open') return unknown(reason.join(' '));
  const configured = after('configured');
  return known({
    ...(configured === '' ? {} : { configured }),
    kvm: answer === 'kvm',
    reason: reason.join(' '),
  });
}

function diffVirtType(desired: VirtTypeDesired, reading: Reading<VirtTypeState>): Difference | undefined {
  if (!reading.known) return { action: 'create', reason: reading.reason };
  const { configured, kvm, reason } = reading.state;
  const wanted = desired.wanted ?? (kvm ? 'kvm' : 'qemu');
  if (configured === wanted) return undefined;
  const why = desired.wanted === undefined ? reason : 'the spec says so';
  return {
    action: configured === undefined ? 'create' : 'update',
    reason: `${configured === undefined ? '' : `${configured} → `}${wanted}: ${why}`,
  };
}

/** Asks again: QEMU may have been installed since the plan was made. */
function applyScript({ path, wanted }: VirtTypeDesired): string {
  const choose =
    wanted === undefined
      ? `${PROBE}\ncase "$answer" in open*) echo "\${answer#open }" >&2; exit 1 ;; esac\ntype=\${answer%% *}`
      : sh`type=${wanted}`;
  const temporary = `${path}.hastack-tmp`;
  return `${choose}
# Emulation has no model of the host's own processor.
mode=none; [ "$type" = qemu ] || mode=host-model
${sh`[ -d ${path.slice(0, path.lastIndexOf('/'))} ] || mkdir -p ${path.slice(0, path.lastIndexOf('/'))}`}
${sh`printf '[libvirt]\nvirt_type = %s\ncpu_mode = %s\n' "$type" "$mode" >${temporary}`}
${sh`chmod 644 ${temporary}; mv -fT -- ${temporary} ${path}`}
`;
}

/** Sets `answer`: `kvm REASON`, `qemu REASON` or `open REASON`. */
const PROBE = `answer=
${sh`if [ -r ${RESULT} ]; then IFS= read -r answer <${RESULT} || :; fi`}
if [ -z "$answer" ]; then
  qemu=$(command -v qemu-system-x86_64 || :)
  if [ ! -c /dev/kvm ]; then answer='qemu the host has no /dev/kvm'
  elif [ -z "$qemu" ]; then answer='open decided when QEMU is installed'
  else
    image=$(mktemp)
    { printf '${BOOT_CODE}'; head -c ${MARK_AT - CODE_LENGTH} /dev/zero; printf '\\125\\252'; head -c 1536 /dev/zero; } >"$image"
    rc=0
    timeout -k 2 ${PROBE_SECONDS} "$qemu" -M pc,accel=kvm -m 16 -nodefaults -display none -no-reboot \\
      -device isa-debug-exit,iobase=0x501,iosize=1 -drive "file=$image,format=raw,if=ide" </dev/null >/dev/null 2>&1 || rc=$?
    rm -f "$image"
    case "$rc" in
    ${GOOD_EXIT}) answer='kvm a guest runs under KVM' ;;
    124 | 137) answer='qemu a guest under KVM does not come up within ${PROBE_SECONDS} s' ;;
    *) answer="qemu a guest under KVM fails (exit status $rc)" ;;
    esac
  fi
  case "$answer" in open*) ;; *) mkdir -p ${RESULT.slice(0, RESULT.lastIndexOf('/'))}; printf '%s\\n' "$answer" >${RESULT} ;; esac
fi`;
