import Asana from 'asana';
import { lifecycle, shows } from './lifecycle.mjs';

export async function run({ base, check }) {
  const client = new Asana.ApiClient();
  client.basePath = `${base}/api/1.0`;
  client.authentications.token.accessToken = 'test';
  const [projects, sections, stories, tags, tasks] = ['Projects', 'Sections', 'Stories', 'Tags', 'Tasks'].map((name) => new Asana[`${name}Api`](client));
  const data = (call) => call.then((r) => r.data);
  const gone = (e) => e.status === 404;
  const id = (x) => x.gid;
  async function* pages(call) {
    for (let page = await call; page.data; page = await page.nextPage()) yield page.data;
  }
  const workspace = '120053';

  const made = await lifecycle(check, 'projects', {
    values: (n) => ({ name: `Project ${n}`, notes: `Notes ${n}`, color: 'light-green' }),
    create: (v) => data(projects.createProject({ data: { ...v, workspace } })),
    id,
    listed: ({ name }) => ({ name }),
    read: (gid) => data(projects.getProject(gid)),
    changed: { notes: 'Changed' },
    update: (gid, v) => data(projects.updateProject({ data: v }, gid)),
    pages: (limit) => pages(projects.getProjects({ workspace, limit })),
    remove: (gid) => projects.deleteProject(gid),
    gone,
  });
  const project = made.ids[1];

  const sectioned = {
    values: (n) => ({ name: `Section ${n}` }),
    create: (v) => data(sections.createSectionForProject(project, { body: { data: v } })),
    id,
    listed: (v) => v,
    read: (gid) => data(sections.getSection(gid)),
    changed: { name: 'Renamed' },
    update: (gid, v) => data(sections.updateSection(gid, { body: { data: v } })),
    pages: (limit) => pages(sections.getSectionsForProject(project, { limit })),
    remove: (gid) => sections.deleteSection(gid),
    gone,
  };
  await lifecycle(check, 'sections of a project', sectioned);

  const { ids } = await lifecycle(check, 'tasks', {
    values: (n) => ({ name: `Task ${n}`, notes: `Do it ${n} times`, due_on: `2030-01-0${n}` }),
    create: (v) => data(tasks.createTask({ data: { ...v, workspace, projects: [project] } })),
    id,
    listed: ({ name }) => ({ name }),
    read: (gid) => data(tasks.getTask(gid)),
    changed: { name: 'Renamed' },
    update: (gid, v) => data(tasks.updateTask({ data: v }, gid)),
    pages: (limit) => pages(tasks.getTasks({ project, limit })),
    remove: (gid) => tasks.deleteTask(gid),
    gone,
  });
  const task = ids[1];
  await check('tasks: one that is completed stays so', async () => {
    await tasks.updateTask({ data: { completed: true } }, task);
    shows(await data(tasks.getTask(task)), { completed: true, name: 'Task 2' });
  });

  await lifecycle(check, 'stories of a task', {
    values: (n) => ({ text: `Comment ${n}` }),
    create: (v) => data(stories.createStoryForTask({ data: v }, task)),
    id,
    read: (gid) => data(stories.getStory(gid)),
    changed: { text: 'Edited' },
    update: (gid, v) => data(stories.updateStory({ data: v }, gid)),
    pages: (limit) => pages(stories.getStoriesForTask(task, { limit })),
    remove: (gid) => stories.deleteStory(gid),
    gone,
  });

  await lifecycle(check, 'tags', {
    values: (n) => ({ name: `Tag ${n}`, notes: `Tagged ${n}` }),
    create: (v) => data(tags.createTag({ data: { ...v, workspace } })),
    id,
    listed: ({ name }) => ({ name }),
    read: (gid) => data(tags.getTag(gid)),
    changed: { name: 'Renamed' },
    update: (gid, v) => data(tags.updateTag({ data: v }, gid)),
    pages: (limit) => pages(tags.getTags({ workspace, limit })),
    remove: (gid) => tags.deleteTag(gid),
    gone,
  });
}
