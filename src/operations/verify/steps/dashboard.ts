// The dashboard's log-in form, as our user.
import type { VerifyStep } from '../step.ts';

export const dashboardStep: VerifyStep = {
  name: 'dashboard',
  services: ['horizon'],
  after: ['account'],
  deadlineSeconds: 120,
  act: async (bench, signal) => {
    const { dashboardUrl: url, password } = bench.settings;
    if (url === undefined) throw new Error('the cluster has no public VIP for the dashboard');
    // The first page after a start compiles templates.
    const page = await bench.tools.dashboard({ url, user: bench.name('user'), password, deadlineMs: 60_000, signal });
    return `logged in at ${url}, first page ${page}`;
  },
};
