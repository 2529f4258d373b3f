// RabbitMQ's configuration as rules ask for it, whichever of its formats holds it.
import type { Place } from '../../formats/document.ts';
import { erlangText, erlangValue } from '../../formats/erlang-terms-read.ts';
import { jsonItems, jsonMember, jsonText } from '../../formats/json-read.ts';
import type { JsonNode } from '../../formats/json-read.ts';
import type { AuditFile, Estate, HostFacts } from '../estate.ts';
import { iniOption } from '../estate.ts';

export interface RabbitSetting extends Place {
  readonly file: AuditFile;
  readonly value: string;
}

/** A setting of the `rabbit` application: rabbitmq.conf wins over the classic file, advanced.config over both. */
export function rabbitSetting(host: HostFacts, key: string): RabbitSetting | undefined {
  const flat = host.of('rabbitmq').flatMap((file) => {
    const option = file.document.options.findLast((each) => each.key === key);
    return option === undefined ? [] : [{ file, value: option.value, line: option.line, column: option.column }];
  });
  const terms = host.of('erlang').flatMap((file) => {
    const term = erlangValue(file.document.terms[0], 'rabbit', key);
    const value = erlangText(term);
    return term === undefined || value === undefined ? [] : [{ file, value, line: term.line, column: term.column }];
  });
  return [...flat, ...terms].at(-1);
}

/** The brokers that rabbitmq.conf lists for forming the cluster. */
export function formationNodes(host: HostFacts): readonly RabbitSetting[] {
  return host
    .of('rabbitmq')
    .flatMap((file) =>
      file.document.options
        .filter(({ key }) => key.startsWith('cluster_formation.classic_config.nodes.'))
        .map(({ value, line, column }) => ({ file, value, line, column })),
    );
}

export interface RabbitPolicy {
  readonly file: AuditFile<'definitions'>;
  readonly node: JsonNode;
  readonly name: string;
  readonly definition: JsonNode | undefined;
}

export function policies(estate: Estate): readonly RabbitPolicy[] {
  return estate.of('definitions').flatMap((file) =>
    jsonItems(jsonMember(file.document.root, 'policies')).map((node) => ({
      file,
      node,
      name: jsonText(jsonMember(node, 'name')) ?? '',
      definition: jsonMember(node, 'definition'),
    })),
  );
}

export function isRabbitHost(host: HostFacts): boolean {
  return host.of('rabbitmq').length > 0 || host.of('erlang').length > 0;
}

export interface Transport extends RabbitSetting {
  readonly file: AuditFile<'oslo'>;
  /** `host:port` of each broker, without user and password. */
  readonly brokers: readonly string[];
}

/** Services that talk to RabbitMQ, with the brokers they know. */
export function transports(estate: Estate): readonly Transport[] {
  return estate.of('oslo').flatMap((file) => {
    const option = iniOption(file.document, 'DEFAULT', 'transport_url');
    if (option === undefined || !/^rabbit(?:\+\w+)?:\/\//.test(option.value)) return [];
    const list = option.value.replace(/^[^:]+:\/\//, '').replace(/\/[^/]*$/, '');
    const brokers = list.split(',').map((each) => each.slice(each.lastIndexOf('@') + 1).trim()).filter((each) => each !== ''); // prettier-ignore
    return [{ file, value: option.value, line: option.line, column: option.column, brokers }];
  });
}
