import { NetlifyAPI } from '@netlify/api';
import { lifecycle, shows } from './lifecycle.mjs';

export async function run({ base, check }) {
  const { protocol, host } = new URL(base);
  const api = new NetlifyAPI('test', { scheme: protocol.slice(0, -1), host, pathPrefix: '/api/v1' });
  const gone = (e) => e.status === 404;
  const id = (x) => x.id;
  // The SDK has no pager; a page that isn't full is the last.
  async function* pages(list, per_page) {
    for (let page = 1; ; page++) {
      const items = await list({ page, per_page });
      yield items;
      if (items.length < per_page) return;
    }
  }

  const { ids } = await lifecycle(check, 'sites', {
    values: (n) => ({ name: `site-${n}`, custom_domain: `www${n}.example.com`, force_ssl: true }),
    create: (body) => api.createSite({ body }),
    id,
    listed: (v) => v,
    read: (site_id) => api.getSite({ site_id }),
    changed: { custom_domain: 'moved.example.com' },
    update: (site_id, body) => api.updateSite({ site_id, body }),
    pages: (per_page) => pages((q) => api.listSites(q), per_page),
    remove: (site_id) => api.deleteSite({ site_id }),
    gone,
  });
  const site_id = ids[1] ?? 'none';

  await lifecycle(check, 'build hooks of a site', {
    values: (n) => ({ title: `Hook ${n}`, branch: 'main' }),
    create: (body) => api.createSiteBuildHook({ site_id, body }),
    id,
    shown: (v) => ({ ...v, site_id }),
    read: (hook) => api.getSiteBuildHook({ site_id, id: hook }),
    changed: { title: 'Renamed', branch: 'main' },
    update: (hook, body) => api.updateSiteBuildHook({ site_id, id: hook, body }),
    remove: (hook) => api.deleteSiteBuildHook({ site_id, id: hook }),
    gone,
  });

  await lifecycle(check, 'snippets of a site', {
    values: (n) => ({ title: `Snippet ${n}`, general: `<script>${n}</script>`, general_position: 'head' }),
    create: (body) => api.createSiteSnippet({ site_id, body }),
    id,
    shown: (v) => ({ ...v, site_id }),
    read: (snippet_id) => api.getSiteSnippet({ site_id, snippet_id }),
    changed: { title: 'Renamed', general: '<script>1</script>', general_position: 'footer' },
    update: (snippet_id, body) => api.updateSiteSnippet({ site_id, snippet_id, body }),
    remove: (snippet_id) => api.deleteSiteSnippet({ site_id, snippet_id }),
    gone,
  });
  await check('snippets of a site: the list has its own only', async () => {
    const own = await api.createSiteSnippet({ site_id, body: { title: 'Own' } });
    const list = await api.listSiteSnippets({ site_id });
    shows(list.filter((x) => x.id === own.id), [{ title: 'Own' }]);
    shows((await api.listSiteSnippets({ site_id: ids[2] })).filter((x) => x.title === 'Own'), []);
  });

  // A deploy key is made of nothing.
  await lifecycle(check, 'deploy keys', {
    values: () => ({}),
    create: () => api.createDeployKey(),
    id,
    read: (key_id) => api.getDeployKey({ key_id }),
    remove: (key_id) => api.deleteDeployKey({ key_id }),
    gone,
  });
  await check('deploy keys: the list has each that was created, as created', async () => {
    const made = [await api.createDeployKey(), await api.createDeployKey()];
    const list = await api.listDeployKeys();
    for (const key of made) shows(list.filter((x) => x.id === key.id), [key]);
  });
}
