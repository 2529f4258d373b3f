// The ledger of the write probe: where its numbers go, and what every member holds of them afterwards.
// Members are asked over ssh and their local socket, each for itself, after it has caught up (wsrep_sync_wait),
// so that neither HAProxy nor a firewall can hide a member that lost something.
import type { MemberLedger } from '../model/drill.ts';
import { HastackError } from '../model/error.ts';
import { raw, sh } from '../remote/shell.ts';
import { mustRun, type DrillHosts } from './hosts.ts';
import { LEDGER_DATABASE } from './probes/config.ts';

export interface LedgerAccount {
  readonly user: string;
  readonly password: string;
  /** Whether the account has to come over TLS. */
  readonly tls: boolean;
}

/** Makes database, table and account. The password travels on stdin. Safe to repeat. */
export async function prepareLedger(hosts: DrillHosts, member: string, account: LedgerAccount): Promise<void> {
  const user = `${sqlString(account.user)}@'%'`;
  await mustRun(hosts, member, {
    text: sqlScript([
      `CREATE DATABASE IF NOT EXISTS ${LEDGER_DATABASE}`,
      `CREATE TABLE IF NOT EXISTS ${LEDGER_DATABASE}.seq (run VARCHAR(80) NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (run, n)) ENGINE=InnoDB`,
      `CREATE OR REPLACE USER ${user} IDENTIFIED BY ${sqlString(account.password)}${account.tls ? ' REQUIRE SSL' : ''}`,
      `GRANT SELECT, INSERT ON ${LEDGER_DATABASE}.* TO ${user}`,
    ]),
    timeout: 30,
  });
}

export async function dropLedger(hosts: DrillHosts, member: string, account: LedgerAccount): Promise<void> {
  await mustRun(hosts, member, {
    text: sqlScript([
      `DROP DATABASE IF EXISTS ${LEDGER_DATABASE}`,
      `DROP USER IF EXISTS ${sqlString(account.user)}@'%'`,
    ]),
    timeout: 30,
  });
}

export interface LedgerQuestion {
  readonly run: string;
  readonly acknowledged: readonly number[];
  readonly members: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface LedgerAnswer {
  readonly members: readonly MemberLedger[];
  /** Numbers that are missing on at least one member. */
  readonly lost: number;
  /** Members that could not be asked, with the reason: no verdict can pass without them. */
  readonly unread: readonly string[];
}

/** Looks for every acknowledged number on every member. */
export async function readLedger(hosts: DrillHosts, question: LedgerQuestion): Promise<LedgerAnswer> {
  const outcomes = await Promise.all(question.members.map((member) => readMember(hosts, member, question)));
  const read = outcomes.filter((outcome) => typeof outcome !== 'string');
  return {
    members: read.map(({ host, missing }) => ({ host, missing: missing.length, examples: missing.slice(0, 10) })),
    lost: new Set(read.flatMap((outcome) => outcome.missing)).size,
    unread: outcomes.filter((outcome) => typeof outcome === 'string'),
  };
}

interface MemberMissing {
  readonly host: string;
  readonly missing: readonly number[];
}

async function readMember(hosts: DrillHosts, host: string, question: LedgerQuestion): Promise<MemberMissing | string> {
  const select = `SET SESSION wsrep_sync_wait = 1; SELECT n FROM ${LEDGER_DATABASE}.seq WHERE run = ${sqlString(question.run)}`;
  try {
    const text = sqlScript([select]);
    const output = await mustRun(hosts, host, { text, timeout: 60, signal: question.signal });
    return { host, missing: missingNumbers(question.acknowledged, output) };
  } catch (error) {
    question.signal?.throwIfAborted();
    return `${host}: ${error instanceof HastackError ? error.message : String(error)}`;
  }
}

/** Pure: the numbers of `output` (one per line) against those that were acknowledged. */
export function missingNumbers(acknowledged: readonly number[], output: string): readonly number[] {
  const present = new Set(output.split('\n').filter((line) => /^\d+$/.test(line)));
  return acknowledged.filter((n) => !present.has(String(n)));
}

function sqlScript(statements: readonly string[]): string {
  return [
    sh`mariadb --batch --skip-column-names --default-character-set=utf8mb4 ${raw("<<'END_OF_SQL'")}`,
    ...statements.map((statement) => `${statement};`),
    'END_OF_SQL',
  ].join('\n');
}

function sqlString(text: string): string {
  if (/[\0\n\r]/.test(text)) throw new Error('a name or password must be one line');
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
