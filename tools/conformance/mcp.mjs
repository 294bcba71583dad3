#!/usr/bin/env node
// Drive Postman's own client of its API (@postman/postman-mcp-server) against
// Mimus: with the minimal, the full and the code set of its tools. Each step is
// followed by a look at its effect, through the client and by calling the mock
// server that comes of it.
//
//   node tools/conformance/mcp.mjs [--mimus bin/mimus] [--url http://127.0.0.1:4010] [--key KEY] [--set minimal,full,code] [-v]
//
// Without --url it starts bin/mimus with a data folder and a key of its own. The packages
// that package.json beside this file names are installed once into a cache
// folder. The last line is "N passed, M failed". Exit status 0: nothing failed;
// 1: something failed; 2: it could not run.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const HERE = dirname(fileURLToPath(import.meta.url));
const API = '/_mimus/api';

class CannotRun extends Error {}
class Broken extends Error {}

// ------------------------------------------------------------------ judging
const totals = { passed: 0, failed: 0 };
let verbose = false;

function check(name, good, got) {
  totals[good ? 'passed' : 'failed']++;
  if (!good || verbose) console.log(`${good ? 'ok    ' : 'FAILED'} ${name}${good ? '' : `: got ${brief(got)}`}`);
  return Boolean(good);
}

function equal(name, got, want) {
  return check(`${name} = ${JSON.stringify(want)}`, JSON.stringify(got) === JSON.stringify(want), got);
}

