// VRRP router ids of the VIPs of a cluster: 1 to 255, never equal, derived from the names of cluster and VIP so
// that two clusters on one network rarely meet and nobody has to invent numbers.
// Stable: the same names give the same ids on every machine. An id that the user gave is kept.
// RFC 9568, section 5.2.3.

export interface NamedVip {
  readonly name: string;
  readonly routerId?: number | undefined;
}

const IDS = 255;

/** Id by VIP name. Beyond 255 VIPs ids repeat; a rule refuses such a spec. */
export function routerIds(cluster: string, vips: readonly NamedVip[]): ReadonlyMap<string, number> {
  const ids = new Map(
    vips.flatMap(({ name, routerId }) => (routerId === undefined ? [] : [[name, routerId] as const])),
  );
  const taken = new Set(ids.values());
  const derived = vips.map((vip) => vip.name).filter((name) => !ids.has(name));
  // In the order of their names: moving a VIP in the file changes nothing.
  for (const name of derived.toSorted()) {
    const id = freeFrom(hash(`${cluster}\n${name}`) % IDS, taken);
    ids.set(name, id);
    taken.add(id);
  }
  return ids;
}

function freeFrom(start: number, taken: ReadonlySet<number>): number {
  for (let step = 0; step < IDS; step += 1) {
    const id = ((start + step) % IDS) + 1;
    if (!taken.has(id)) return id;
  }
  return start + 1;
}

/** FNV-1a, 32 bits: short names spread well and it needs no library. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
