// What one Galera member holds and says, for `recover`. One script per host; it changes nothing.
//
// The position is asked of InnoDB (galera_recovery) and only while no mariadbd runs: after a power cut grastate.dat says
// -1 on every member, and InnoDB's position was right in every repetition. Each member also tells which peers answer
// as primary, because a primary component may live where the operator's machine cannot reach it.
import { CHECK_PORT } from './check-script.ts';

export const NO_CLUSTER = '00000000-0000-0000-0000-000000000000';

/** InnoDB's crash recovery of a large database takes minutes. */
const RECOVERY_SECONDS = 600;

export interface Position {
  readonly uuid: string;
  readonly seqno: number;
}

export interface PrimaryView {
  /** `view_id` as it stands in gvwstate.dat. */
  readonly id: string;
  /** Galera's own id of this member, and those of all members of the view. */
  readonly me: string;
  readonly members: readonly string[];
}

export interface GaleraEvidence {
  /** ActiveState of mariadb.service. */
  readonly unit: string;
  readonly process: boolean;
  /** What the running server says; absent when it does not run or does not answer. */
  readonly status?: {
    readonly cluster: string;
    readonly state: string;
    readonly size: number;
    readonly uuid: string;
    readonly committed: number;
    /** Addresses of the members it sees, without ports. */
    readonly members: readonly string[];
  };
  readonly grastate?: Position & { readonly safe: boolean };
  /** The last primary component it belonged to; gone after an orderly stop. */
  readonly lastView?: PrimaryView;
  /** InnoDB's position; `failed` when it could not be read, absent when it was not asked. */
  readonly recovered?: Position | 'failed' | 'none';
  /** Addresses of peers that answered it as members of a primary component. */
  readonly primaryPeers: readonly string[];
  readonly dataKiB: number;
  readonly freeKiB: number;
}

export function readEvidence(peers: readonly string[]): { readonly text: string; readonly timeout: number } {
  return {
    timeout: RECOVERY_SECONDS + 60,
    text: `
data=/var/lib/mysql
for peer in ${peers.join(' ')}; do
  (printf 'peer %s %s\\n' "$peer" "$(curl -s -m 3 -o /dev/null -w '%{http_code}' "http://$peer:${CHECK_PORT}/primary")") &
done
wait
state=$(systemctl show -P ActiveState mariadb.service 2>/dev/null)
# Asking the gate is not running yet: the timer of a host without a cluster does so every few seconds.
[ "$(systemctl show -P SubState mariadb.service 2>/dev/null)" != condition ] || state=inactive
printf 'unit %s\\n' "$state"
if pgrep -x mariadbd >/dev/null; then
  echo process
  timeout 5 mariadb --batch --skip-column-names -e "SHOW GLOBAL STATUS WHERE Variable_name IN
    ('wsrep_cluster_status','wsrep_local_state_comment','wsrep_cluster_size','wsrep_cluster_state_uuid',
    'wsrep_last_committed','wsrep_incoming_addresses')" 2>/dev/null | sed 's/^/status /'
elif [ "$state" = inactive ] || [ "$state" = failed ]; then
  if [ ! -f $data/ibdata1 ]; then echo 'recovered none'; else
    install -d -o mysql -g mysql -m 755 /run/mysqld
    found=$(timeout -k 5 ${RECOVERY_SECONDS} galera_recovery 2>/dev/null | sed -n 's/.*--wsrep_start_position=//p')
    printf 'recovered %s\\n' "\${found:-failed}"
  fi
fi
sed -n 's/^\\(uuid\\|seqno\\|safe_to_bootstrap\\): */grastate \\1 /p' $data/grastate.dat 2>/dev/null
sed -n 's/^\\(my_uuid\\|view_id\\|member\\): */view \\1 /p' $data/gvwstate.dat 2>/dev/null
printf 'data %s\\n' "$(du -sk $data 2>/dev/null | cut -f1)"
printf 'free %s\\n' "$(df -Pk $data 2>/dev/null | awk 'NR == 2 { print $4 }')"
`,
  };
}

