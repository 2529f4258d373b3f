// MariaDB, RabbitMQ and Keystone resources against the real servers of Debian, one of each, in a throw-away host.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../src/model/resource.ts';
import {
  keystoneDomain,
  keystoneEndpoint,
  keystoneProject,
  keystoneRole,
  keystoneRoleAssignment,
  keystoneService,
  keystoneUser,
} from '../../src/resources/keystone.ts';
import { keystoneKind } from '../../src/resources/keystone-kind.ts';
import { database, databaseUser, mariadbKind } from '../../src/resources/mariadb.ts';
import {
  ALL_PERMISSIONS,
  rabbitAbsentUser,
  rabbitKind,
  rabbitPolicy,
  rabbitUser,
  rabbitVhost,
} from '../../src/resources/rabbitmq.ts';
import { bootHost, whyNoHost } from '../support/nspawn-host.ts';
import type { NspawnHost } from '../support/nspawn-host.ts';
import { host, runShell } from '../support/run-shell.ts';

const layers = (process.env['HASTACK_TEST_LAYERS'] ?? '').split(':');
const installed = (path: string) => layers.some((layer) => existsSync(join(layer, path)));
const complete = ['usr/sbin/mariadbd', 'usr/sbin/rabbitmq-server', 'usr/bin/keystone-manage'].every(installed);

let machine: NspawnHost | undefined;
const shell = (): readonly string[] => machine?.command ?? ['false'];
const run = (script: string) => runShell(script, shell());
const changed = (plan: readonly unknown[]) => plan.filter((each) => each !== undefined);

