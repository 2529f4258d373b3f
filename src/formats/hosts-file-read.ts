// Reads /etc/hosts: an address and its names; # starts a comment anywhere. Lines without a name have no effect and
// are reported. Addresses are kept as written. Manual: hosts(5)
import type { Parsed, Place } from './document.ts';
import type { HostsEntry } from './hosts-file-write.ts';
import { Problems, placeIn, textLines } from './text-lines.ts';

export interface HostsLine extends HostsEntry, Place {}

export interface HostsDocument {
  readonly file: string;
  readonly entries: readonly HostsLine[];
}

export function parseHostsFile(text: string, file: string): Parsed<HostsDocument> {
  const problems = new Problems();
  const entries: HostsLine[] = [];
  for (const line of textLines(text, problems)) {
    const hash = line.text.indexOf('#');
    const [address, ...names] = line.text.slice(0, hash < 0 ? undefined : hash).matchAll(/\S+/g);
    if (address === undefined) continue;
    const place = placeIn(line, address.index);
    if (!/^[0-9A-Fa-f:.]+(?:%\S+)?$/.test(address[0])) problems.add(place, 'a line starts with an address');
    else if (names.length === 0) problems.add(place, 'an address without a name');
    else entries.push({ ...place, address: address[0], names: names.map(([name]) => name) });
  }
  return { document: { file, entries }, problems: problems.sorted() };
}

/** Addresses that a name stands for, in order. */
export function addressesOf(document: HostsDocument, name: string): readonly string[] {
  return document.entries.filter(({ names }) => names.includes(name)).map(({ address }) => address);
}
