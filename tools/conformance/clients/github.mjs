import assert from 'node:assert/strict';
import { Octokit } from '@octokit/rest';
import { collect, fails, lifecycle, shows } from './lifecycle.mjs';

const gone = (e) => e.name === 'HttpError' && e.status === 404;

export async function run({ base, check }) {
  const octokit = new Octokit({ baseUrl: base, auth: 'ghp_test', log: { debug() {}, info() {}, warn() {}, error() {} } });
  const { gists, issues } = octokit.rest;
  const repo = { owner: 'octocat', repo: 'Hello-World' };
  const data = (call) => call.then((r) => r.data);
  async function* pages(list, parameters) {
    for await (const page of octokit.paginate.iterator(list, parameters)) yield page.data;
  }

  await lifecycle(check, 'labels', {
    values: (n) => ({ name: `kind-${n}`, color: `00000${n}`, description: `Kind ${n}` }),
    create: (v) => data(issues.createLabel({ ...repo, ...v })),
    id: (x) => x.name,
    listed: (v) => v,
    read: (name) => data(issues.getLabel({ ...repo, name })),
    changed: { color: 'abcdef' },
    update: (name, v) => data(issues.updateLabel({ ...repo, name, ...v })),
    pages: (per_page) => pages(issues.listLabelsForRepo, { ...repo, per_page }),
    remove: (name) => issues.deleteLabel({ ...repo, name }),
    gone,
  });
  await check('labels: one that is renamed has its new name only', async () => {
    await issues.createLabel({ ...repo, name: 'before', color: '111111' });
    await issues.updateLabel({ ...repo, name: 'before', new_name: 'after' });
    shows(await data(issues.getLabel({ ...repo, name: 'after' })), { name: 'after', color: '111111' });
    await fails(() => issues.getLabel({ ...repo, name: 'before' }), gone);
  });
  await check('labels: one repository has not those of another', async () => {
    await issues.createLabel({ ...repo, repo: 'Spoon-Knife', name: 'elsewhere', color: '222222' });
    const names = (await collect(pages(issues.listLabelsForRepo, { ...repo, per_page: 100 }))).flat().map((x) => x.name);
    assert.ok(!names.includes('elsewhere'), `the labels are ${names.join(', ')}`);
  });

  await lifecycle(check, 'milestones', {
    values: (n) => ({ title: `v${n}.0`, description: `Release ${n}` }),
    create: (v) => data(issues.createMilestone({ ...repo, ...v })),
    id: (x) => x.number,
    listed: (v) => v,
    read: (milestone_number) => data(issues.getMilestone({ ...repo, milestone_number })),
    changed: { description: 'Later' },
    update: (milestone_number, v) => data(issues.updateMilestone({ ...repo, milestone_number, ...v })),
    pages: (per_page) => pages(issues.listMilestones, { ...repo, state: 'all', per_page }),
    remove: (milestone_number) => issues.deleteMilestone({ ...repo, milestone_number }),
    gone,
  });

  // An issue can't be deleted, only closed.
  const { ids } = await lifecycle(check, 'issues', {
    values: (n) => ({ title: `Bug ${n}`, body: `It breaks ${n} times` }),
    create: (v) => data(issues.create({ ...repo, ...v })),
    id: (x) => x.number,
    listed: (v) => v,
    read: (issue_number) => data(issues.get({ ...repo, issue_number })),
    changed: { title: 'Bug 1, again' },
    update: (issue_number, v) => data(issues.update({ ...repo, issue_number, ...v })),
    pages: (per_page) => pages(issues.listForRepo, { ...repo, state: 'all', per_page }),
  });
  const numbers = async (parameters) => (await collect(pages(issues.listForRepo, { ...repo, per_page: 100, ...parameters }))).flat().map((x) => x.number);
  await check('issues: a new one is open', async () => shows(await data(issues.get({ ...repo, issue_number: ids[1] })), { state: 'open' }));
  await check('issues: the list is filtered by state, open unless asked for', async () => {
    await issues.update({ ...repo, issue_number: ids[0], state: 'closed', state_reason: 'not_planned' });
    shows(await data(issues.get({ ...repo, issue_number: ids[0] })), { state: 'closed', state_reason: 'not_planned' });
    const found = { closed: await numbers({ state: 'closed' }), open: await numbers({ state: 'open' }), usual: await numbers({}), all: await numbers({ state: 'all' }) };
    const has = Object.fromEntries(Object.entries(found).map(([k, list]) => [k, [list.includes(ids[0]), list.includes(ids[1])]]));
    shows(has, { closed: [true, false], open: [false, true], usual: [false, true], all: [true, true] });
  });

  const [issue_number] = ids;
  await lifecycle(check, 'comments of an issue', {
    values: (n) => ({ body: `Comment ${n}` }),
    create: (v) => data(issues.createComment({ ...repo, issue_number, ...v })),
    id: (x) => x.id,
    listed: (v) => v,
    read: (comment_id) => data(issues.getComment({ ...repo, comment_id })),
    changed: { body: 'Edited' },
    update: (comment_id, v) => data(issues.updateComment({ ...repo, comment_id, ...v })),
    pages: (per_page) => pages(issues.listComments, { ...repo, issue_number, per_page }),
    remove: (comment_id) => issues.deleteComment({ ...repo, comment_id }),
    gone,
  });
  await check('comments of an issue: the repository lists them too', async () => {
    const own = await data(issues.createComment({ ...repo, issue_number, body: 'There' }));
    const all = (await collect(pages(issues.listCommentsForRepo, { ...repo, per_page: 100 }))).flat();
    assert.ok(all.some((x) => x.id === own.id && x.body === 'There'), `${own.id} is not among ${all.length}`);
  });
  await check('comments of an issue: another issue has none of them', async () => {
    const own = await data(issues.createComment({ ...repo, issue_number, body: 'Here' }));
    const others = (await collect(pages(issues.listComments, { ...repo, issue_number: ids[1], per_page: 100 }))).flat();
    assert.ok(!others.some((x) => x.id === own.id), `${own.id} is listed there too`);
  });

  await lifecycle(check, 'gists', {
    values: (n) => ({ description: `Gist ${n}`, public: true, files: { 'hello.rb': { content: `puts ${n}` } } }),
    create: (v) => data(gists.create(v)),
    id: (x) => x.id,
    shown: ({ description, public: open, files }) => ({ description, public: open, files }),
    listed: ({ description }) => ({ description }),
    read: (gist_id) => data(gists.get({ gist_id })),
    changed: { description: 'Edited' },
    update: (gist_id, v) => data(gists.update({ gist_id, ...v })),
    pages: (per_page) => pages(gists.list, { per_page }),
    remove: (gist_id) => gists.delete({ gist_id }),
    gone,
  });
}
