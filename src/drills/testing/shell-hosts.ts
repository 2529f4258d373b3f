// Hosts whose scripts really run, in a shell on this machine in which dangerous programs are played by functions.
// Every played program writes how it was called to `calls`, and prints what the prelude has it print.
import { execFile } from 'node:child_process';
import type { DrillHosts } from '../hosts.ts';

/** Functions may write to file descriptor 3: `log "ip $*"`. */
export function shellHosts(prelude: string, calls: string[]): DrillHosts {
  return {
    close: async () => undefined,
    run: (_host, text) =>
      new Promise((resolve) => {
        const script = `log() { printf 'CALL %s\\n' "\${*//$'\\n'/; }" >&3; }\nsystemd-run() { log "systemd-run $*"; }\n${prelude}\nexec 3>&2\n${text}`;
        const child = execFile('bash', ['-s'], (error, stdout, stderr) => {
          const lines = stderr.split('\n');
          calls.push(...lines.filter((line) => line.startsWith('CALL ')).map((line) => line.slice(5)));
          const code = typeof error?.code === 'number' ? error.code : 0;
          resolve({ code, stdout, stderr: lines.filter((line) => !line.startsWith('CALL ')).join('\n') });
        });
        child.stdin?.end(script);
      }),
  };
}
