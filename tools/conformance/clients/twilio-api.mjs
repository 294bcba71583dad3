import assert from 'node:assert/strict';
import { lifecycle } from './lifecycle.mjs';
import { ACCOUNT, gone, pages, twilioClient } from './twilio-client.mjs';

export async function run({ base, check }) {
  const { addresses, applications, queues } = twilioClient(base);
  const id = (x) => x.sid;
  const accountSid = ACCOUNT;

  await lifecycle(check, 'queues', {
    values: (n) => ({ friendlyName: `queue-${n}`, maxSize: 10 * n }),
    create: (v) => queues.create(v),
    id,
    shown: (v) => ({ ...v, accountSid }),
    listed: (v) => v,
    read: (sid) => queues(sid).fetch(),
    changed: { maxSize: 99 },
    update: (sid, v) => queues(sid).update(v),
    pages: (pageSize) => pages(queues, { pageSize }),
    remove: (sid) => queues(sid).remove(),
    gone,
  });

  await lifecycle(check, 'applications', {
    values: (n) => ({ friendlyName: `App ${n}`, voiceUrl: `https://example.com/voice/${n}`, voiceMethod: 'GET', smsUrl: 'https://example.com/sms' }),
    create: (v) => applications.create(v),
    id,
    shown: (v) => ({ ...v, accountSid }),
    listed: (v) => v,
    read: (sid) => applications(sid).fetch(),
    changed: { voiceMethod: 'POST' },
    update: (sid, v) => applications(sid).update(v),
    pages: (pageSize) => pages(applications, { pageSize }),
    remove: (sid) => applications(sid).remove(),
    gone,
  });

  const address = (n) => ({ customerName: `Customer ${n}`, street: `${n} Main Street`, city: 'Springfield', region: 'IL', postalCode: '62701', isoCountry: 'US', friendlyName: `Office ${n}` });
  await lifecycle(check, 'addresses', {
    values: address,
    create: (v) => addresses.create(v),
    id,
    shown: (v) => ({ ...v, accountSid }),
    listed: (v) => v,
    read: (sid) => addresses(sid).fetch(),
    changed: { street: '742 Evergreen Terrace' },
    update: (sid, v) => addresses(sid).update(v),
    pages: (pageSize) => pages(addresses, { pageSize }),
    remove: (sid) => addresses(sid).remove(),
    gone,
  });
  await check('addresses: the list is filtered by friendly name and customer', async () => {
    const { sid } = await addresses.create({ ...address(7), friendlyName: 'Only one' });
    const found = async (filter) => (await addresses.list(filter)).map(id).join();
    assert.equal(await found({ friendlyName: 'Only one' }), sid);
    assert.equal(await found({ customerName: 'Nobody at all' }), '');
  });
}
