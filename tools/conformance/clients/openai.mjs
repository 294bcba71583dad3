import OpenAI, { toFile } from 'openai';
import assert from 'node:assert/strict';
import { collect, lifecycle } from './lifecycle.mjs';

export async function run({ base, check }) {
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${base}/v1`, maxRetries: 0 });
  const gone = (e) => e instanceof OpenAI.NotFoundError;
  async function* pages(list) {
    for await (const page of (await list).iterPages()) yield page.data;
  }

  await lifecycle(check, 'files', {
    values: (n) => ({ filename: `lines${n}.jsonl`, purpose: n % 2 ? 'batch' : 'user_data', content: `{"n":${n}}\n` }),
    create: async (v) => openai.files.create({ file: await toFile(Buffer.from(v.content), v.filename), purpose: v.purpose }),
    id: (x) => x.id,
    // That filename and bytes are those of the upload, the document doesn't tell.
    shown: ({ purpose }) => ({ purpose }),
    listed: ({ purpose }) => ({ purpose }),
    read: (id) => openai.files.retrieve(id),
    pages: (limit) => pages(openai.files.list({ limit })),
    remove: (id) => openai.files.delete(id),
    gone,
  });
  await check('files: the list is filtered by purpose', async () => {
    const all = (await collect(pages(openai.files.list({ purpose: 'user_data', limit: 100 })))).flat();
    assert.ok(all.length && all.every((x) => x.purpose === 'user_data'), `the purposes are ${all.map((x) => x.purpose)}`);
  });

  await lifecycle(check, 'vector stores', {
    values: (n) => ({ name: `Store ${n}`, metadata: { shelf: `${n}` } }),
    create: (v) => openai.vectorStores.create(v),
    id: (x) => x.id,
    listed: (v) => v,
    read: (id) => openai.vectorStores.retrieve(id),
    changed: { name: 'Renamed' },
    update: (id, v) => openai.vectorStores.update(id, v),
    pages: (limit) => pages(openai.vectorStores.list({ limit })),
    remove: (id) => openai.vectorStores.delete(id),
    gone,
  });

  await lifecycle(check, 'assistants', {
    values: (n) => ({ model: 'gpt-4o', name: `Assistant ${n}`, instructions: `Answer ${n}`, temperature: 0.5, metadata: { n: `${n}` } }),
    create: (v) => openai.beta.assistants.create(v),
    id: (x) => x.id,
    listed: (v) => v,
    read: (id) => openai.beta.assistants.retrieve(id),
    changed: { instructions: 'Ask back' },
    update: (id, v) => openai.beta.assistants.update(id, v),
    pages: (limit) => pages(openai.beta.assistants.list({ limit })),
    remove: (id) => openai.beta.assistants.delete(id),
    gone,
  });

  const { ids } = await lifecycle(check, 'threads', {
    values: (n) => ({ metadata: { n: `${n}` } }),
    create: (v) => openai.beta.threads.create(v),
    id: (x) => x.id,
    read: (id) => openai.beta.threads.retrieve(id),
    changed: { metadata: { n: 'changed' } },
    update: (id, v) => openai.beta.threads.update(id, v),
    remove: (id) => openai.beta.threads.delete(id),
    gone,
  });

  const thread_id = ids[1];
  await lifecycle(check, 'messages of a thread', {
    values: (n) => ({ role: 'user', content: `Message ${n}`, metadata: { n: `${n}` } }),
    create: (v) => openai.beta.threads.messages.create(thread_id, v),
    id: (x) => x.id,
    // A text that is sent as a string is answered as a list of parts.
    shown: ({ role, metadata }) => ({ role, metadata, thread_id }),
    listed: ({ role, metadata }) => ({ role, metadata, thread_id }),
    read: (id) => openai.beta.threads.messages.retrieve(id, { thread_id }),
    changed: { metadata: { n: 'changed' } },
    update: (id, v) => openai.beta.threads.messages.update(id, { thread_id, ...v }),
    pages: (limit) => pages(openai.beta.threads.messages.list(thread_id, { limit })),
    remove: (id) => openai.beta.threads.messages.delete(id, { thread_id }),
    gone,
  });

  await lifecycle(check, 'conversations', {
    values: (n) => ({ metadata: { n: `${n}` } }),
    create: (v) => openai.conversations.create(v),
    id: (x) => x.id,
    read: (id) => openai.conversations.retrieve(id),
    changed: { metadata: { n: 'changed' } },
    update: (id, v) => openai.conversations.update(id, v),
    remove: (id) => openai.conversations.delete(id),
    gone,
  });

  await lifecycle(check, 'containers', {
    values: (n) => ({ name: `Container ${n}` }),
    create: (v) => openai.containers.create(v),
    id: (x) => x.id,
    listed: (v) => v,
    read: (id) => openai.containers.retrieve(id),
    pages: (limit) => pages(openai.containers.list({ limit })),
    remove: (id) => openai.containers.delete(id),
    gone,
  });
}
