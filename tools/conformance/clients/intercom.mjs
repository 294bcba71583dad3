import { IntercomClient, IntercomError } from 'intercom-client';
import { lifecycle, shows } from './lifecycle.mjs';

export async function run({ base, check }) {
  const client = new IntercomClient({ token: 'test', baseUrl: base, version: '2.11', maxRetries: 0 });
  const { articles, contacts, news, tags } = client;
  const { collections } = client.helpCenters;
  const gone = (e) => e instanceof IntercomError && e.statusCode === 404;
  const id = (x) => x.id;
  async function* pages(list) {
    for (let page = await list; ; page = await page.getNextPage()) {
      yield page.data;
      if (!page.hasNextPage()) return;
    }
  }

  await lifecycle(check, 'articles', {
    values: (n) => ({ title: `Article ${n}`, description: `About ${n}`, body: `<p>${n}</p>`, author_id: 991267, state: 'draft' }),
    create: (v) => articles.create(v),
    id,
    listed: ({ title }) => ({ title }),
    read: (article_id) => articles.find({ article_id }),
    changed: { title: 'Renamed', state: 'published' },
    update: (article_id, v) => articles.update({ article_id, ...v }),
    pages: (per_page) => pages(articles.list({ per_page })),
    remove: (article_id) => articles.delete({ article_id }),
    gone,
  });

  await lifecycle(check, 'collections of the help center', {
    values: (n) => ({ name: `Collection ${n}`, description: `About ${n}` }),
    create: (v) => collections.create(v),
    id,
    listed: ({ name }) => ({ name }),
    read: (collection_id) => collections.find({ collection_id }),
    changed: { name: 'Renamed' },
    update: (collection_id, v) => collections.update({ collection_id, ...v }),
    pages: (per_page) => pages(collections.list({ per_page })),
    remove: (collection_id) => collections.delete({ collection_id }),
    gone,
  });

  await lifecycle(check, 'contacts', {
    values: (n) => ({ email: `reader${n}@example.com`, name: `Reader ${n}`, external_id: `ext-${n}`, phone: `+1202555010${n}` }),
    create: (v) => contacts.create(v),
    id,
    listed: ({ email, name }) => ({ email, name }),
    read: (contact_id) => contacts.find({ contact_id }),
    changed: { name: 'Renamed' },
    update: (contact_id, v) => contacts.update({ contact_id, ...v }),
    pages: (per_page) => pages(contacts.list({ per_page })),
    remove: (contact_id) => contacts.delete({ contact_id }),
    gone,
  });

  await lifecycle(check, 'news items', {
    values: (n) => ({ title: `News ${n}`, body: `<p>${n}</p>`, sender_id: 991267, state: 'draft' }),
    create: (v) => news.items.create(v),
    id,
    shown: ({ title, sender_id, state }) => ({ title, sender_id, state }),
    read: (news_item_id) => news.items.find({ news_item_id }),
    changed: { title: 'Renamed', sender_id: 991267 },
    update: (news_item_id, v) => news.items.update({ news_item_id, body: v }),
    remove: (news_item_id) => news.items.delete({ news_item_id }),
    gone,
  });

  await check('tags: one that was created is read and listed', async () => {
    const tag = await tags.create({ name: 'Independent' });
    shows(await tags.find({ tag_id: tag.id }), { id: tag.id, name: 'Independent' });
    shows((await tags.list()).data.find((x) => x.id === tag.id), { name: 'Independent' });
  });
}
