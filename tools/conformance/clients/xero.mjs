import assert from 'node:assert/strict';
import { XeroClient } from 'xero-node';
import { lifecycle, shows } from './lifecycle.mjs';

export async function run({ base, check }) {
  const xero = new XeroClient();
  xero.setTokenSet({ access_token: 'test', token_type: 'Bearer', expires_in: 1800 });
  const api = xero.accountingApi;
  api.basePath = `${base}/api.xro/2.0`;
  api.accessToken = 'test';
  const tenant = 'd1b2c3d4-0000-4000-8000-000000000001';
  // The SDK throws a JSON text.
  const gone = (e) => typeof e === 'string' && JSON.parse(e).response?.statusCode === 404;
  const one = (call, key) => call.then(({ body }) => {
    assert.equal(body[key]?.length, 1, `${key} has ${body[key]?.length} items, not one`);
    return body[key][0];
  });
  async function* pages(list) {
    for (let page = 1; ; page++) {
      const { contacts, pagination } = (await list(page)).body;
      yield contacts;
      if (!contacts.length || page >= pagination.pageCount) return;
    }
  }

  // A contact can't be deleted, only archived.
  const { ids } = await lifecycle(check, 'contacts', {
    values: (n) => ({ name: `Contact ${n}`, emailAddress: `contact${n}@example.com`, firstName: 'Ada' }),
    create: (v) => one(api.createContacts(tenant, { contacts: [v] }), 'contacts'),
    id: (x) => x.contactID,
    listed: (v) => v,
    read: (cid) => one(api.getContact(tenant, cid), 'contacts'),
    changed: { firstName: 'Augusta' },
    update: (cid, v) => api.updateContact(tenant, cid, { contacts: [v] }),
    pages: (size) => pages((page) => api.getContacts(tenant, undefined, undefined, undefined, undefined, page, true, false, undefined, size)),
  });
  await check('contacts: two are created at once', async () => {
    const names = ['Twin 1', 'Twin 2'];
    const { contacts } = (await api.createContacts(tenant, { contacts: names.map((name) => ({ name })) })).body;
    shows(contacts.map((x) => x.name), names);
    assert.notEqual(contacts[0].contactID, contacts[1].contactID);
    shows(await one(api.getContact(tenant, contacts[1].contactID), 'contacts'), { name: 'Twin 2' });
  });
  await check('contacts: one is archived', async () => {
    await api.updateContact(tenant, ids[1], { contacts: [{ contactStatus: 'ARCHIVED' }] });
    shows(await one(api.getContact(tenant, ids[1]), 'contacts'), { name: 'Contact 2', contactStatus: 'ARCHIVED' });
  });

  // The list of items has no pages.
  const items = await lifecycle(check, 'items', {
    values: (n) => ({ code: `ITEM-${n}`, name: `Item ${n}`, description: `Described ${n}`, salesDetails: { unitPrice: 10.5 * n } }),
    create: (v) => one(api.createItems(tenant, { items: [v] }), 'items'),
    id: (x) => x.itemID,
    read: (iid) => one(api.getItem(tenant, iid), 'items'),
    // The code has to be there.
    changed: { code: 'ITEM-1', description: 'Changed' },
    update: (iid, v) => api.updateItem(tenant, iid, { items: [v] }),
    remove: (iid) => api.deleteItem(tenant, iid),
    gone,
  });
  await check('items: the list has what is left', async () => {
    const list = (await api.getItems(tenant)).body.items.map((x) => x.itemID);
    const [deleted, left] = items.ids;
    assert.ok(!list.includes(deleted), `${deleted} is still listed`);
    assert.equal(list.filter((x) => x === left).length, 1, `${left} among ${list.length}`);
  });
}