describe.skipIf(whyNoHost() !== undefined || !complete)('services', () => {
  beforeAll(async () => {
    machine = await bootHost();
    // The loopback name of the host is what RabbitMQ's node name resolves to.
    run('hostname ctl1; echo "127.0.0.1 localhost ctl1" >/etc/hosts');
  });
  afterAll(() => machine?.stop());

  describe('MariaDB', () => {
    const sql = () => host(mariadbKind, shell());
    const password = "it's a \\ pass`word";
    const wanted = (): readonly Resource[] => [
      database({ name: 'nova_api' }),
      databaseUser({
        user: 'nova',
        hosts: ['%', 'localhost'],
        password,
        requireTls: false,
        grants: [{ on: 'nova_api.*', privileges: ['all'] }],
      }),
      databaseUser({
        user: 'sst',
        hosts: ['localhost'],
        requireTls: false,
        grants: [{ on: '*.*', privileges: ['reload', 'process', 'replication client'] }],
      }),
      databaseUser({ user: 'tls', hosts: ['10.0.0.%'], password: 'x', requireTls: true, grants: [] }),
    ];

    it('is unknown while the server is down', () => {
      expect(sql().plan(wanted())).toEqual(
        wanted().map(() => ({ action: 'create', reason: 'MariaDB does not answer on this host' })),
      );
      const [result] = sql().apply(wanted());
      expect(result?.code).not.toBe(0);
    });

    it('creates everything, and nothing differs afterwards', () => {
      expect(run('systemctl start mariadb')).toMatchObject({ code: 0 });
      expect(sql().plan(wanted())).toEqual(wanted().map(() => ({ action: 'create', reason: 'missing' })));
      expect(sql().apply(wanted())).toEqual(wanted().map(() => ({ code: 0, stdout: '', stderr: '' })));
      expect(sql().plan(wanted())).toEqual([undefined, undefined, undefined, undefined]);
      expect(
        runShell(
          "MYSQL_PWD='it'\\''s a \\ pass`word' mariadb -unova -h127.0.0.1 nova_api -e 'create table t (id int)'",
          shell(),
        ),
      ).toMatchObject({ code: 0 });
    });

    it.each([
      ["GRANT SELECT ON `mysql`.* TO nova@'%'", 'has also SELECT on mysql.* (host %)'],
      [
        'REVOKE INSERT, ALTER ON `nova\\_api`.* FROM nova@localhost',
        'lacks ALL PRIVILEGES on nova_api.* (host localhost)',
      ],
      ["SET PASSWORD FOR nova@'%' = PASSWORD('other')", 'password differs (host %)'],
      ['DROP USER nova@localhost', 'no account for host localhost'],
      ["CREATE USER nova@'10.%' IDENTIFIED BY 'x'", 'extra account for host 10.%'],
      [
        'GRANT ALL ON *.* TO sst@localhost WITH GRANT OPTION',
        /^lacks .* on \*\.\*, has also .*ALL PRIVILEGES, GRANT OPTION on \*\.\*$/,
      ],
      ["ALTER USER sst@localhost IDENTIFIED BY 'x'", 'password differs'],
      ["ALTER USER tls@'10.0.0.%' REQUIRE NONE", 'TLS is not required'],
      ['ALTER DATABASE nova_api CHARACTER SET latin1', /^latin1\/latin1_swedish_ci → /],
    ])('sees and mends %s', (drift, reason) => {
      expect(run(`mariadb <<'SQL'\n${drift}\nSQL`)).toMatchObject({ code: 0, stderr: '' });
      expect(changed(sql().plan(wanted()))).toEqual([
        { action: 'update', reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
      ]);
      expect(sql().apply(wanted())).toMatchObject([{ code: 0, stderr: '' }]);
      expect(changed(sql().plan(wanted()))).toEqual([]);
    });
  });

  describe('RabbitMQ', () => {
    const api = () => host(rabbitKind, shell());
    const admin = { adminUser: 'hastack', adminPassword: 'a"b\\c' };
    const wanted = (): readonly Resource[] => [
      rabbitVhost({ admin, name: '/' }),
      rabbitVhost({ admin, name: 'nova cell/1', defaultQueueType: 'quorum' }),
      rabbitUser({
        admin,
        user: 'nova',
        password: 'p"w\\ü',
        tags: [],
        permissions: { '/': ALL_PERMISSIONS, 'nova cell/1': { ...ALL_PERMISSIONS, configure: '^q' } },
      }),
      rabbitUser({ admin, user: 'watch', password: 'x', tags: ['monitoring'], permissions: {} }),
      rabbitAbsentUser({ admin, user: 'guest' }),
      rabbitPolicy({
        admin,
        vhost: '/',
        name: 'limits',
        pattern: '^(?!amq\\.).*',
        applyTo: 'quorum_queues',
        priority: 1,
        definition: { 'max-length': 1000, expires: 3_600_000 },
      }),
    ];

    it('is unknown while the server is down, and with a wrong password', () => {
      expect(
        api()
          .plan(wanted())
          .map((each) => each?.reason),
      ).toEqual(wanted().map(() => 'the RabbitMQ management API does not answer'));
      expect(
        run(`rm -rf /var/lib/rabbitmq/mnesia; mkdir -p /etc/rabbitmq
printf '%s\\n' '[rabbitmq_management].' >/etc/rabbitmq/enabled_plugins
cat >/etc/rabbitmq/rabbitmq.conf <<'E'
default_user = hastack
default_pass = a"b\\c
management.tcp.ip = 127.0.0.1
E
rm -f /etc/systemd/system/rabbitmq-server.service
systemctl start rabbitmq-server && rabbitmqctl add_user guest guest`),
      ).toMatchObject({ code: 0 });
      const wrong = rabbitVhost({ admin: { ...admin, adminPassword: 'no' }, name: '/' });
      expect(
        api()
          .plan([wrong, ...wanted()])
          .map((each) => each?.reason),
      ).toEqual([
        'the RabbitMQ management API refuses the administrator',
        undefined,
        'missing',
        'missing',
        'missing',
        'must not exist',
        'missing',
      ]);
    });

    it('creates everything, and nothing differs afterwards', () => {
      expect(api().apply(wanted())).toEqual(Array.from({ length: 5 }, () => ({ code: 0, stdout: '', stderr: '' })));
      expect(changed(api().plan(wanted()))).toEqual([]);
      expect(run(`rabbitmqctl authenticate_user nova 'p"w\\ü'`)).toMatchObject({ code: 0 });
    });

    it.each([
      ['rabbitmqctl change_password nova other', 'password differs'],
      ['rabbitmqctl set_user_tags nova administrator', 'tags administrator → none'],
      ['rabbitmqctl clear_permissions -p / nova', 'no permission on /'],
      ["rabbitmqctl set_permissions -p / nova '' '' ''", 'permission on / differs'],
      ["rabbitmqctl set_permissions -p / watch '.*' '.*' '.*'", 'has also a permission on /'],
      [
        "rabbitmqctl set_policy -p / --apply-to queues --priority 1 limits '^(?!amq\\.).*' '{\"max-length\":5}'",
        /^applyTo "queues" → "quorum_queues", definition /,
      ],
      ['rabbitmqctl clear_policy -p / limits', 'missing'],
      ['rabbitmqctl add_user guest guest', 'must not exist'],
      ['rabbitmqctl delete_user watch', 'missing'],
      [
        "rabbitmqctl update_vhost_metadata 'nova cell/1' --default-queue-type classic",
        'default queue type classic → quorum',
      ],
    ])('sees and mends %s', (drift, reason) => {
      expect(run(drift)).toMatchObject({ code: 0 });
      expect(changed(api().plan(wanted()))).toMatchObject([
        { reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
      ]);
      expect(api().apply(wanted())).toMatchObject([{ code: 0, stderr: '' }]);
      expect(changed(api().plan(wanted()))).toEqual([]);
    });

    it('says what the server refuses', () => {
      const [result] = api().apply([
        rabbitPolicy({
          admin,
          vhost: '/',
          name: 'bad',
          pattern: '.*',
          applyTo: 'all',
          priority: 0,
          definition: { 'no-such-key': 1 },
        }),
      ]);
      expect(result?.code).toBe(1);
      expect(result?.stderr).toMatch(/^RabbitMQ refuses PUT \/api\/policies\/%2F\/bad: .*not recognised/);
    });
  });

  describe('Keystone', () => {
    const api = () => host(keystoneKind, shell());
    const auth = {
      url: 'http://127.0.0.1:5000/v3',
      user: 'admin',
      password: 'adm"in',
      project: 'admin',
      domain: 'Default',
    };
    const endpoint = (visible: 'public' | 'internal') =>
      keystoneEndpoint({
        auth,
        serviceType: 'image',
        serviceName: 'glance',
        interface: visible,
        region: 'RegionTwo',
        url: `http://10.0.0.10:9292/${visible}`,
      });
    const wanted = (password = 'gl"ance'): readonly Resource[] => [
      keystoneService({ auth, serviceType: 'image', name: 'glance', description: 'Images' }),
      endpoint('public'),
      endpoint('internal'),
      keystoneDomain({ auth, name: 'heat' }),
      keystoneProject({ auth, name: 'service', domain: 'Default', description: 'Services' }),
      keystoneUser({ auth, name: 'glance', domain: 'Default', password }),
      keystoneRole({ auth, name: 'reader-of-all' }),
      keystoneRoleAssignment({
        auth,
        user: 'glance',
        userDomain: 'Default',
        role: 'service',
        scope: { kind: 'project', project: 'service', domain: 'Default' },
      }),
      keystoneRoleAssignment({
        auth,
        user: 'glance',
        userDomain: 'Default',
        role: 'reader',
        scope: { kind: 'system' },
      }),
      keystoneRoleAssignment({
        auth,
        user: 'glance',
        userDomain: 'Default',
        role: 'admin',
        scope: { kind: 'domain', domain: 'heat' },
      }),
    ];
    /** Calls the API as the administrator with the client library's session, to make drift. */
    const openstack = (command: string) =>
      run(
        `export OS_AUTH_URL=${auth.url} OS_USERNAME=admin OS_PASSWORD='adm"in' OS_PROJECT_NAME=admin OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_IDENTITY_API_VERSION=3; ${command}`,
      );

    it('is unknown while it does not answer, and with a wrong password', () => {
      const grants = [{ on: 'keystone.*', privileges: ['ALL'] }];
      const store = [
        database({ name: 'keystone' }),
        databaseUser({ user: 'keystone', hosts: ['127.0.0.1'], password: 'x', requireTls: false, grants }),
      ];
      expect(host(mariadbKind, shell()).apply(store)).toMatchObject([{ code: 0 }, { code: 0 }]);
      expect(
        api()
          .plan(wanted())
          .map((each) => each?.reason),
      ).toEqual(wanted().map(() => expect.stringMatching(/^Keystone does not answer: .*refused/)));
      expect(
        run(`set -e
sed -i 's#^\\[database\\]$#[database]\\nconnection = mysql+pymysql://keystone:x@127.0.0.1/keystone#' /etc/keystone/keystone.conf
install -d -o keystone -g keystone -m 700 /etc/keystone/fernet-keys /etc/keystone/credential-keys
su -s /bin/sh keystone -c 'keystone-manage db_sync'
keystone-manage fernet_setup --keystone-user keystone --keystone-group keystone
keystone-manage credential_setup --keystone-user keystone --keystone-group keystone
su -s /bin/sh keystone -c "keystone-manage bootstrap --bootstrap-password 'adm\\"in' --bootstrap-public-url ${auth.url} --bootstrap-region-id RegionOne"
sed -i '/apparmor/d' /etc/keystone/keystone-uwsgi.ini
systemd-run --quiet --unit=keystone-test --uid=keystone --gid=keystone /usr/bin/uwsgi_python3 --http-socket 127.0.0.1:5000 --ini /etc/keystone/keystone-uwsgi.ini --processes 1 --threads 2
for i in $(seq 300); do curl -sf -o /dev/null ${auth.url} && exit 0; sleep 0.2; done; exit 1`),
      ).toMatchObject({ code: 0 });
      expect(
        api().plan([
          keystoneRole({ auth: { ...auth, password: 'no' }, name: 'admin' }),
          keystoneRole({ auth, name: 'admin' }),
        ]),
      ).toEqual([{ action: 'create', reason: 'Keystone refuses the administrator' }, undefined]);
    });

    it('creates everything, and nothing differs afterwards', () => {
      expect(
        api()
          .plan(wanted())
          .map((each) => each?.reason),
      ).toEqual(wanted().map(() => 'missing'));
      expect(api().apply(wanted())).toEqual(wanted().map(() => ({ code: 0, stdout: '', stderr: '' })));
      expect(changed(api().plan(wanted()))).toEqual([]);
      expect(
        openstack(`OS_USERNAME=glance OS_PASSWORD='gl"ance' OS_PROJECT_NAME=service openstack token issue`),
      ).toMatchObject({ code: 0 });
    });

    it.each([
      ['openstack service set --disable glance', ['disabled']],
      ['openstack service set --name other --description x glance', ['name other → glance, description x → Images']],
      [
        'openstack endpoint set --url http://elsewhere $(openstack endpoint list --service glance --interface public -f value -c ID)',
        ['url http://elsewhere → http://10.0.0.10:9292/public'],
      ],
      ['openstack endpoint create --region RegionTwo glance internal http://10.0.0.10:9292/internal', ['2 of them']],
      ['openstack role remove --user glance --project service service', ['missing']],
      ['openstack role remove --user glance --system all reader', ['missing']],
      ['openstack user set --disable glance', ['disabled']],
      ['openstack project set --description none --disable service', ['description none → Services, disabled']],
      ['openstack role delete reader-of-all', ['missing']],
    ])('sees and mends %s', (drift, reasons) => {
      expect(openstack(drift)).toMatchObject({ code: 0 });
      expect(changed(api().plan(wanted()))).toMatchObject(reasons.map((reason) => ({ reason })));
      expect(api().apply(wanted())).toMatchObject(reasons.map(() => ({ code: 0, stderr: '' })));
      expect(changed(api().plan(wanted()))).toEqual([]);
    });

    it('changes a password, and remembers for a day which one is right', () => {
      expect(changed(api().plan(wanted('rotated')))).toEqual([{ action: 'update', reason: 'password differs' }]);
      expect(api().apply(wanted('rotated'))).toMatchObject([{ code: 0, stderr: '' }]);
      expect(changed(api().plan(wanted('rotated')))).toEqual([]);
      openstack('openstack user set --password other glance');
      expect(changed(api().plan(wanted('rotated')))).toEqual([]);
      run('touch -d "2 days ago" /var/cache/hastack/keystone-passwords/*');
      expect(changed(api().plan(wanted('rotated')))).toEqual([{ action: 'update', reason: 'password differs' }]);
      expect(run('find /var/cache/hastack -type f ! -perm 600').stdout).toBe('');
      expect(run('cat /var/cache/hastack/keystone-passwords/*').stdout).not.toContain('rotated');
    });

    it('says what is missing for an assignment', () => {
      const [result] = api().apply([
        keystoneRoleAssignment({
          auth,
          user: 'nobody',
          userDomain: 'Default',
          role: 'admin',
          scope: { kind: 'system' },
        }),
      ]);
      expect(result).toMatchObject({ code: 1, stderr: 'there is no user nobody in Keystone\n' });
    });
  });
});
