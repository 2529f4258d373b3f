// The readers of the audit against the programs themselves: Debian 13's haproxy, keepalived, mariadbd, corosync and
// nginx check the files of the corpus and mutations of them, and a reader must find a problem exactly where its program
// finds bad syntax. Needs root, a build (npm run build) and, the first time, a Debian mirror: the programs are in a
// directory of their own, made by mmdebstrap; nothing is installed on this machine.
//   node bench/audit-programs.mjs [--files 200] [--only haproxy] [--show] [--record]
// Exit 1: a difference that nothing explains.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { NGINX_FILES, PROGRAMS } from './lib/programs.mjs';
import { programsRoot } from './lib/programs-root.mjs';
import { series } from './lib/results.mjs';

const load = async (path) => import(new URL(`../dist/${path}`, import.meta.url).href);
const [{ filesOf, siteOf }, { mutate }, { READERS }] = await Promise.all([
  load('audit/testing/corpus/site.js'),
  load('audit/testing/corpus/mutate.js'),
  load('audit/documents.js'),
]);
const KINDS = { haproxy: 'haproxy', keepalived: 'keepalived', mariadb: 'mycnf', corosync: 'corosync', nginx: 'nginx' };
const SITES = 20;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '200' },
    only: { type: 'string' },
    show: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});

/** Files of the corpus that the program reads, as they are, and mutations of them. */
function textsFor(name, count) {
  const whole = name === 'nginx' ? NGINX_FILES : corpusTexts(KINDS[name]);
  const mutated = Array.from({ length: Math.max(0, count - whole.length) }, (_, at) =>
    mutate(whole[at % whole.length], { seed: `${name} ${at}` }),
  );
  return [...whole, ...mutated];
}

function corpusTexts(kind) {
  const name = { haproxy: /haproxy/, keepalived: /keepalived/, mycnf: /\.cnf$/, corosync: /corosync/ }[kind];
  const all = Array.from({ length: SITES }, (_, seed) => filesOf(siteOf(seed + 1))).flat();
  return [...new Set(all.filter(({ path }) => name.test(path)).map(({ text }) => text))].slice(0, 30);
}

/** What the program says of each text: one shell in the chroot asks for all of them. */
function ask(root, program, texts) {
  const folder = mkdtempSync(join(tmpdir(), 'hastack-programs-'));
  try {
    texts.forEach((text, at) => {
      mkdirSync(join(folder, String(at)));
      writeFileSync(join(folder, String(at), program.file), text);
    });
    writeFileSync(join(folder, 'one'), `exec timeout -k 2 20 ${program.command}\n`);
    const enter = `
mount --rbind /dev "$1/dev"
mount -t proc proc "$1/proc"
mount --bind "$2" "$1/mnt"
exec chroot "$1" env -i HOME=/root LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c 'cd /mnt
for each in [0-9]*; do sh one "$each/${program.file}" >"$each/out" 2>&1 </dev/null; echo $? >"$each/status"; done'`;
    const { status, stderr } = spawnSync(
      'unshare',
      ['--mount', '--propagation', 'private', 'sh', '-eu', '-c', enter, 'programs', root, folder],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`chroot: ${stderr}`);
    return texts.map((_, at) => ({
      output: readFileSync(join(folder, String(at), 'out'), 'utf8'),
      status: Number(readFileSync(join(folder, String(at), 'status'), 'utf8')),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function messagesOf({ table, message, line }, output) {
  return output.split('\n').flatMap((text) => {
    const said = message.exec(text)?.[1];
    if (said === undefined) return [];
    const about = table.find(([pattern]) => pattern.test(said))?.[1] ?? 'unknown';
    return [{ said, about, line: Number(line.exec(text)?.[1] ?? 0) }];
  });
}

/** undefined: they agree; `explained`: the program never came to the place; else a difference. */
function compare(program, problems, { messages, status }) {
  if (messages.some(({ about }) => about === 'unknown')) return 'a message without a class';
  // Some crash on what they cannot read (keepalived 2.3.3 on a quote that is never closed): no answer but a clear one.
  if (status === 124 || status >= 128)
    return problems.length > 0 ? undefined : `the program ended with status ${status}`;
  const syntax = messages.filter(({ about }) => about === 'syntax');
  if (syntax.length > 0 && problems.length === 0) return 'only the program';
  if (syntax.length > 0 || problems.length === 0) return undefined;
  const stopped = program.stops === true && status !== 0 && messages.some(({ about }) => about !== 'syntax');
  return stopped ? 'explained' : 'only the reader';
}

const root = programsRoot();
let unexplained = 0;
for (const [name, program] of Object.entries(PROGRAMS)) {
  if (values.only !== undefined && values.only !== name) continue;
  const texts = textsFor(name, Number(values.files));
  const answers = ask(root, program, texts);
  const seen = new Map();
  const differences = new Map();
  const count = { agreeing: 0, withBadSyntax: 0, notReached: 0, different: 0 };
  answers.forEach(({ output, status }, at) => {
    const messages = messagesOf(program, output);
    for (const { said, about } of messages) {
      const key = `${about}: ${said.replace(/\/mnt\S*|\S*\d+\S*|'[^']*'|"[^"]*"/g, '_').slice(0, 90)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const { problems } = READERS[KINDS[name]](texts[at], program.file);
    const verdict = compare(program, problems, { messages, status });
    if (verdict === undefined) count.agreeing += 1;
    else if (verdict === 'explained') count.notReached += 1;
    else {
      count.different += 1;
      const reader = problems.map((each) => `${each.line}: ${each.message}`).slice(0, 2);
      const said = messages.filter(({ about }) => about === 'syntax').map((each) => each.said);
      const key = `${verdict}: ${(verdict === 'only the reader' ? reader[0] : said[0])?.replace(/\d+/g, 'N').slice(0, 110)}`;
      differences.set(key, [...(differences.get(key) ?? []), { at, reader, output, text: texts[at] }]);
    }
    if (messages.some(({ about }) => about === 'syntax')) count.withBadSyntax += 1;
  });
  unexplained += count.different;
  console.log(
    `${name}: ${texts.length} files, ${count.withBadSyntax} with bad syntax: ${count.agreeing} agree, ${count.notReached} not judged to the end by the program, ${count.different} unexplained`,
  );
  for (const [key, list] of differences) {
    console.log(`  ${list.length} x ${key}`);
    if (values.show)
      console.log(`    ${JSON.stringify({ ...list[0], output: list[0].output.slice(0, 700) }, null, 1)}`);
  }
  if (values.show)
    for (const [key, times] of [...seen].toSorted(([a], [b]) => a.localeCompare(b))) console.log(`    ${times} ${key}`);
  if (values.record)
    series('audit-programs')({
      kind: 'program',
      name,
      files: texts.length,
      ...count,
      messages: [...seen.keys()],
    });
}
process.exitCode = unexplained === 0 ? 0 : 1;
