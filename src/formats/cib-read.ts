// Reads a Pacemaker CIB (`cibadmin --query`, /var/lib/pacemaker/cib/cib.xml) into what the cluster is configured to do.
// What is not configuration (status, tags, ACLs) is left out. Schema: pacemaker.rng; never throws.
import type { Option, Parsed } from './document.ts';
import type {
  PacemakerConstraint,
  PacemakerDocument,
  PacemakerNode,
  PacemakerOperation,
  PacemakerResource,
} from './pacemaker-document.ts';
import { parseXml, xmlAttribute, xmlElements } from './xml-read.ts';
import type { XmlElement } from './xml-read.ts';

const CONSTRAINTS = {
  rsc_location: 'location',
  rsc_order: 'order',
  rsc_colocation: 'colocation',
} as const;

export function parseCib(text: string, file: string): Parsed<PacemakerDocument> {
  const { document, problems } = parseXml(text, file);
  const configuration = xmlElements(document.elements, 'configuration')[0];
  const { line, column } = configuration ?? document.elements[0] ?? { line: 1, column: 1 };
  const parts = configuration?.children ?? [];
  return {
    document: {
      file,
      line,
      column,
      nodes: within(parts, 'nodes', 'node').map(nodeOf),
      properties: within(parts, 'crm_config', 'cluster_property_set').flatMap((set) => pairs(set.children)),
      resources: parts.filter(({ name }) => name === 'resources').flatMap((each) => resourcesIn(each)),
      constraints: parts.filter(({ name }) => name === 'constraints').flatMap((each) => constraintsIn(each)),
    },
    problems,
  };
}

function within(parts: readonly XmlElement[], section: string, name: string): readonly XmlElement[] {
  return xmlElements(
    parts.filter((part) => part.name === section),
    name,
  );
}

function nodeOf(element: XmlElement): PacemakerNode {
  const attributes = xmlElements(element.children, 'instance_attributes').flatMap((set) => pairs(set.children));
  return { line: element.line, column: element.column, name: textOf(element, 'uname'), attributes };
}

function resourcesIn(container: XmlElement, clone?: PacemakerResource['clone']): readonly PacemakerResource[] {
  return container.children.flatMap((element) => {
    if (element.name === 'primitive') return [resourceOf(element, clone)];
    if (element.name === 'group') return resourcesIn(element, clone);
    if (element.name !== 'clone' && element.name !== 'master') return [];
    const { line, column } = element;
    return resourcesIn(element, { line, column, id: textOf(element, 'id'), meta: metaOf(element) });
  });
}

function resourceOf(element: XmlElement, clone: PacemakerResource['clone']): PacemakerResource {
  const agent = ['class', 'provider', 'type'].map((key) => textOf(element, key)).filter((part) => part !== '');
  return {
    line: element.line,
    column: element.column,
    id: textOf(element, 'id'),
    agent: agent.join(':'),
    attributes: setsOf(element, 'instance_attributes'),
    meta: metaOf(element),
    operations: xmlElements(element.children, 'op').map(operationOf),
    ...(clone === undefined ? {} : { clone }),
  };
}

function operationOf(element: XmlElement): PacemakerOperation {
  return { line: element.line, column: element.column, name: textOf(element, 'name'), options: element.attributes };
}

function constraintsIn(container: XmlElement): readonly PacemakerConstraint[] {
  return container.children.flatMap((element) => {
    if (!isConstraint(element.name)) return [];
    const single = ['rsc', 'with-rsc', 'first', 'then'].map((key) => textOf(element, key));
    const sets = xmlElements(element.children, 'resource_ref').map((each) => textOf(each, 'id'));
    const { line, column } = xmlAttribute(element, 'id') ?? element;
    const resources = [...single, ...sets].filter((name) => name !== '');
    return [{ line, column, id: textOf(element, 'id'), kind: CONSTRAINTS[element.name], resources }];
  });
}

function isConstraint(name: string): name is keyof typeof CONSTRAINTS {
  return Object.hasOwn(CONSTRAINTS, name);
}

function metaOf(element: XmlElement): readonly Option[] {
  return setsOf(element, 'meta_attributes');
}

function setsOf(element: XmlElement, name: string): readonly Option[] {
  return element.children.filter((child) => child.name === name).flatMap((set) => pairs(set.children));
}

/** <nvpair name= value=>; the place is that of the name, the value's that of the value. */
function pairs(elements: readonly XmlElement[]): readonly Option[] {
  return xmlElements(elements, 'nvpair').flatMap((pair) => {
    const name = xmlAttribute(pair, 'name');
    const value = xmlAttribute(pair, 'value');
    if (name === undefined) return [];
    return [{ ...at(name.valueAt), key: name.value, value: value?.value ?? '', valueAt: value?.valueAt ?? at(name) }];
  });
}

function textOf(element: XmlElement, attribute: string): string {
  return xmlAttribute(element, attribute)?.value ?? '';
}

function at({ line, column }: { readonly line: number; readonly column: number }) {
  return { line, column };
}
