import { BoxClient, BoxDeveloperTokenAuth } from 'box-node-sdk';
import { BaseUrls } from 'box-node-sdk/networking/baseUrls';
import { NetworkSession } from 'box-node-sdk/networking/network';
import { BoxRetryStrategy } from 'box-node-sdk/networking/retries';
import { lifecycle } from './lifecycle.mjs';

export async function run({ base, check }) {
  // Its five attempts would hide which status made it try again.
  const networkSession = new NetworkSession({
    baseUrls: new BaseUrls({ baseUrl: base, uploadUrl: base, oauth2Url: base }),
    retryStrategy: new BoxRetryStrategy({ maxAttempts: 1 }),
  });
  const client = new BoxClient({ auth: new BoxDeveloperTokenAuth({ token: 'test' }), networkSession });
  const { folders, groups, users, webhooks, webLinks } = client;
  const gone = (e) => e.name === 'BoxApiError' && e.responseInfo.statusCode === 404;
  const id = (x) => x.id;
  // The SDK has no pager. Where there is an offset, there is a total; where
  // there is a marker, there is a next one.
  async function* offsets(list, limit) {
    for (let offset = 0; ;) {
      const { entries, totalCount } = await list({ limit, offset });
      yield entries;
      offset += entries.length;
      if (!entries.length || offset >= totalCount) return;
    }
  }
  async function* markers(list, limit) {
    for (let marker; ;) {
      const page = await list({ limit, marker });
      yield page.entries;
      marker = page.nextMarker;
      if (!marker) return;
    }
  }

  const fields = ['name', 'description', 'invitability_level'];
  await lifecycle(check, 'groups', {
    values: (n) => ({ name: `Group ${n}`, description: `Described ${n}`, invitabilityLevel: 'admins_only' }),
    create: (v) => groups.createGroup(v, { queryParams: { fields } }),
    id,
    listed: ({ name }) => ({ name }),
    read: (gid) => groups.getGroupById(gid, { queryParams: { fields } }),
    changed: { description: 'Changed' },
    update: (gid, v) => groups.updateGroupById(gid, { requestBody: v }),
    pages: (limit) => offsets((q) => groups.getGroups(q), limit),
    remove: (gid) => groups.deleteGroupById(gid),
    gone,
  });

  await lifecycle(check, 'users', {
    values: (n) => ({ name: `User ${n}`, login: `user${n}@example.com`, jobTitle: `Job ${n}`, language: 'en' }),
    create: (v) => users.createUser(v),
    id,
    listed: ({ name, login }) => ({ name, login }),
    read: (uid) => users.getUserById(uid),
    changed: { jobTitle: 'Boss' },
    update: (uid, v) => users.updateUserById(uid, { requestBody: v }),
    pages: (limit) => offsets((q) => users.getUsers(q), limit),
    remove: (uid) => users.deleteUserById(uid),
    gone,
  });

  await lifecycle(check, 'webhooks', {
    values: (n) => ({ target: { id: `100${n}`, type: 'folder' }, address: `https://example.com/hooks/${n}`, triggers: ['FILE.UPLOADED', 'FILE.DELETED'] }),
    create: (v) => webhooks.createWebhook(v),
    id,
    listed: ({ target }) => ({ target }),
    read: (wid) => webhooks.getWebhookById(wid),
    changed: { address: 'https://example.com/moved' },
    update: (wid, v) => webhooks.updateWebhookById(wid, { requestBody: v }),
    pages: (limit) => markers((q) => webhooks.getWebhooks(q), limit),
    remove: (wid) => webhooks.deleteWebhookById(wid),
    gone,
  });

  // What a folder has is listed below it, with files and links: that is not a
  // list of what POST /folders makes.
  await lifecycle(check, 'folders', {
    values: (n) => ({ name: `Folder ${n}`, parent: { id: '0' } }),
    create: (v) => folders.createFolder(v),
    id,
    read: (fid) => folders.getFolderById(fid),
    changed: { name: 'Renamed', description: 'Described' },
    update: (fid, v) => folders.updateFolderById(fid, { requestBody: v }),
    remove: (fid) => folders.deleteFolderById(fid),
    gone,
  });

  await lifecycle(check, 'web links', {
    values: (n) => ({ url: `https://example.com/${n}`, parent: { id: '0' }, name: `Link ${n}`, description: `Described ${n}` }),
    create: (v) => webLinks.createWebLink(v),
    id,
    read: (lid) => webLinks.getWebLinkById(lid),
    changed: { name: 'Renamed' },
    update: (lid, v) => webLinks.updateWebLinkById(lid, { requestBody: v }),
    remove: (lid) => webLinks.deleteWebLinkById(lid),
    gone,
  });
}
