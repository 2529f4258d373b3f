// GET through the VIP on schedule, whatever is outstanding: node get-loop.mjs ADDRESS NAME CA-FILE PERIOD-MS.
// Every request has a connection of its own and 2 s. On SIGTERM: waits for the rest, prints one JSON line, exits.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

const [address, name, caFile, period] = process.argv.slice(2);
const ca = readFileSync(caFile);
const failures = [];
let requests = 0;
let outstanding = 0;
let slowest = 0;

function get() {
  const sent = Date.now();
  requests += 1;
  outstanding += 1;
  let ended = false;
  const end = (problem) => {
    if (ended) return;
    ended = true;
    outstanding -= 1;
    slowest = Math.max(slowest, Date.now() - sent);
    if (problem !== undefined) failures.push({ at: new Date(sent).toISOString(), problem });
  };
  const each = request(
    { host: address, port: 5000, path: '/v3', servername: name, ca, agent: false, timeout: 2000 },
    (answer) => {
      answer.resume();
      answer.once('end', () => end(answer.statusCode === 200 ? undefined : `status ${answer.statusCode}`));
      answer.once('error', (error) => end(String(error)));
    },
  );
  each.once('timeout', () => each.destroy(new Error('no answer within 2 s')));
  each.once('error', (error) => end(String(error)));
  each.end();
}

const timer = setInterval(get, Number(period));
process.once('SIGTERM', () => {
  clearInterval(timer);
  const end = Date.now() + 3000;
  const finish = setInterval(() => {
    if (outstanding > 0 && Date.now() < end) return;
    clearInterval(finish);
    process.stdout.write(`${JSON.stringify({ requests, slowest, outstanding, failures })}\n`, () => process.exit(0));
  }, 20);
});
process.stdout.write('ready\n');
