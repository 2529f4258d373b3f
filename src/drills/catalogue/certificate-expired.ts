// The public certificate expires on the VIP holder. Nothing can help users then; somebody has to be told.
import type { Drill } from '../drill.ts';
import { noticed } from '../faults/evidence.ts';
import { expireCertificate } from '../faults/certificate-expired.ts';

const drill: Drill = {
  name: 'certificate-expired',
  title: 'Certificate expired on the VIP holder',
  description:
    'Puts an expired certificate into HAProxy where the VIP is: users are refused until the heal, and the health checks must say so.',
  fault: 'certificate-expired',
  component: 'haproxy',
  probes: ['http-get', 'token-validate', 'token-issue'],
  target: ({ vipHolder }) => vipHolder,
  wants: 'a host that holds the VIP',
  makeFault: ({ hosts }, host) => expireCertificate({ hosts, host }, 'haproxy-public'),
  limits: () => ({
    // As long as the fault is held: no redundancy helps against it. What is judged is the notice and the return.
    'http-get': { median: 9, worst: 9 },
    'token-validate': { median: 9, worst: 9 },
    'token-issue': { median: 9, worst: 9 },
  }),
  duringFault: ({ health }) => noticed(health, 'certificate'),
  holdSeconds: 4,
  holdAtMostSeconds: 4,
  healWithinSeconds: 60,
};

export default drill;