function brief(x) {
  const text = (typeof x === 'string' ? x : JSON.stringify(x) ?? String(x)).replace(/\s+/g, ' ');
  return text.length > 400 ? text.slice(0, 400) + '…' : text;
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// ------------------------------------------------------------------- client
// Session is one run of the client with one set of its tools.
class Session {
  static async open(sdk, folder, set, base, key, home) {
    const s = new Session();
    Object.assign(s, { set, base, key });
    s.errors = '';
    const flags = set === 'minimal' ? [] : [`--${set}`];
    s.transport = new sdk.StdioClientTransport({
      command: process.execPath,
      args: [join(folder, 'node_modules/@postman/postman-mcp-server/dist/src/index.js'), ...flags],
      env: { PATH: process.env.PATH, HOME: home, POSTMAN_API_KEY: key || 'none-needed', POSTMAN_API_BASE_URL: base + API, POSTMAN_MCP_TELEMETRY: 'false' },
      stderr: 'pipe',
    });
    s.transport.stderr?.on('data', (d) => { s.errors = (s.errors + d).slice(-100_000); });
    s.client = new sdk.Client({ name: 'mimus-conformance', version: '1' });
    await s.client.connect(s.transport);
    s.tools = new Set((await s.client.listTools()).tools.map((t) => t.name));
    return s;
  }

  close() {
    return this.client.close();
  }

  // api asks the API without the client -> the answer's JSON
  async api(method, path, body, headers = {}) {
    const own = this.key ? { 'x-api-key': this.key } : {};
    const res = await fetch(this.base + API + path, { method, headers: { 'content-type': 'application/json', ...own, ...headers }, body: JSON.stringify(body) });
    return res.json().catch(() => ({}));
  }

  // ask calls a tool -> { error, text, json }
  async ask(tool, args = {}) {
    let answer;
    try {
      answer = await this.client.callTool({ name: tool, arguments: args }, undefined, { timeout: 60_000 });
    } catch (e) {
      return { error: true, text: e.message, json: undefined };
    }
    const text = (answer.content ?? []).map((c) => c.text ?? '').join('\n');
    let json;
    try { json = JSON.parse(text); } catch { json = undefined; }
    return { error: Boolean(answer.isError), text, json };
  }

  // step calls a tool that has to succeed.
  async step(tool, args = {}) {
    const answer = await this.ask(tool, args);
    check(`${this.set}: ${tool}`, !answer.error, answer.text);
    return answer;
  }

  // need calls a tool and takes a value out of its answer, without which it
  // can't go on.
  async need(tool, args, take) {
    const answer = await this.step(tool, args);
    let value;
    try { value = take(answer.json, answer.text); } catch { value = undefined; }
    if (value === undefined || value === null) throw new Broken(`${tool}: the answer lacks what is needed: ${brief(answer.text)}`);
    return value;
  }

  // shows calls a tool to see an effect: its answer has the text.
  async shows(tool, args, text, name = `shows ${JSON.stringify(text)}`) {
    const answer = await this.ask(tool, args);
    return check(`${this.set}: ${tool} ${name}`, !answer.error && answer.text.includes(text), answer.text);
  }

  // lists calls a tool that answers in pages until one has the text.
  async lists(tool, args, text) {
    let answer, cursor;
    for (let page = 0; page < 50; page++) {
      answer = await this.ask(tool, { ...args, ...(cursor ? { cursor } : {}) });
      cursor = /nextCursor\W+([\w+/=-]+)/.exec(answer.text)?.[1];
      if (answer.error || answer.text.includes(text) || !cursor) break;
    }
    return check(`${this.set}: ${tool} lists it`, !answer.error && answer.text.includes(text), answer.text);
  }

  // gone calls a tool that has to fail now.
  async gone(tool, args) {
    const answer = await this.ask(tool, args);
    return check(`${this.set}: ${tool} finds it no more`, answer.error && /40[04]|not found/i.test(answer.text), answer.text);
  }

  // until asks again until the answer is good, at most ten seconds.
  async until(tool, args, good) {
    const end = Date.now() + 10_000;
    for (;;) {
      const answer = await this.ask(tool, args);
      if ((answer.json && good(answer.json)) || Date.now() > end) return answer;
      await sleep(100);
    }
  }

  // task follows the url of an asynchronous task -> the id of what it made.
  async task(started) {
    const [, elementType, elementId, , taskId] = started.json?.url?.split('/') ?? [];
    if (!taskId) throw new Broken(`no url of a task: ${brief(started.text)}`);
    const tool = this.tools.has('getAsyncSpecTaskStatus') ? 'getAsyncSpecTaskStatus' : null;
    if (!tool) return undefined;
    const ended = await this.until(tool, { elementType, elementId, taskId }, (j) => j.status !== 'pending');
    equal(`${this.set}: the task`, ended.json?.status, 'completed');
    return ended.json?.details?.resources?.[0]?.id;
  }
}

// ---------------------------------------------------------------- documents
const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

function item(name, path, body) {
  const url = { raw: `{{baseUrl}}${path}`, host: ['{{baseUrl}}'], path: path.split('/').slice(1) };
  return {
    name,
    request: { method: 'GET', header: [], url },
    response: body === undefined ? [] : [{
      name: `${name} answer`, originalRequest: { method: 'GET', header: [], url }, status: 'OK', code: 200,
      header: [{ key: 'Content-Type', value: 'application/json' }], body: JSON.stringify(body), cookie: [],
    }],
  };
}

function collection(name, items, variable = []) {
  return { info: { name, description: `About ${name}`, schema: SCHEMA }, item: items, variable };
}

const SPEC = {
  openapi: '3.0.3', info: { title: 'Crafts', version: '1.0.0' },
  paths: {
    '/crafts/{id}': {
      get: {
        summary: 'Read a craft', tags: ['crafts'], parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'One', content: { 'application/json': { schema: { type: 'object', properties: { name: { type: 'string' } } }, example: { name: 'Enterprise' } } } } },
      },
    },
  },
};
const SPEC_TEXT = JSON.stringify(SPEC, null, 2);
const FLEETS = { get: { summary: 'List fleets', responses: { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' }, example: { fleet: 1 } } } } } } };

async function call(url, path, options = {}) {
  const res = await fetch(url.replace(/\/$/, '') + path, options);
  const text = await res.text();
  return { status: res.status, text };
}

async function answers(name, url, path, status, text, options) {
  const got = await call(url, path, options).catch((e) => ({ status: 0, text: e.message }));
  return check(`mock: ${name}`, got.status === status && (text === undefined || got.text.includes(text)), got);
}

// -------------------------------------------------------------------- flows
async function workspaceFlow(s) {
  const name = `Flow of ${s.set} ${Date.now()}`;
  const w = await s.need('createWorkspace', { workspace: { name, type: 'team', description: 'Made by a test', about: 'Short' } }, (j) => j.workspace.id);
  await s.shows('getWorkspace', { workspaceId: w }, name);
  await s.lists('getWorkspaces', { limit: 100 }, w);
  await s.step('updateWorkspace', { workspaceId: w, workspace: { name: `${name} renamed` } });
  await s.shows('getWorkspace', { workspaceId: w }, `${name} renamed`);
  await s.shows('getWorkspace', { workspaceId: w }, 'Made by a test', 'keeps the description');
  return w;
}

async function userFlow(s) {
  const answer = await s.step('getAuthenticatedUser');
  check(`${s.set}: the user has a number`, Number.isInteger(answer.json?.user?.id), answer.text);
  equal(`${s.set}: the team`, answer.json?.user?.teamId, 1);
}

// -> uid
async function collectionFlow(s, w) {
  const c = await s.need('createCollection', { workspace: w, collection: collection('Pets', [item('Alive', '/alive', { alive: true }), { name: 'Zoo', item: [item('List', '/pets', [{ id: 1 }])] }]) }, (j) => j.collection.uid);
  await s.shows('getCollections', { workspace: w }, c, 'lists it');
  await s.shows('getCollection', { collectionId: c, model: 'full' }, 'About Pets');
  const map = await s.step('getCollection', { collectionId: c });
  check(`${s.set}: getCollection gives a map of folders and requests`, map.text.includes('Zoo') && map.text.includes('Alive'), map.text);
  await s.step('getCollection', { collectionId: c, model: 'minimal' });
  const whole = await s.need('getCollection', { collectionId: c, model: 'full' }, (j) => j.collection);
  whole.info.name = 'Pets replaced';
  await s.step('putCollection', { collectionId: c, collection: whole });
  await s.shows('getCollection', { collectionId: c, model: 'full' }, 'Pets replaced');
  if (s.tools.has('getCollectionUpdatesTasks')) {
    // The client takes Prefer as an argument and doesn't send it: the task is
    // started without it.
    const started = await s.api('PUT', `/collections/${c}`, { collection: { ...whole, info: { ...whole.info, name: 'Pets later' } } }, { prefer: 'respond-async' });
    const ended = await s.until('getCollectionUpdatesTasks', { taskId: started.task?.id ?? '' }, (j) => j.status !== 'in-progress');
    equal(`${s.set}: the update`, ended.json?.status, 'successful');
    await s.shows('getCollection', { collectionId: c, model: 'full' }, 'Pets later');
  }
  if (s.tools.has('patchCollection')) {
    await s.step('patchCollection', { collectionId: c, collection: { info: { name: 'Pets patched', description: 'Patched' } } });
    await s.shows('getCollection', { collectionId: c, model: 'full' }, 'Pets patched');
  }
  return c;
}

async function duplicateFlow(s, w, c) {
  const task = await s.need('duplicateCollection', { collectionId: c, workspace: w, suffix: 'Twin' }, (j) => j.task.id);
  const ended = await s.until('getDuplicateCollectionTaskStatus', { taskId: task }, (j) => j.task?.status !== 'processing');
  equal(`${s.set}: the duplication`, ended.json?.task?.status, 'completed');
  await s.shows('getCollections', { workspace: w }, 'Twin', 'lists the copy');
}

// -> { request, response, folder }
async function itemFlow(s, c) {
  const bare = c.slice(c.indexOf('-') + 1);
  const owner = c.slice(0, c.indexOf('-'));
  let folder;
  if (s.tools.has('createCollectionFolder')) {
    folder = await s.need('createCollectionFolder', { collectionId: bare, name: 'New folder' }, (j) => j.data.id);
    await s.shows('getCollectionFolder', { collectionId: bare, folderId: folder }, 'New folder');
    await s.step('updateCollectionFolder', { collectionId: bare, folderId: folder, name: 'Better folder' });
    await s.shows('getCollection', { collectionId: c, model: 'full' }, 'Better folder');
  }
  const request = await s.need('createCollectionRequest', { collectionId: bare, ...(folder ? { folder } : {}), name: 'Tea', method: 'GET', url: '{{baseUrl}}/tea' }, (j) => j.data.id);
  const whole = await s.ask('getCollection', { collectionId: c, model: 'full' });
  const inside = (whole.json?.collection?.item ?? []).find((i) => i.name === 'Better folder')?.item?.map((i) => i.name);
  if (folder) equal(`${s.set}: the request is in the folder that was sent as ?folder=`, inside, ['Tea']);
  else check(`${s.set}: the request is in the collection`, whole.text.includes('Tea'), whole.text);
  const response = await s.need('createCollectionResponse', {
    collectionId: bare, request, name: 'Tea is ready', method: 'GET', url: '{{baseUrl}}/tea', headers: [{ key: 'Content-Type', value: 'application/json' }],
    responseCode: { code: 200, name: 'OK' }, text: '{"tea":"green"}', language: 'json',
  }, (j) => j.data.id);
  await s.shows('getCollection', { collectionId: c, model: 'full' }, 'Tea is ready');
  await s.step('updateCollectionRequest', { collectionId: bare, requestId: request, name: 'Tea time', method: 'GET', url: '{{baseUrl}}/tea' });
  await s.shows('getCollection', { collectionId: c, model: 'full' }, 'Tea time');
  if (s.tools.has('getCollectionRequest')) {
    await s.shows('getCollectionRequest', { collectionId: bare, requestId: request }, 'Tea time');
    await s.shows('getCollectionResponse', { collectionId: bare, responseId: response }, 'Tea is ready');
    await s.shows('getCollectionRequest', { collectionId: c, requestId: `${owner}-${request}`, populate: true }, 'Tea is ready', 'with populate has the response');
  }
  if (s.tools.has('updateCollectionResponse')) {
    await s.step('updateCollectionResponse', { collectionId: bare, responseId: response, text: '{"tea":"black"}' });
    await s.shows('getCollectionResponse', { collectionId: bare, responseId: response }, 'black');
  }
  return { bare, owner, folder, request, response };
}

async function transferFlow(s, w, c, made) {
  const target = await s.need('createCollection', { workspace: w, collection: collection('Target', [item('Own', '/own', {})]) }, (j) => j.collection.uid);
  const location = { id: null, model: null, position: 'end' };
  await s.step('transferCollectionFolders', { ids: [`${made.owner}-${made.folder}`], mode: 'copy', target: { id: target, model: 'collection' }, location });
  await s.shows('getCollection', { collectionId: target, model: 'full' }, 'Better folder');
  const whole = await s.ask('getCollection', { collectionId: c, model: 'full' });
  const alive = whole.json?.collection?.item?.find((i) => i.name === 'Alive');
  await s.step('transferCollectionRequests', { ids: [alive?.uid ?? ''], mode: 'copy', target: { id: target, model: 'collection' }, location });
  await s.shows('getCollection', { collectionId: target, model: 'full' }, 'Alive');
  const copied = await s.ask('getCollection', { collectionId: target, model: 'full' });
  const own = copied.json?.collection?.item?.find((i) => i.name === 'Own');
  await s.step('transferCollectionResponses', { ids: [`${made.owner}-${made.response}`], mode: 'copy', target: { id: own?.uid ?? '', model: 'request' }, location });
  const after = await s.ask('getCollection', { collectionId: target, model: 'full' });
  equal(`${s.set}: the response is copied`, after.json?.collection?.item?.find((i) => i.name === 'Own')?.response?.map((r) => r.name), ['Own answer', 'Tea is ready']);
  await s.step('deleteCollection', { collectionId: target });
  await s.gone('getCollection', { collectionId: target, model: 'full' });
}

// -> uid
async function environmentFlow(s, w) {
  const variable = (key, value) => ({ key, value, type: 'default', enabled: true });
  const e = await s.need('createEnvironment', { workspace: w, environment: { name: 'Env', values: [variable('drink', 'tea')] } }, (j) => j.environment.uid);
  await s.shows('getEnvironments', { workspace: w }, e, 'lists it');
  await s.shows('getEnvironment', { environmentId: e }, 'tea');
  if (s.tools.has('patchEnvironment')) {
    await s.step('patchEnvironment', { environmentId: e, body: [{ op: 'replace', path: '/name', value: 'Env patched' }] });
    await s.step('patchEnvironment', { environmentId: e, body: [{ op: 'add', path: '/values/1', value: variable('food', 'cake') }] });
    await s.shows('getEnvironment', { environmentId: e }, 'Env patched');
    await s.shows('getEnvironment', { environmentId: e }, 'cake');
  }
  await s.step('putEnvironment', { environmentId: e, environment: { name: 'Env put', values: [variable('drink', 'water')] } });
  await s.shows('getEnvironment', { environmentId: e }, 'water');
  const left = await s.ask('getEnvironment', { environmentId: e });
  equal(`${s.set}: the old values are gone`, left.json?.environment?.values?.map((v) => v.key), ['drink']);
  return e;
}

// -> { spec, generated }
async function specFlow(s, w) {
  const spec = await s.need('createSpec', { workspaceId: w, name: 'Crafts', type: 'OPENAPI:3.0', files: [{ path: 'index.json', content: SPEC_TEXT, type: 'ROOT' }] }, (j) => j.id);
  await s.shows('getAllSpecs', { workspaceId: w }, spec, 'lists it');
  await s.shows('getSpec', { specId: spec }, 'OPENAPI:3.0');
  await s.shows('getSpecDefinition', { specId: spec }, '/crafts/{id}');
  await s.step('updateSpecProperties', { specId: spec, name: 'Crafts renamed' });
  await s.shows('getSpec', { specId: spec }, 'Crafts renamed');
  const nested = 'components/schemas/extra.json';
  await s.step('createSpecFile', { specId: spec, path: nested, content: '{"Extra":{"type":"object"}}' });
  await s.shows('getSpecFiles', { specId: spec }, nested, 'lists the nested file');
  await s.shows('getSpecFile', { specId: spec, filePath: nested }, 'Extra');
  await s.step('updateSpecFile', { specId: spec, filePath: nested, content: '{"Changed":{"type":"object"}}' });
  await s.shows('getSpecFile', { specId: spec, filePath: nested }, 'Changed');
  const started = await s.step('generateCollection', { specId: spec, elementType: 'collection', name: 'Generated', options: { parametersResolution: 'Example', folderStrategy: 'Tags' } });
  await s.task(started);
  const listed = await s.until('getSpecCollections', { specId: spec, elementType: 'collection' }, (j) => j.collections?.length > 0);
  equal(`${s.set}: the generated collection`, listed.json?.collections?.map((g) => [g.name, g.state]), [['Generated', 'in-sync']]);
  const all = await s.ask('getCollections', { workspace: w, name: 'Generated' });
  const generated = /(\d+-[0-9a-f]{8}-[0-9a-f-]{27})/.exec(all.text)?.[1];
  if (!generated) throw new Broken(`the generated collection is not listed: ${brief(all.text)}`);
  await s.shows('getCollection', { collectionId: generated, model: 'full' }, 'Enterprise', 'has the examples of the spec');
  await s.step('updateSpecFile', { specId: spec, filePath: 'index.json', content: JSON.stringify({ ...SPEC, paths: { ...SPEC.paths, '/fleets': FLEETS } }) });
  await s.shows('getSpecCollections', { specId: spec, elementType: 'collection' }, 'out-of-sync');
  await s.task(await s.step('syncCollectionWithSpec', { collectionUid: generated, specId: spec }));
  await s.until('getSpecCollections', { specId: spec, elementType: 'collection' }, (j) => j.collections?.[0]?.state === 'in-sync');
  await s.shows('getSpecCollections', { specId: spec, elementType: 'collection' }, 'in-sync');
  await s.shows('getCollection', { collectionId: generated, model: 'full' }, 'fleets', 'has the new operation');
  return { spec, generated };
}

async function specOfCollectionFlow(s, c) {
  const started = await s.step('generateSpecFromCollection', { collectionUid: c, elementType: 'spec', name: 'Of pets', type: 'OPENAPI:3.0', format: 'JSON' });
  await s.task(started);
  const listed = await s.until('getGeneratedCollectionSpecs', { collectionUid: c, elementType: 'spec' }, (j) => j.specs?.length > 0);
  const spec = listed.json?.specs?.[0]?.id;
  check(`${s.set}: getGeneratedCollectionSpecs lists it`, spec, listed.text);
  await s.shows('getSpecDefinition', { specId: spec ?? '' }, '/alive');
  await s.task(await s.step('syncSpecWithCollection', { specId: spec ?? '', collectionUid: c }));
}

// -> { mock, url }
async function mockFlow(s, w, c, e) {
  const made = await s.step('createMock', { workspace: w, mock: { collection: c, environment: e, name: 'Mock' } });
  const mock = made.json?.mock?.id;
  const url = made.json?.mock?.mockUrl;
  if (!mock || !url) throw new Broken(`createMock gives no id or mockUrl: ${brief(made.text)}`);
  await s.shows('getMocks', { workspace: w }, mock, 'lists it');
  await s.shows('getMock', { mockId: mock }, url);
  await answers('answers at its URL', url, '/alive', 200, 'alive');
  await answers('answers what the client saved', url, '/tea', 200, 'tea');
  await answers('says what does not match', url, '/nothing', 404, 'mockRequestNotFoundError');
  await s.step('updateMock', { mockId: mock, mock: { name: 'Mock renamed', collection: c } });
  await s.shows('getMock', { mockId: mock }, 'Mock renamed');
  await s.shows('getMock', { mockId: mock }, e, 'keeps the environment');
  await s.step('updateMock', { mockId: mock, mock: { private: true, collection: c } });
  await answers('is private', url, '/alive', 401, 'invalidCredentialsError');
  // The client itself sends private: false where it isn't told otherwise.
  await s.step('updateMock', { mockId: mock, mock: { name: 'Mock again', private: true, collection: c } });
  await answers('stays private when it is renamed', url, '/alive', 401, 'invalidCredentialsError');
  await s.step('publishMock', { mockId: mock });
  await answers('is public', url, '/alive', 200, 'alive');
  return { mock, url };
}

async function serverResponseFlow(s, { mock, url }, c) {
  const down = { name: 'Down', statusCode: 503, headers: [{ key: 'Content-Type', value: 'application/json' }], language: 'json', body: '{"down":true}' };
  const r = await s.need('createMockServerResponse', { mockId: mock, serverResponse: down }, (j) => j.id);
  await s.shows('getMockServerResponses', { mockId: mock }, r, 'lists it');
  await s.shows('getMockServerResponse', { mockId: mock, serverResponseId: r }, 'Down');
  await s.step('updateMock', { mockId: mock, mock: { config: { serverResponseId: r }, collection: c } });
  await answers('answers with the server response', url, '/alive', 503, 'down');
  await s.step('updateMockServerResponse', { mockId: mock, serverResponseId: r, serverResponse: { ...down, statusCode: 500 } });
  await answers('follows a change of it', url, '/alive', 500, 'down');
  await s.step('updateMock', { mockId: mock, mock: { config: { serverResponseId: null }, collection: c } });
  await answers('answers as before', url, '/alive', 200, 'alive');
  await s.step('deleteMockServerResponse', { mockId: mock, serverResponseId: r });
  await s.gone('getMockServerResponse', { mockId: mock, serverResponseId: r });
  await s.step('unpublishMock', { mockId: mock });
  await answers('is private once it is unpublished', url, '/alive', 401, 'invalidCredentialsError');
  await s.step('publishMock', { mockId: mock });
  await answers('and public again', url, '/alive', 200, 'alive');
}

async function runFlow(s, w, url) {
  const run = await s.need('createCollection', { workspace: w, collection: collection('Run', [item('Alive', '/alive')], [{ key: 'baseUrl', value: url }]) }, (j) => j.collection.uid);
  const answer = await s.step('runCollection', { collectionId: run });
  check(`${s.set}: runCollection calls the mock`, /1/.test(answer.text) && !/ECONNREFUSED|ENOTFOUND/.test(answer.text), answer.text);
  await sleep(500);
  check(`${s.set}: the run is reported`, !s.errors.includes('Failed to post collection run data'), s.errors.slice(-300));
}

async function commentFlow(s, c, made) {
  const uid = (id) => `${made.owner}-${id}`;
  for (const [what, args] of [['Collection', { collectionId: c }], ['Folder', { collectionId: c, folderId: uid(made.folder) }],
    ['Request', { collectionId: c, requestId: uid(made.request) }], ['Response', { collectionId: c, responseId: uid(made.response) }]]) {
    const created = await s.step(`create${what}Comment`, { ...args, body: `About the ${what}` });
    const id = created.json?.data?.id;
    await s.shows(`get${what}Comments`, args, `About the ${what}`);
    await s.step(`update${what}Comment`, { ...args, commentId: id, body: 'Edited' });
    await s.shows(`get${what}Comments`, args, 'Edited');
    await s.step('resolveCommentThread', { threadId: created.json?.data?.threadId });
    await s.shows(`get${what}Comments`, args, 'Resolved');
    await s.step(`delete${what}Comment`, { ...args, commentId: id });
    const left = await s.ask(`get${what}Comments`, args);
    equal(`${s.set}: no comments are left on the ${what}`, left.json?.data, []);
  }
}

async function tagFlow(s, w, c) {
  await s.step('updateCollectionTags', { collectionId: c, tags: ['needs-review'] });
  await s.shows('getCollectionTags', { collectionId: c }, 'needs-review');
  await s.step('updateWorkspaceTags', { workspaceId: w, tags: ['needs-review'] });
  await s.shows('getWorkspaceTags', { workspaceId: w }, 'needs-review');
  await s.shows('getTaggedEntities', { slug: 'needs-review' }, w, 'finds the workspace');
  await s.step('updateWorkspaceGlobalVariables', { workspaceId: w, values: [{ key: 'g', type: 'default', value: 'global', enabled: true }] });
  await s.shows('getWorkspaceGlobalVariables', { workspaceId: w }, 'global');
}

async function searchFlow(s, w, c) {
  const filters = { $and: [{ workspaceId: { $eq: w } }] };
  const requests = await s.step('searchPostmanElements', { entityType: 'requests', q: 'Alive', ownership: 'organization', filters });
  check(`${s.set}: searchPostmanElements finds a request`, requests.text.includes('Alive'), requests.text);
  await s.shows('searchPostmanElements', { entityType: 'collections', q: 'Pets', ownership: 'organization', filters }, c, 'finds a collection');
  await s.shows('searchPostmanElements', { entityType: 'workspaces', q: 'Flow of', ownership: 'organization' }, w, 'finds a workspace');
  await s.step('searchPostmanElements', { entityType: 'mocks', q: 'Mock', ownership: 'organization', filters });
}

async function notOfferedFlow(s) {
  for (const [tool, args] of [['getMonitors', {}], ['getApiCatalogServices', { systemEnvironmentId: 'x' }], ['getPackages', {}], ['getSecretTypes', {}], ['getGroups', {}]]) {
    if (!s.tools.has(tool)) continue;
    const answer = await s.ask(tool, args);
    check(`${s.set}: ${tool} is told that it isn't offered`, answer.error && /501|not offered/i.test(answer.text), answer.text);
  }
}

async function deleteFlow(s, w, made, all) {
  await s.step('deleteCollectionResponse', { collectionId: made.bare, responseId: made.response });
  await s.gone('getCollectionResponse', { collectionId: made.bare, responseId: made.response });
  await answers('a deleted example answers no more', all.url, '/tea', 404);
  await s.step('deleteCollectionRequest', { collectionId: made.bare, requestId: made.request });
  await s.gone('getCollectionRequest', { collectionId: made.bare, requestId: made.request });
  await s.step('deleteCollectionFolder', { collectionId: made.bare, folderId: made.folder });
  await s.gone('getCollectionFolder', { collectionId: made.bare, folderId: made.folder });
  await s.step('deleteSpecFile', { specId: all.spec, filePath: 'components/schemas/extra.json' });
  await s.gone('getSpecFile', { specId: all.spec, filePath: 'components/schemas/extra.json' });
  await s.step('deleteSpec', { specId: all.spec });
  await s.gone('getSpec', { specId: all.spec });
  await s.step('deleteEnvironment', { environmentId: all.e });
  await s.gone('getEnvironment', { environmentId: all.e });
  await answers('is deactivated without its environment', all.url, '/alive', 403, 'mockDeactivatedError');
  await s.step('deleteMock', { mockId: all.mock });
  await s.gone('getMock', { mockId: all.mock });
  await answers('is gone', all.url, '/alive', 404, 'mockNotFoundError');
  await s.step('deleteCollection', { collectionId: all.c });
  await s.gone('getCollection', { collectionId: all.c, model: 'full' });
  await s.step('deleteWorkspace', { workspaceId: w });
  await s.gone('getWorkspace', { workspaceId: w });
}

// part runs a part that others can do without -> what it made, {} where it broke
// off.
async function part(s, flow, ...args) {
  try {
    return (await flow(s, ...args)) ?? {};
  } catch (e) {
    check(`${s.set}: ${flow.name} goes on`, false, e instanceof Broken ? e.message : e.stack);
    return {};
  }
}

async function minimalFlow(s) {
  await userFlow(s);
  const w = await workspaceFlow(s);
  const c = await collectionFlow(s, w);
  await part(s, itemFlow, c);
  await part(s, duplicateFlow, w, c);
  const e = await environmentFlow(s, w);
  await part(s, specFlow, w);
  await part(s, specOfCollectionFlow, c);
  const { url } = await mockFlow(s, w, c, e);
  await part(s, runFlow, w, url);
  await part(s, searchFlow, w, c);
}

async function fullFlow(s) {
  await userFlow(s);
  const w = await workspaceFlow(s);
  const c = await collectionFlow(s, w);
  const made = await itemFlow(s, c);
  await part(s, transferFlow, w, c, made);
  await part(s, duplicateFlow, w, c);
  const e = await environmentFlow(s, w);
  const { spec } = await part(s, specFlow, w);
  await part(s, specOfCollectionFlow, c);
  const { mock, url } = await mockFlow(s, w, c, e);
  await part(s, serverResponseFlow, { mock, url }, c);
  await part(s, runFlow, w, url);
  await part(s, commentFlow, c, made);
  await part(s, tagFlow, w, c);
  await part(s, searchFlow, w, c);
  await part(s, notOfferedFlow);
  await deleteFlow(s, w, made, { c, e, spec: spec ?? 'none', mock, url });
}

// The code set only reads: what it reads is made through the API.
async function codeFlow(s) {
  const w = (await s.api('POST', '/workspaces', { workspace: { name: 'Code flow', type: 'team' } })).workspace?.id;
  const c = (await s.api('POST', `/collections?workspace=${w}`, { collection: collection('Coded', [{ name: 'Zoo', item: [item('List', '/pets', [{ id: 1 }])] }]) })).collection?.uid;
  const e = (await s.api('POST', `/environments?workspace=${w}`, { environment: { name: 'Code env', values: [{ key: 'drink', value: 'tea', type: 'default', enabled: true }] } })).environment?.uid;
  const whole = await s.need('getCollection', { collectionId: c, model: 'full' }, (j) => j.collection);
  const folder = whole.item[0];
  const request = folder.item[0];
  const response = request.response[0];
  await userFlow(s);
  for (const tool of ['getPostmanContextOverview', 'getApiDiscoveryInstructions', 'getCodeGenerationInstructions', 'getInstalledApiMaintenanceInstructions']) {
    const answer = await s.step(tool);
    check(`${s.set}: ${tool} has text`, answer.text.trim().length > 40, answer.text);
  }
  await s.shows('getWorkspacesContext', { name: 'Code flow' }, 'Code flow');
  await s.shows('getWorkspaceContext', { workspaceId: w }, 'Coded');
  await s.shows('getWorkspaceEnvironmentsContext', { workspaceId: w }, 'Code env');
  await s.shows('getEnvironmentContext', { environmentId: e }, 'drink');
  await s.shows('getCollectionContext', { collectionId: c }, 'List');
  await s.shows('getFolderContext', { collectionId: c, folderId: folder.uid }, 'List');
  await s.shows('getRequestContext', { collectionId: c, requestId: request.uid }, '/pets');
  await s.shows('getRequestCodeContext', { collectionId: c, requestId: request.uid }, '/pets');
  await s.shows('getResponseContext', { collectionId: c, requestId: request.uid, responseId: response.uid }, 'List answer');
  await s.shows('getCollectionRequest', { collectionId: c, requestId: request.uid }, 'List');
  await s.shows('getCollectionFolder', { collectionId: c, folderId: folder.uid }, 'Zoo');
  await s.shows('getCollectionResponse', { collectionId: c, responseId: response.uid }, 'List answer');
  await s.shows('getEnvironment', { environmentId: e }, 'tea');
  await s.shows('searchPostmanElements', { entityType: 'collections', q: 'Coded', ownership: 'organization' }, c, 'finds it');
}

// ------------------------------------------------------------------ running
function install() {
  const manifest = readFileSync(join(HERE, 'package.json'));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'mimus', 'mcp', createHash('sha256').update(manifest).digest('hex').slice(0, 16));
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(HERE, 'package.json'), join(folder, 'package.json'));
  if (!existsSync(join(folder, '.installed'))) {
    console.log(`installing the packages of package.json into ${folder}`);
    // The client's own install script asks for pnpm and does nothing else.
    const r = spawnSync('npm', ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
    if (r.status !== 0) throw new CannotRun(`npm install ended with ${r.status}\n${(r.stdout ?? '') + (r.stderr ?? '')}`.slice(-2000));
    writeFileSync(join(folder, '.installed'), '');
  }
  return folder;
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// startMimus -> { base, key, stop }
async function startMimus(mimus, folder) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const log = join(folder, 'log');
  const out = openSync(log, 'w');
  const data = join(folder, 'data');
  const made = spawnSync(mimus, ['keys', 'create', 'checks', '--scope', 'admin', '--data', data], { encoding: 'utf8' });
  const key = /\bmimus_[A-Za-z0-9_-]{16,}/.exec(made.stdout ?? '')?.[0];
  if (!key) throw new CannotRun(`${mimus} keys create gives no key: ${made.error?.message ?? ''}${made.stdout ?? ''}${made.stderr ?? ''}`);
  const proc = spawn(mimus, ['serve', '--data', data, '--port', String(port)], { cwd: folder, stdio: ['ignore', out, out] });
  const ended = new Promise((done) => { proc.on('exit', done); proc.on('error', done); });
  const end = Date.now() + 20_000;
  for (;;) {
    const ready = await fetch(`${base}/_mimus/health`).then((r) => r.ok, () => false);
    if (ready) break;
    if (proc.exitCode !== null || Date.now() > end) {
      proc.kill('SIGKILL');
      throw new CannotRun(`${mimus} is not ready:\n${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await sleep(50);
  }
  return { base, key, stop: async () => { proc.kill('SIGTERM'); await Promise.race([ended, sleep(5000)]); proc.kill('SIGKILL'); } };
}

async function main() {
  const { values } = parseArgs({
    options: {
      mimus: { type: 'string', default: 'bin/mimus' }, url: { type: 'string' }, key: { type: 'string', default: '' },
      set: { type: 'string', default: 'minimal,full,code' }, verbose: { type: 'boolean', short: 'v', default: false }, help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n').slice(1).filter((l, i, all) => all.slice(0, i + 1).every((x) => x.startsWith('//'))).map((l) => l.slice(3)).join('\n'));
    return 0;
  }
  verbose = values.verbose;
  const folder = mkdtempSync(join(tmpdir(), 'mimus-mcp-'));
  let server;
  try {
    const tools = install();
    const load = (file) => import(pathToFileURL(join(tools, 'node_modules/@modelcontextprotocol/sdk/dist/esm/client', file)));
    const sdk = { ...(await load('index.js')), ...(await load('stdio.js')) };
    if (!values.url) server = await startMimus(resolve(values.mimus), folder);
    const base = (values.url ?? server.base).replace(/\/$/, '');
    const key = values.key || (server?.key ?? '');
    const flows = { minimal: minimalFlow, full: fullFlow, code: codeFlow };
    for (const set of values.set.split(',')) {
      if (!flows[set]) throw new CannotRun(`there is no set ${set}; there are ${Object.keys(flows).join(', ')}`);
      const s = await Session.open(sdk, tools, set, base, key, folder);
      console.log(`${set}: ${s.tools.size} tools`);
      try {
        await flows[set](s);
      } catch (e) {
        check(`${set}: goes on`, false, e instanceof Broken ? e.message : e.stack);
      } finally {
        await s.close();
      }
    }
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed ? 1 : 0;
}

main().then((status) => process.exit(status), (e) => {
  console.error(e instanceof CannotRun ? e.message : e.stack);
  process.exit(2);
});
