#!/usr/bin/env node
// Drive public SDKs against Mimus. Each has its API's document served with
// nothing configured, and expects what the real API does: what was created can
// be read, listed in pages, updated and deleted.
//
//   node tools/conformance/clients/main.mjs [--mimus bin/mimus] [--shared $MIMUS_SHARED] [--only github,box] [--json FILE]
//
// The packages that package.json names are installed once into node_modules
// beside this file. One line is printed for each check that failed and for each
// API; the last line is "clients N/M checks". Exit status 0: all passed; 1: some
// failed; 2: it could not run.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HERE = dirname(fileURLToPath(import.meta.url));
const READY_SECONDS = 60;
const CHECK_SECONDS = 20;
const DOCUMENTS = {
  asana: 'asana.yaml',
  box: 'box.json',
  github: 'github-api.json.gz',
  intercom: 'intercom-2.11.yaml',
  netlify: 'netlify.yml',
  openai: 'openai.yaml',
  resend: 'resend.yaml',
  'twilio-api': 'twilio-api-v2010.yaml',
  'twilio-verify': 'twilio-verify-v2.json',
  xero: 'xero-accounting.yaml',
};

class CannotRun extends Error {}

function install() {
  const stamp = createHash('sha256').update(readFileSync(join(HERE, 'package.json'))).digest('hex');
  const done = join(HERE, 'node_modules', '.installed');
  if (existsSync(done) && readFileSync(done, 'utf8') === stamp) return;
  console.log(`installing the packages of package.json into ${join(HERE, 'node_modules')}`);
  const r = spawnSync('npm', ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: HERE, encoding: 'utf8' });
  if (r.status !== 0) throw new CannotRun(`npm install ended with ${r.status}\n${(r.stdout ?? '') + (r.stderr ?? '')}`.slice(-2000));
  writeFileSync(done, stamp);
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// serve -> { base, stop }
async function serve(mimus, document, folder, name) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'w');
  const proc = spawn(mimus, ['serve', document, '-p', String(port)], { cwd: folder, stdio: ['ignore', out, out] });
  process.on('exit', () => proc.kill('SIGKILL'));
  let ended = false;
  let trouble = '';
  const end = new Promise((done) => {
    proc.on('exit', done);
    proc.on('error', (e) => { trouble = e.message; done(); });
  }).then(() => { ended = true; });
  const stop = async () => {
    proc.kill('SIGTERM');
    await Promise.race([end, sleep(5000, undefined, { ref: false })]);
    if (!ended) proc.kill('SIGKILL');
  };
  const late = Date.now() + READY_SECONDS * 1000;
  while (!(await fetch(`${base}/_mimus/ready`).then((r) => r.status === 200, () => false))) {
    if (ended || Date.now() > late) {
      await stop();
      throw new CannotRun(`${mimus} serve ${document} is not ready: ${trouble}\n${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await sleep(50);
  }
  return { base, stop };
}

// runApi -> { passed, total, failures: [{ check, message }], ms }
async function runApi(name, base) {
  const result = { passed: 0, total: 0, failures: [], ms: 0 };
  const fail = (check, e) => result.failures.push({ check, message: explain(e) });
  // check runs one check -> what fn answers, undefined where it failed.
  const check = async (what, fn) => {
    result.total++;
    const timer = new AbortController();
    const late = sleep(CHECK_SECONDS * 1000, undefined, { signal: timer.signal }).then(() => { throw new Error(`no end after ${CHECK_SECONDS} seconds`); });
    late.catch(() => {});
    try {
      const answer = await Promise.race([fn(), late]);
      result.passed++;
      return answer;
    } catch (e) {
      fail(what, e);
    } finally {
      timer.abort();
    }
  };
  const astray = (e) => { result.total++; fail('no error escapes the SDK', e); };
  process.on('unhandledRejection', astray);
  process.on('uncaughtException', astray);
  const started = Date.now();
  try {
    const { run } = await import(`./${name}.mjs`);
    await run({ base, check });
  } catch (e) {
    result.total++;
    fail('the script goes on', e);
  }
  process.off('unhandledRejection', astray);
  process.off('uncaughtException', astray);
  result.ms = Date.now() - started;
  return result;
}

function explain(e) {
  // Some SDKs put the answer into the error as a property only.
  const body = e?.response?.body ?? e?.body;
  let text = String(e?.message ?? (typeof e === 'object' ? JSON.stringify(e) : e));
  if (body && typeof body === 'object' && !Buffer.isBuffer(body)) text += ` ${JSON.stringify(body)}`;
  text = text.replace(/\s+/g, ' ').trim();
  return text.length > 300 ? text.slice(0, 300) + '…' : text;
}

async function main() {
  const { values } = parseArgs({
    options: {
      mimus: { type: 'string', default: resolve(HERE, '../../../bin/mimus') }, shared: { type: 'string', default: process.env.MIMUS_SHARED || '/work/shared' },
      only: { type: 'string', default: Object.keys(DOCUMENTS).join(',') }, json: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    const lines = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n').slice(1);
    console.log(lines.slice(0, lines.findIndex((l) => !l.startsWith('//'))).map((l) => l.slice(3)).join('\n'));
    return 0;
  }
  const names = values.only.split(',');
  const unknown = names.filter((n) => !(n in DOCUMENTS));
  if (unknown.length) throw new CannotRun(`there is no ${unknown.join(', ')}; there are ${Object.keys(DOCUMENTS).join(', ')}`);
  install();
  const folder = mkdtempSync(join(tmpdir(), 'mimus-clients-'));
  const apis = {};
  try {
    for (const name of names) {
      const server = await serve(resolve(values.mimus), join(resolve(values.shared), 'corpus/openapi', DOCUMENTS[name]), folder, name);
      try {
        apis[name] = await runApi(name, server.base);
      } finally {
        await server.stop();
      }
      const { passed, total, failures } = apis[name];
      for (const f of failures) console.log(`FAILED ${name}: ${f.check}: ${f.message}`);
      console.log(`${name} ${passed}/${total}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const sum = (key) => Object.values(apis).reduce((n, a) => n + a[key], 0);
  const [passed, total] = [sum('passed'), sum('total')];
  if (values.json) writeFileSync(values.json, JSON.stringify({ passed, total, apis }, null, 2) + '\n');
  console.log(`clients ${passed}/${total} checks`);
  return passed === total ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(2));
main().then((status) => process.exit(status), (e) => {
  console.error(e instanceof CannotRun ? e.message : e.stack);
  process.exit(2);
});
