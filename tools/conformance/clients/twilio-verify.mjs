import { lifecycle } from './lifecycle.mjs';
import { gone, pages, twilioClient } from './twilio-client.mjs';

export async function run({ base, check }) {
  const { services } = twilioClient(base).verify.v2;
  const id = (x) => x.sid;

  const { ids } = await lifecycle(check, 'services', {
    values: (n) => ({ friendlyName: `Service ${n}`, codeLength: 4 + n, lookupEnabled: true }),
    create: (v) => services.create(v),
    id,
    listed: (v) => v,
    read: (sid) => services(sid).fetch(),
    changed: { friendlyName: 'Renamed', lookupEnabled: false },
    update: (sid, v) => services(sid).update(v),
    pages: (pageSize) => pages(services, { pageSize }),
    remove: (sid) => services(sid).remove(),
    gone,
  });

  const service = services(ids[1] ?? `VA${'0'.repeat(32)}`);
  const serviceSid = ids[1];
  await lifecycle(check, 'rate limits of a service', {
    values: (n) => ({ uniqueName: `limit-${n}`, description: `Limit ${n}` }),
    create: (v) => service.rateLimits.create(v),
    id,
    shown: (v) => ({ ...v, serviceSid }),
    listed: (v) => ({ ...v, serviceSid }),
    read: (sid) => service.rateLimits(sid).fetch(),
    changed: { description: 'Changed' },
    update: (sid, v) => service.rateLimits(sid).update(v),
    pages: (pageSize) => pages(service.rateLimits, { pageSize }),
    remove: (sid) => service.rateLimits(sid).remove(),
    gone,
  });

  await lifecycle(check, 'webhooks of a service', {
    values: (n) => ({ friendlyName: `Hook ${n}`, eventTypes: ['factor.created', 'factor.deleted'], webhookUrl: `https://example.com/${n}`, status: 'enabled' }),
    create: (v) => service.webhooks.create(v),
    id,
    shown: (v) => ({ ...v, serviceSid }),
    listed: (v) => v,
    read: (sid) => service.webhooks(sid).fetch(),
    changed: { status: 'disabled' },
    update: (sid, v) => service.webhooks(sid).update(v),
    pages: (pageSize) => pages(service.webhooks, { pageSize }),
    remove: (sid) => service.webhooks(sid).remove(),
    gone,
  });

  // An entity is found by the identity that its creator chose.
  await lifecycle(check, 'entities of a service', {
    values: (n) => ({ identity: `user-000${n}` }),
    create: (v) => service.entities.create(v),
    id: (x) => x.identity,
    listed: (v) => v,
    read: (identity) => service.entities(identity).fetch(),
    pages: (pageSize) => pages(service.entities, { pageSize }),
    remove: (identity) => service.entities(identity).remove(),
    gone,
  });
}
