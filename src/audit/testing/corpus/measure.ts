// Recall and precision of the audit over sites with injected faults. Causes are told by experiment, not by rule ids:
// a finding is due to a fault when it goes with that fault alone being taken back, or comes with it alone.
import { Estate } from '../../estate.ts';
import type { Rule } from '../../rule.ts';
import { audit } from '../../run.ts';
import type { AuditFinding } from '../../run.ts';
import { seeded } from './random.ts';
import { OPTIONS, filesOf, hostsWith, optionsOf, siteOf } from './site.ts';
import type { Change, Site } from './site.ts';

export interface Fault extends Change {
  readonly why: string;
}

export interface SiteResult {
  readonly site: Site;
  /** Warnings and criticals where nothing was injected. */
  readonly falseOnSound: readonly AuditFinding[];
  /** The same after sound texts were exchanged for other sound texts. */
  readonly falseOnHarmless: readonly AuditFinding[];
  readonly faults: readonly (Fault & {
    /** Rules of warning and above that this fault set off. */
    readonly found: readonly string[];
    /** Rules of level info; does not count as found. */
    readonly mentioned: readonly string[];
    /** Some finding stands in a file that the fault changed. */
    readonly inPlace: boolean;
  })[];
  readonly findings: number;
  /** Findings that no fault explains. */
  readonly unexplained: readonly AuditFinding[];
}

const FAULTS_PER_SITE = 8;

export function measureSite(seed: number, rules: readonly Rule[]): SiteResult {
  const site = siteOf(seed);
  const look = (changes: readonly Change[]) =>
    audit(new Estate({ files: filesOf(site, changes), assumed: { rabbitmq: '4.0', keepalived: '2.3' } }), rules)
      .findings;
  const sound = look([]);
  const known = new Set(sound.map(keyOf));
  const faults = faultsOf(site);
  const all = look(faults).filter((finding) => !known.has(keyOf(finding)));
  const results = faults.map((fault) => {
    const without = new Set(look(faults.filter((each) => each !== fault)).map(keyOf));
    const alone = new Set(
      look([fault])
        .map(keyOf)
        .filter((key) => !known.has(key)),
    );
    return {
      fault,
      own: all.filter((finding) => !without.has(keyOf(finding)) || alone.has(keyOf(finding))),
      changed: changedFiles(site, fault),
    };
  });
  const explained = new Set(results.flatMap(({ own }) => own.map(keyOf)));
  return {
    site,
    falseOnSound: sound.filter(serious),
    falseOnHarmless: look(harmlessOf(site)).filter(serious),
    faults: results.map(({ fault, own, changed }) => ({
      ...fault,
      found: rulesOf(own.filter(serious)),
      mentioned: rulesOf(own.filter((finding) => !serious(finding))),
      inPlace: own.some((finding) => serious(finding) && changed.has(nameOf(finding.at.file))),
    })),
    findings: all.filter(serious).length,
    unexplained: all.filter((finding) => serious(finding) && !explained.has(keyOf(finding))),
  };
}

/** Eight options of the site with a harmful text each. */
function faultsOf(site: Site): readonly Fault[] {
  const random = seeded(`faults ${site.seed}`);
  const open = optionsOf(site).filter((id) => (OPTIONS[id]?.harmful.length ?? 0) > 0);
  const faults: Fault[] = [];
  while (faults.length < FAULTS_PER_SITE && open.length > 0) {
    const [option = ''] = open.splice(random.below(open.length), 1);
    const { text, why, on } = random.pick(OPTIONS[option]?.harmful ?? []);
    const hosts = hostsWith(site, option);
    // On one host of several: the last one, so that others have been read before.
    faults.push({
      option,
      text,
      why,
      ...(on === 'one' && hosts.length > 1 ? { host: hosts.at(-1) as string } : {}),
    });
  }
  return faults;
}

/** Every option gets another of its sound texts, the same on all hosts. */
function harmlessOf(site: Site): readonly Change[] {
  const random = seeded(`harmless ${site.seed}`);
  return optionsOf(site).map((option) => ({ option, text: random.pick(OPTIONS[option]?.sound ?? []) }));
}

function changedFiles(site: Site, fault: Fault): ReadonlySet<string> {
  const before = new Map(filesOf(site).map(({ path, text }) => [path, text]));
  // Where hosts differ, either side may be pointed at.
  return new Set(
    filesOf(site, [fault])
      .filter(({ path, text }) => before.get(path) !== text)
      .map(({ path }) => nameOf(path)),
  );
}

function nameOf(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/-[a-z]+-?\d+(?=\.)/, '');
}

function keyOf({ rule, at, message }: AuditFinding): string {
  return `${rule} ${at.file} ${message}`;
}

function serious({ severity }: AuditFinding): boolean {
  return severity !== 'info';
}

function rulesOf(findings: readonly AuditFinding[]): readonly string[] {
  return [...new Set(findings.map(({ rule }) => rule))].toSorted();
}
