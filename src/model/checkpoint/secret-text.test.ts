import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideSecrets, isSecretPath, lastWords } from './secret-text.ts';

test('names of files that hold secrets are known', () => {
  const secret = [
    '/etc/ssl/private/site.key',
    '/srv/app/.env',
    '/srv/app/.env.production',
    '/root/.ssh/id_ed25519',
    '/etc/shadow',
    '/etc/app/db-password.txt',
    '/etc/app/secrets.yaml',
    '/etc/app/api_token',
  ];
  const open = ['/etc/nginx/nginx.conf', '/etc/passwd', '/root/.ssh/id_ed25519.pub', '/a/keys.md'];
  for (const path of secret) assert.equal(isSecretPath(path), true, path);
  for (const path of open) assert.equal(isSecretPath(path), false, path);
});

test('values of secret settings are hidden in the forms configuration has', () => {
  const lines = [
    'password = hunter2',
    'DB_PASSWORD=hunter2',
    '"apiKey": "hunter2",',
    "secret_token: 'hunter2'",
    'url = postgres://shop:hunter2@db/orders',
    'Authorization: Bearer hunter2',
    'proxy_set_header Authorization "Bearer hunter2";',
    'Authorization: Token hunter2 and more',
    'cookie=hunter2',
    '"Set-Cookie": "session=hunter2; Path=/"',
    'snmp-server community hunter2 RO',
    'set system root-authentication encrypted-password "hunter2"',
    ' neighbor 10.0.12.2 password hunter2',
    ' ip ospf message-digest-key 1 md5 hunter2',
    ' ip ospf authentication-key hunter2',
    '  key-string hunter2',
    '<bgp:auth-password>hunter2</bgp:auth-password>',
    '<password type="plain">hunter2</password>',
    'slack_api_url: https://hooks.slack.com/services/T00/B00/hunter2',
    "url: 'https://discord.com/api/webhooks/1234/hunter2'",
  ];
  for (const line of lines) {
    const hidden = hideSecrets(line);
    assert.equal(hidden.includes('hunter2'), false, hidden);
    assert.ok(hidden.includes('<hidden>'), hidden);
  }
});

test('the lines of a secret block value are hidden, the key and what follows are not', () => {
  const text = 'db:\n  password: |-\n    hunter2\n\n      hunter2\n  port: 5432\n';
  const hidden = hideSecrets(text);
  const kept = text.replaceAll('hunter2', '<hidden>').replace('|-', '<hidden>');
  assert.equal(hidden, kept);
  const listed = hideSecrets('- token: >\n    hunter2\n- port: 1\n');
  assert.equal(listed, '- token: <hidden>\n    <hidden>\n- port: 1\n');
});

test('a private key in the middle of a file is hidden, its place is not', () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nabcdef\n-----END RSA PRIVATE KEY-----';
  const hidden = hideSecrets(`before = 1\n${key}\nafter = 2\n`);
  assert.equal(hidden.includes('abcdef'), false);
  assert.ok(hidden.startsWith('before = 1\n') && hidden.endsWith('after = 2\n'));
});

test('what is no secret stays readable', () => {
  const text =
    'port = 8080\ntimeout = 1500\nlog_level: info\nkeyboard: de\n' +
    'see https://example.org/docs/hooks.html\n<a>b</a>\n';
  assert.equal(hideSecrets(text), text);
});

test('a secret is hidden although its kind or its user stands before it', () => {
  for (const line of [
    ' area-password clear hunter2',
    'enable password 8 hunter2',
    '  user bob insecure-password hunter2',
    '  user bob password $5$hunter2',
    '  stats auth admin:hunter2',
  ]) {
    assert.equal(hideSecrets(line).includes('hunter2'), false, line);
    assert.equal(hideSecrets(line).includes('<hidden>'), true, line);
  }
  const shown =
    ' ip ospf authentication message-digest\n<secret-store><name>a</name></secret-store>';
  assert.equal(hideSecrets(shown), shown);
});

test('the last words of a program show no secret, wherever they are cut', () => {
  const said = `it began\npassword=${'hunter2'.repeat(20)}\nit ended\n`;
  for (let chars = 1; chars <= said.length; chars += 1) {
    const words = lastWords(said, chars);
    assert.ok(words.length <= chars);
    assert.equal(words.includes('hunter2'), false, words);
  }
  assert.equal(lastWords(said, 9), '\nit ended');
});