/** Lines: `unit inactive`, `process`, `status wsrep_cluster_size\t3`, `grastate seqno -1`, `recovered UUID:17`, … */
export function parseEvidence(output: string): GaleraEvidence {
  const lines = output.split('\n');
  const words = (head: string): readonly (readonly string[])[] =>
    lines.filter((line) => line.startsWith(`${head} `)).map((line) => line.slice(head.length + 1).split(/[ \t]+/));
  const one = (head: string): string => words(head)[0]?.[0] ?? '';
  const status = new Map(words('status').map(([name = '', value = '']) => [name, value]));
  const grastate = new Map(words('grastate').map(([name = '', value = '']) => [name, value]));
  const uuid = grastate.get('uuid');
  const lastView = parseView(words('view'));
  const recovered = parseRecovered(one('recovered'));
  return {
    unit: one('unit') || 'unknown',
    process: lines.includes('process'),
    ...(status.size === 0 ? {} : { status: parseStatus(status) }),
    ...(uuid === undefined
      ? {}
      : {
          grastate: {
            uuid,
            seqno: Number(grastate.get('seqno') ?? -1),
            safe: grastate.get('safe_to_bootstrap') === '1',
          },
        }),
    ...(lastView === undefined ? {} : { lastView }),
    ...(recovered === undefined ? {} : { recovered }),
    primaryPeers: words('peer').flatMap(([address = '', code]) => (code === '200' ? [address] : [])),
    dataKiB: Number(one('data')) || 0,
    freeKiB: Number(one('free')) || 0,
  };
}

function parseStatus(status: ReadonlyMap<string, string>): NonNullable<GaleraEvidence['status']> {
  return {
    cluster: status.get('wsrep_cluster_status') ?? '',
    state: status.get('wsrep_local_state_comment') ?? '',
    size: Number(status.get('wsrep_cluster_size')) || 0,
    uuid: status.get('wsrep_cluster_state_uuid') ?? NO_CLUSTER,
    committed: Number(status.get('wsrep_last_committed') ?? -1),
    members: (status.get('wsrep_incoming_addresses') ?? '').split(',').map((each) => each.replace(/:\d+$/, '')),
  };
}

function parseView(words: readonly (readonly string[])[]): PrimaryView | undefined {
  const of = (name: string): readonly string[] =>
    words.filter(([head]) => head === name).map(([, ...rest]) => rest.join(' '));
  const [me] = of('my_uuid');
  const [id] = of('view_id');
  if (me === undefined || id === undefined) return undefined;
  return { id, me, members: of('member').map((line) => line.split(' ')[0] ?? '') };
}

function parseRecovered(text: string): GaleraEvidence['recovered'] {
  if (text === '') return undefined;
  if (text === 'none' || text === 'failed') return text;
  const [uuid = NO_CLUSTER, seqno = '-1'] = text.split(':');
  return { uuid, seqno: Number(seqno.split(',')[0]) };
}

/** What a stopped member holds: a position, nothing at all, or something that cannot be told. */
export function copyOf(member: GaleraEvidence): Position | 'none' | 'unknown' {
  const { recovered, grastate } = member;
  if (recovered === 'none') return 'none';
  if (typeof recovered === 'object' && recovered.uuid !== NO_CLUSTER) return recovered;
  // An orderly stop writes the position; a running or killed server leaves -1.
  if (grastate !== undefined && grastate.uuid !== NO_CLUSTER && grastate.seqno >= 0) return grastate;
  // InnoDB answered that it never was in a cluster; or a full copy was being received when the power went.
  if (typeof recovered === 'object') return 'none';
  if (recovered === 'failed' && grastate?.uuid === NO_CLUSTER) return 'none';
  return 'unknown';
}

/** One line for people. */
export function describeEvidence(host: string, member: GaleraEvidence): string {
  const { status, grastate } = member;
  const copy = copyOf(member);
  const parts = [
    status !== undefined
      ? `runs, ${status.cluster}, ${status.state}, sees ${status.members.join(' ') || 'nobody'} (${status.size}) of ${status.uuid}, committed ${status.committed}`
      : member.process
        ? `mariadbd runs and does not answer (${member.unit})`
        : `stopped (${member.unit})`,
    ...(member.process || status !== undefined ? [] : [copyText(copy)]),
    ...(grastate === undefined
      ? []
      : [`grastate.dat ${grastate.uuid}:${grastate.seqno}${grastate.safe ? ', safe to bootstrap' : ''}`]),
    ...(member.lastView === undefined ? [] : [`last primary component had ${member.lastView.members.length} members`]),
    ...(member.primaryPeers.length === 0 ? [] : [`reaches a primary member at ${member.primaryPeers.join(', ')}`]),
  ];
  return `${host}: ${parts.join('; ')}`;
}

function copyText(copy: Position | 'none' | 'unknown'): string {
  if (copy === 'none') return 'holds no copy';
  return copy === 'unknown' ? 'its position cannot be read' : `position ${copy.seqno} of cluster ${copy.uuid}`;
}
