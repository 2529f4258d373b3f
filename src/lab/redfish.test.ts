import { describe, expect, it } from 'vitest';
import { type RedfishAnswer, answerRedfish } from './redfish.ts';

const systems = [
  { name: 'ctl1', on: true },
  { name: 'ctl2', on: false },
];
const ask = (method: string, path: string, body = '', authenticated = true): RedfishAnswer =>
  answerRedfish({ method, path, body, authenticated }, systems);
const RESET = '/redfish/v1/Systems/ctl1/Actions/ComputerSystem.Reset';

describe('the Redfish service', () => {
  it('shows its root to anybody and the rest to those who logged in', () => {
    expect(ask('GET', '/redfish/v1/', '', false).status).toBe(200);
    for (const path of [
      '/redfish/v1/Systems',
      '/redfish/v1/Systems/ctl1',
      '/redfish/v1/Managers',
      '/redfish/v1/nothing',
    ]) {
      expect(ask('GET', path, '', false).status).toBe(401);
    }
    const reset = ask('POST', RESET, '{"ResetType":"ForceOff"}', false);
    expect(reset.status).toBe(401);
    expect(reset.order).toBeUndefined();
  });

  it('says the power state and where to reset', () => {
    expect(ask('GET', '/redfish/v1/Systems/ctl1').body).toMatchObject({
      PowerState: 'On',
      Actions: { '#ComputerSystem.Reset': { target: RESET } },
    });
    expect(ask('GET', '/redfish/v1/Systems/ctl2/').body).toMatchObject({ PowerState: 'Off' });
    expect(ask('GET', '/redfish/v1/Systems').body).toMatchObject({
      'Members@odata.count': 2,
      Members: [{ '@odata.id': '/redfish/v1/Systems/ctl1' }, {}],
    });
  });

  it.each([
    ['On', 'on'],
    ['ForceOff', 'off'],
    ['GracefulShutdown', 'shutdown'],
    ['ForceRestart', 'reset'],
    ['GracefulRestart', 'restart'],
  ])('orders %s as %s', (type, action) => {
    expect(ask('POST', RESET, JSON.stringify({ ResetType: type }))).toMatchObject({
      status: 204,
      order: { host: 'ctl1', action },
    });
  });

  it.each(['{"ResetType":"Nmi"}', '{"ResetType":"constructor"}', '{}', '[]', 'null', 'no json', '{"ResetType":1}'])(
    'refuses %s and orders nothing',
    (body) => {
      const answer = ask('POST', RESET, body);
      expect(answer.status).toBe(400);
      expect(answer.order).toBeUndefined();
    },
  );

  it('does nothing by GET, for unknown systems or on unknown paths', () => {
    expect(ask('GET', RESET)).toMatchObject({ status: 405, headers: { Allow: 'POST' } });
    expect(ask('POST', RESET.replace('ctl1', 'ctl9'), '{"ResetType":"On"}').status).toBe(404);
    expect(ask('GET', '/etc/passwd').status).toBe(404);
    expect(ask('POST', '/redfish/v1/Systems/ctl1').status).toBe(405);
  });

  it('opens and ends sessions', () => {
    const sessions = '/redfish/v1/SessionService/Sessions';
    expect(ask('POST', sessions, '{"UserName":"a","Password":"b"}', false)).toMatchObject({
      status: 201,
      logIn: { user: 'a', password: 'b' },
    });
    expect(ask('POST', sessions, '{"UserName":"a"}', false).status).toBe(400);
    expect(ask('DELETE', `${sessions}/token`)).toMatchObject({ status: 204, logOut: 'token' });
    expect(ask('DELETE', `${sessions}/token`, '', false).status).toBe(401);
  });
});
