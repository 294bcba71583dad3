// The checks that hold of each resource, whatever its API.
import assert from 'node:assert/strict';

const COUNT = 5;
const SIZE = 2;
const MANY_PAGES = 100;

// shows fails unless actual has all that expected has. Lists are compared as
// long as expected's; objects may have more.
export function shows(actual, expected, at = '') {
  if (expected !== null && typeof expected === 'object' && !(expected instanceof Date)) {
    assert.ok(actual !== null && typeof actual === 'object', `${at || 'the answer'} is ${brief(actual)}, not ${brief(expected)}`);
    if (Array.isArray(expected)) assert.equal(actual.length, expected.length, `${at || 'the list'} has ${actual.length} items, not ${expected.length}`);
    for (const [key, value] of Object.entries(expected)) shows(actual[key], value, at ? `${at}.${key}` : key);
    return;
  }
  assert.ok(Object.is(plain(actual), plain(expected)), `${at || 'the answer'} is ${brief(actual)}, not ${brief(expected)}`);
}

// collect reads all pages -> an array of pages, each an array of items. A mock
// that says each time that there is more would be read forever.
export async function collect(pages) {
  const all = [];
  for await (const page of pages) {
    assert.ok(Array.isArray(page), `a page is ${brief(page)}, not a list`);
    all.push(page);
    assert.ok(all.length <= MANY_PAGES, `the list has no end after ${MANY_PAGES} pages`);
  }
  return all;
}

export async function fails(call, isExpected, what = 'the error for what is not found') {
  let answer;
  try {
    answer = await call();
  } catch (e) {
    assert.ok(isExpected(e), `fails with ${e?.constructor?.name}: ${brief(e?.message ?? e)}, not with ${what}`);
    return;
  }
  assert.fail(`answers ${brief(answer)}, doesn't fail with ${what}`);
}

// lifecycle checks one resource, of which
//   values(n)      what is sent to create the nth
//   create(v)      answers what was created, as id(x) and shown(v) understand it
//   id(x)          what read, update and remove take
//   shown(v)       what an answer must show of what was sent (all of it)
//   idOnly         create answers an id and nothing else (false)
//   listed(v)      what an item of a list must show (nothing)
//   read(id)
//   update(id, v)  with changed: what is sent then
//   pages(size)    reads the whole list in pages of that size
//   remove(id)
//   gone(error)    is it the SDK's error for what is not found?
// What an API doesn't have is left out, and so are its checks.
export async function lifecycle(check, name, r) {
  const shown = r.shown ?? ((v) => v);
  const sent = [];
  const ids = [];
  const make = async () => {
    const v = r.values(sent.length + 1);
    const x = await r.create(v);
    const id = r.id(x);
    assert.ok(id !== undefined && id !== null && id !== '', `create's answer has no id: ${brief(x)}`);
    sent.push(v);
    ids.push(id);
    return [x, v];
  };
  const need = (n) => assert.ok(ids.length >= n, `needs ${n} that were created; there are ${ids.length}`);

  await check(`${name}: create answers ${r.idOnly ? 'an id' : 'what was sent'}`, async () => {
    const [x, v] = await make();
    if (!r.idOnly) shows(x, shown(v));
  });
  await check(`${name}: read shows what was sent`, async () => {
    need(1);
    const x = await r.read(ids[0]);
    shows(r.id(x), ids[0], 'the id');
    shows(x, shown(sent[0]));
  });
  await check(`${name}: a second create has another id`, async () => {
    need(1);
    await make();
    assert.notDeepEqual(ids[1], ids[0], `both are ${brief(ids[0])}`);
    shows(await r.read(ids[1]), shown(sent[1]));
  });
  if (r.update) {
    await check(`${name}: update shows in read, and the rest stays`, async () => {
      need(1);
      await r.update(ids[0], r.changed);
      sent[0] = { ...sent[0], ...r.changed };
      shows(await r.read(ids[0]), shown(sent[0]));
    });
    await check(`${name}: update leaves the others alone`, async () => {
      need(2);
      shows(await r.read(ids[1]), shown(sent[1]));
    });
  }
  if (r.pages) {
    let pages;
    await check(`${name}: the list has each that was created exactly once`, async () => {
      while (sent.length < COUNT) await make();
      pages = await collect(r.pages(SIZE));
      const items = pages.flat();
      ids.forEach((id, i) => {
        const same = items.filter((x) => isSame(r.id(x), id));
        assert.equal(same.length, 1, `${brief(id)} is there ${same.length} times in ${items.length} items of ${pages.length} pages`);
        if (r.listed) shows(same[0], r.listed(sent[i]), `${brief(id)}`);
      });
    });
    await check(`${name}: its pages are as long as asked for`, async () => {
      assert.ok(pages, 'the list could not be read');
      const lengths = pages.map((p) => p.length);
      // Where the end isn't told, the last page is empty.
      if (lengths.at(-1) === 0) lengths.pop();
      const good = lengths.length >= COUNT / SIZE && lengths.slice(0, -1).every((n) => n === SIZE) && lengths.at(-1) <= SIZE;
      assert.ok(good, `the lengths are ${lengths.join(', ')} for a page size of ${SIZE} and at least ${COUNT} items`);
    });
  }
  if (r.remove) {
    await check(`${name}: delete, then read is not found`, async () => {
      need(1);
      await r.remove(ids[0]);
      await fails(() => r.read(ids[0]), r.gone);
    });
    await check(`${name}: delete leaves the others alone`, async () => {
      need(2);
      shows(await r.read(ids[1]), shown(sent[1]));
    });
    if (r.pages) {
      await check(`${name}: what was deleted is not listed, the others are`, async () => {
        need(2);
        const items = (await collect(r.pages(SIZE))).flat();
        const count = (id) => items.filter((x) => isSame(r.id(x), id)).length;
        assert.equal(count(ids[0]), 0, `${brief(ids[0])} is still listed`);
        for (const id of ids.slice(1)) assert.equal(count(id), 1, `${brief(id)} is there ${count(id)} times`);
      });
    }
  }
  return { ids, sent };
}

function isSame(a, b) {
  return plain(a) === plain(b);
}

function plain(x) {
  return x instanceof Date ? x.toISOString() : x;
}

export function brief(x) {
  const text = (typeof x === 'string' ? x : JSON.stringify(x) ?? String(x)).replace(/\s+/g, ' ');
  return text.length > 160 ? text.slice(0, 160) + '…' : text;
}
