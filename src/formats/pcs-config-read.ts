// Reads the text that `pcs config` prints (pcs 0.9 to 0.12): resources, stonith devices, properties, constraints, nodes.
//
// Lines are understood by their heading and indentation; those it does not know are passed over, since the text is for
// people and differs between versions. Never throws. Manual: pcs(8)
import type { Option, Parsed, Place } from './document.ts';
import type { PacemakerConstraint, PacemakerDocument, PacemakerNode, PacemakerResource } from './pacemaker-document.ts';
import { Problems, placeIn, textLines, trimmedPart } from './text-lines.ts';
import type { TextLine } from './text-lines.ts';

type Open = Omit<PacemakerResource, 'attributes' | 'meta' | 'operations'> & {
  readonly attributes: Option[];
  readonly meta: Option[];
  readonly operations: (Place & { readonly name: string; readonly options: Option[] })[];
};
type OpenClone = Place & { readonly id: string; readonly meta: Option[]; readonly indent: number };

interface State {
  readonly problems: Problems;
  readonly nodes: PacemakerNode[];
  readonly properties: Option[];
  readonly resources: Open[];
  readonly constraints: PacemakerConstraint[];
  area: 'none' | 'nodes' | 'properties' | 'constraints' | 'resources';
  constraint: PacemakerConstraint['kind'];
  clone: OpenClone | undefined;
  /** Where pairs of the lines below go. */
  target: Option[] | undefined;
  operations: boolean;
}

export function parsePcsConfig(text: string, file: string): Parsed<PacemakerDocument> {
  const problems = new Problems();
  const state: State = {
    problems, nodes: [], properties: [], resources: [], constraints: [], area: 'none', constraint: 'location',
    clone: undefined, target: undefined, operations: false,
  }; // prettier-ignore
  for (const line of textLines(text, problems)) readLine(state, line);
  const { nodes, properties, resources, constraints } = state;
  if (nodes.length + properties.length + resources.length + constraints.length === 0) {
    problems.add({ line: 1, column: 1 }, 'nothing that `pcs config` prints');
  }
  return {
    document: { file, line: 1, column: 1, nodes, properties, resources, constraints },
    problems: problems.sorted(),
  };
}

const AREAS: readonly (readonly [RegExp, State['area'], PacemakerConstraint['kind']?])[] = [
  [/^(?:Pacemaker|Corosync) Nodes:/, 'nodes'],
  [/^Cluster Properties:/, 'properties'],
  [/^Location Constraints:/, 'constraints', 'location'],
  [/^Ordering Constraints:|^Order Constraints:/, 'constraints', 'order'],
  [/^Colocation Constraints:/, 'constraints', 'colocation'],
  [/^(?:Resources|Stonith Devices):/, 'resources'],
  [/^[A-Z][\w ]+:(?: \S+)?$/, 'none'],
];

function readLine(state: State, line: TextLine): void {
  const part = trimmedPart(line.text);
  if (part.text === '') return;
  const area = part.start === 0 ? AREAS.find(([pattern]) => pattern.test(part.text)) : undefined;
  if (area !== undefined) {
    [, state.area] = area;
    state.constraint = area[2] ?? state.constraint;
    state.target = undefined;
    state.clone = undefined;
    return;
  }
  if (state.area === 'nodes') readNodes(state, line);
  else if (state.area === 'properties') state.properties.push(...pairsIn(line, 0, ':'), ...pairsIn(line, 0, '='));
  else if (state.area === 'constraints') readConstraint(state, line);
  else if (state.area === 'resources') readResource(state, line);
}

function readNodes(state: State, line: TextLine): void {
  for (const match of line.text.matchAll(/\S+/g)) {
    if (!state.nodes.some(({ name }) => name === match[0])) {
      state.nodes.push({ ...placeIn(line, match.index), name: match[0], attributes: [] });
    }
  }
}

function readConstraint(state: State, line: TextLine): void {
  const id = /\(?\bid:\s*([^\s)]+)|^\s+Constraint:\s*(\S+)/.exec(line.text);
  const heading = /^\s{2}\S.*Constraints:$/.test(line.text);
  if (heading || id === null) return;
  const name = id[1] ?? id[2] ?? '';
  const place = placeIn(line, id.index + id[0].lastIndexOf(name));
  const resources = [...line.text.matchAll(/(?:start|promote|resource)\s+'?([\w.-]+)'?/g)].map(
    (match) => match[1] ?? '',
  );
  state.constraints.push({ ...place, id: name, kind: state.constraint, resources });
}

function readResource(state: State, line: TextLine): void {
  const { text, start } = trimmedPart(line.text);
  const named =
    /^(Resource|Clone|Master|Group|Bundle):\s*(\S+)(?:\s*\(class=(\S+?)(?:\s+provider=(\S+?))?\s+type=(\S+?)\))?/.exec(
      text,
    );
  if (named !== null) {
    beginResource(state, line, named);
    return;
  }
  const resource = state.resources.at(-1);
  const heading = /^(Attributes|Meta Attrs|Meta Attributes|Operations)\b[^:]*:/.exec(text);
  if (heading !== null) {
    const clone = state.clone !== undefined && start <= state.clone.indent + 2 ? state.clone : undefined;
    state.operations = heading[1] === 'Operations';
    const isMeta = heading[1]?.startsWith('Meta') === true;
    const options = clone === undefined ? (isMeta ? resource?.meta : resource?.attributes) : clone.meta;
    state.target = options;
    if (state.operations) readOperation(resource, line, start + heading[0].length);
    else state.target?.push(...pairsIn(line, start + heading[0].length, '='));
  } else if (state.operations) readOperation(resource, line, start);
  else state.target?.push(...pairsIn(line, start, '='));
}

function beginResource(state: State, line: TextLine, named: RegExpExecArray): void {
  const { start } = trimmedPart(line.text);
  const [, kind, id = '', type, provider, agent] = named;
  if (state.clone !== undefined && start <= state.clone.indent) state.clone = undefined;
  state.target = undefined;
  state.operations = false;
  const place = placeIn(line, start);
  if (kind === 'Clone' || kind === 'Master') state.clone = { ...place, id, meta: [], indent: start };
  if (kind !== 'Resource') return;
  state.resources.push({
    ...place,
    id,
    agent: [type, provider, agent].filter((part) => part !== undefined).join(':'),
    attributes: [],
    meta: [],
    operations: [],
    ...(state.clone === undefined ? {} : { clone: state.clone }),
  });
}

function readOperation(resource: Open | undefined, line: TextLine, from: number): void {
  const part = trimmedPart(line.text, { from });
  const name = /^(start|stop|monitor|promote|demote|notify|migrate_to|migrate_from)\b/.exec(part.text)?.[1];
  if (name !== undefined) resource?.operations.push({ ...placeIn(line, part.start), name, options: [] });
  resource?.operations.at(-1)?.options.push(...pairsIn(line, from, '='));
}

/** `key=value` or `key: value` in a line, from an offset. */
function pairsIn(line: TextLine, from: number, separator: ':' | '='): readonly Option[] {
  const pattern = separator === '=' ? /([\w.-]+)=("[^"]*"|\S*)/g : /([\w.-]+):[ \t]+("[^"]*"|\S+)/g;
  return [...line.text.slice(from).matchAll(pattern)].map((match) => {
    const [whole, key = '', value = ''] = match;
    const place = placeIn(line, from + match.index);
    const valueAt = placeIn(line, from + match.index + whole.length - value.length);
    return { ...place, key, value: value.replaceAll('"', ''), valueAt };
  });
}
