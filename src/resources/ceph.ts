// Pools and users of Ceph, through the administrator's keyring on a monitor host. All are read with one script; keys
// are compared by their hashes, so that none leaves the host. A pool's placement groups are chosen when it is made and
// never changed afterwards; a user's key and capabilities are set together. Unknown while the monitors do not answer.
// Source: ceph(8), https://docs.ceph.com/en/reef/rados/operations/pools/ and /user-management/
import { sha256Hex } from '../lib/hash.ts';
import type { Difference, Reading, Resource, ResourceKind } from '../model/resource.ts';
import { sh } from '../remote/shell.ts';
import { known, lineAfter, unknown, whole } from './reading.ts';
import { END_MARK, withInput } from './script.ts';

export interface CephPoolDesired {
  readonly type: 'pool';
  readonly name: string;
  /** Copies. */
  readonly size: number;
  /** Copies that must be there for a write. */
  readonly minSize: number;
  /** When it is made. */
  readonly placementGroups: number;
}

export interface CephUserDesired {
  readonly type: 'user';
  /** `client.glance` */
  readonly entity: string;
  readonly key: string;
  /** By daemon: `{ mon: 'profile rbd' }`. */
  readonly capabilities: Readonly<Record<string, string>>;
}

export type CephDesired = CephPoolDesired | CephUserDesired;

export interface CephState {
  readonly pool?: { readonly size: number; readonly minSize: number; readonly forRbd: boolean };
  readonly user?: { readonly keyHash: string; readonly capabilities: Readonly<Record<string, string>> };
}

export function cephPool(options: Omit<CephPoolDesired, 'type'>): Resource<CephDesired> {
  return { id: `ceph:pool:${options.name}`, kind: 'ceph', desired: { type: 'pool', ...options } };
}

export function cephUser(options: Omit<CephUserDesired, 'type'>): Resource<CephDesired> {
  return { id: `ceph:user:${options.entity}`, kind: 'ceph', desired: { type: 'user', ...options } };
}

export const cephKind: ResourceKind<CephDesired, CephState> = {
  kind: 'ceph',
  read: () => ({ text: READ, timeout: 45 }),
  parse: parseCeph,
  diff(desired, reading) {
    if (!reading.known) return { action: 'create', reason: reading.reason };
    return desired.type === 'pool' ? diffPool(desired, reading.state) : diffUser(desired, reading.state);
  },
  apply: (desired, reading) => ({
    text:
      desired.type === 'pool'
        ? poolScript(desired, reading.known && reading.state.pool !== undefined)
        : userScript(desired),
    timeout: 180,
  }),
};

const REDUCE = `import hashlib, json, sys
pools, auth = (json.loads(part) for part in sys.stdin.read().split("\\n--\\n"))
print("state", json.dumps({
    "pools": [{"name": p["pool_name"], "size": p["size"], "minSize": p["min_size"],
               "forRbd": "rbd" in p.get("application_metadata", {})} for p in pools],
    "users": [{"entity": a["entity"], "keyHash": hashlib.sha256(a["key"].encode()).hexdigest(),
               "capabilities": a["caps"]} for a in auth["auth_dump"]]}))`;

const READ = `ask() { timeout 20 ceph --connect-timeout 10 "$@" --format json </dev/null; }
pools=$(ask osd pool ls detail) && users=$(ask auth ls) || exit 0
${sh`printf '%s\n--\n%s\n' "$pools" "$users" | python3 -c ${REDUCE}`}
echo ${END_MARK}
`;

interface Dump {
  readonly pools: readonly (NonNullable<CephState['pool']> & { readonly name: string })[];
  readonly users: readonly (NonNullable<CephState['user']> & { readonly entity: string })[];
}

/** `state {"pools": [...], "users": [...]}` */
function parseCeph(output: string, items: readonly CephDesired[]): readonly Reading<CephState>[] {
  const text = lineAfter(output.split('\n'), 'state ');
  if (!whole(output) || text === undefined) return items.map(() => unknown('the Ceph monitors do not answer'));
  const dump = JSON.parse(text) as Dump;
  return items.map((item) => {
    const pool = item.type === 'pool' ? dump.pools.find(({ name }) => name === item.name) : undefined;
    const user = item.type === 'user' ? dump.users.find(({ entity }) => entity === item.entity) : undefined;
    return known({ ...(pool === undefined ? {} : { pool }), ...(user === undefined ? {} : { user }) });
  });
}

function diffPool(desired: CephPoolDesired, { pool }: CephState): Difference | undefined {
  if (pool === undefined) return { action: 'create', reason: 'missing' };
  const reasons = [
    ...(pool.size === desired.size ? [] : [`size ${pool.size} → ${desired.size}`]),
    ...(pool.minSize === desired.minSize ? [] : [`min_size ${pool.minSize} → ${desired.minSize}`]),
    ...(pool.forRbd ? [] : ['not initialised for RBD']),
  ];
  return reasons.length === 0 ? undefined : { action: 'update', reason: reasons.join(', ') };
}

function diffUser(desired: CephUserDesired, { user }: CephState): Difference | undefined {
  if (user === undefined) return { action: 'create', reason: 'missing' };
  const daemons = [...new Set([...Object.keys(desired.capabilities), ...Object.keys(user.capabilities)])].toSorted();
  const reasons = daemons
    .filter((daemon) => desired.capabilities[daemon] !== user.capabilities[daemon])
    .map(
      (daemon) => `${daemon}: ${user.capabilities[daemon] ?? 'nothing'} → ${desired.capabilities[daemon] ?? 'nothing'}`,
    );
  if (user.keyHash !== sha256Hex(desired.key)) reasons.unshift('key differs');
  return reasons.length === 0 ? undefined : { action: 'update', reason: reasons.join(', ') };
}

const CEPH = 'ceph --connect-timeout 10';

/** `rbd pool init` comes last: it also marks the pool as one of RBD, which is what the next read looks at. */
function poolScript({ name, size, minSize, placementGroups }: CephPoolDesired, exists: boolean): string {
  const sure = size === 1 ? ' --yes-i-really-mean-it' : '';
  const make = sh`osd pool create ${name} ${placementGroups} ${placementGroups} replicated --size ${size} --autoscale-mode off`;
  return `${exists ? `${CEPH} ${sh`osd pool set ${name} size ${size}`}` : `${CEPH} ${make}`}${sure} </dev/null >&2
${CEPH} ${sh`osd pool set ${name} min_size ${minSize}`} </dev/null >&2
${sh`timeout 120 rbd pool init ${name}`} </dev/null >&2
`;
}

function userScript(desired: CephUserDesired): string {
  return `${withInput(`${CEPH} auth import -i - >&2`, keyringText(desired))}\n`;
}

/** A keyring with capabilities, as `ceph auth import` and `ceph-mon --mkfs` read it. */
export function keyringText({
  entity,
  key,
  capabilities = {},
}: Pick<CephUserDesired, 'entity' | 'key'> & Partial<Pick<CephUserDesired, 'capabilities'>>): string {
  const lines = Object.entries(capabilities).map(([daemon, granted]) => `\tcaps ${daemon} = "${granted}"\n`);
  return `[${entity}]\n\tkey = ${key}\n${lines.join('')}`;
}
