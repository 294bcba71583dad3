import assert from 'node:assert/strict';
import { Resend } from 'resend';
import { collect, lifecycle, shows } from './lifecycle.mjs';

export async function run({ base, check }) {
  const resend = new Resend('re_test', { baseUrl: base });
  const gone = (e) => e.statusCode === 404;
  // The SDK doesn't throw: it answers { data, error }, and error is the body. The
  // document has no bodies of errors; Resend's have statusCode, Mimus's own status.
  const data = async (call) => {
    const { data, error } = await call;
    if (error) throw Object.assign(new Error(JSON.stringify(error)), { statusCode: error.statusCode ?? error.status });
    return data;
  };
  async function* pages(list, limit) {
    for (let after; ;) {
      const page = await data(list({ limit, after }));
      yield page.data;
      if (!page.has_more || !page.data.length) return;
      after = page.data.at(-1).id;
    }
  }

  await lifecycle(check, 'domains', {
    values: (n) => ({ name: `mail${n}.example.com`, region: 'eu-west-1' }),
    create: (v) => data(resend.domains.create(v)),
    id: (x) => x.id,
    listed: (v) => v,
    read: (id) => data(resend.domains.get(id)),
    pages: (limit) => pages((o) => resend.domains.list(o), limit),
    remove: (id) => data(resend.domains.remove(id)),
    gone,
  });
  await check('domains: update shows in read', async () => {
    const { id } = await data(resend.domains.create({ name: 'tracked.example.com' }));
    await data(resend.domains.update({ id, openTracking: true, clickTracking: true }));
    shows(await data(resend.domains.get(id)), { name: 'tracked.example.com', open_tracking: true, click_tracking: true });
    await data(resend.domains.update({ id, clickTracking: false }));
    shows(await data(resend.domains.get(id)), { open_tracking: true, click_tracking: false });
  });

  await lifecycle(check, 'topics', {
    values: (n) => ({ name: `Topic ${n}`, description: `All about ${n}`, defaultSubscription: 'opt_in' }),
    create: (v) => data(resend.topics.create(v)),
    id: (x) => x.id,
    idOnly: true,
    shown: ({ name, description }) => ({ name, description }),
    read: (id) => data(resend.topics.get(id)),
    changed: { description: 'Something else' },
    update: (id, v) => data(resend.topics.update({ id, ...v })),
    remove: (id) => data(resend.topics.remove(id)),
    gone,
  });

  await lifecycle(check, 'templates', {
    values: (n) => ({ name: `Template ${n}`, subject: `Hello ${n}`, html: `<p>${n}</p>` }),
    create: (v) => data(resend.templates.create(v)),
    id: (x) => x.id,
    idOnly: true,
    listed: ({ name }) => ({ name }),
    read: (id) => data(resend.templates.get(id)),
    changed: { subject: 'Bye' },
    update: (id, v) => data(resend.templates.update(id, v)),
    pages: (limit) => pages((o) => resend.templates.list(o), limit),
    remove: (id) => data(resend.templates.remove(id)),
    gone,
  });

  const segments = await lifecycle(check, 'segments', {
    values: (n) => ({ name: `Segment ${n}` }),
    create: (v) => data(resend.segments.create(v)),
    id: (x) => x.id,
    idOnly: true,
    listed: (v) => v,
    read: (id) => data(resend.segments.get(id)),
    pages: (limit) => pages((o) => resend.segments.list(o), limit),
    remove: (id) => data(resend.segments.remove(id)),
    gone,
  });

  // The list of contacts has no has_more: it is read at once.
  await lifecycle(check, 'contacts', {
    values: (n) => ({ email: `reader${n}@example.com`, firstName: `Ada ${n}`, lastName: 'Lovelace', unsubscribed: false }),
    create: (v) => data(resend.contacts.create(v)),
    id: (x) => x.id,
    idOnly: true,
    shown: (v) => ({ email: v.email, first_name: v.firstName, last_name: v.lastName, unsubscribed: v.unsubscribed }),
    read: (id) => data(resend.contacts.get(id)),
    changed: { firstName: 'Augusta', unsubscribed: true },
    update: (id, v) => data(resend.contacts.update({ id, ...v })),
    remove: (id) => data(resend.contacts.remove(id)),
    gone,
  });
  await check('contacts: the list has those that were created', async () => {
    const made = [];
    for (const n of [1, 2, 3]) made.push((await data(resend.contacts.create({ email: `listed${n}@example.com` }))).id);
    const ids = (await data(resend.contacts.list())).data.map((x) => x.id);
    for (const id of made) assert.equal(ids.filter((x) => x === id).length, 1, `${id} in ${ids}`);
    const two = (await data(resend.contacts.list({ limit: 2 }))).data;
    assert.equal(two.length, 2, `${two.length} for a limit of 2`);
    const next = (await data(resend.contacts.list({ limit: 2, after: two[1].id }))).data;
    assert.ok(next.length && !next.some((x) => two.some((y) => x.id === y.id)), 'after a contact come others');
  });

  await lifecycle(check, 'webhooks', {
    values: (n) => ({ endpoint: `https://example.com/hooks/${n}`, events: ['email.sent', 'email.bounced'] }),
    create: (v) => data(resend.webhooks.create(v)),
    id: (x) => x.id,
    idOnly: true,
    read: (id) => data(resend.webhooks.get(id)),
    changed: { endpoint: 'https://example.com/moved' },
    update: (id, v) => data(resend.webhooks.update(id, v)),
    pages: (limit) => pages((o) => resend.webhooks.list(o), limit),
    remove: (id) => data(resend.webhooks.remove(id)),
    gone,
  });
}
