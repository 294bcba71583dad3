"""Collections as a whole: the formats, replacing, patching, copies, comments, tags."""
import copy
import json

from .client import bare, dig
from .documents import V20, collection, difference, names, pets, request, saved, strip, v10
from .workspaces import NOBODY


def case_create_read(t):
    w = t.workspace()
    document = pets()
    made = t.post('/collections', {'collection': document}, query={'workspace': w})
    t.status('create', made, 200)
    c, uid = t.need(made, 'collection', 'id'), t.need(made, 'collection', 'uid')
    t.has('create', made, 'collection', 'name', want='Pets')
    t.equal('the uid is the owner and the id', uid, '%s-%s' % (t.get('/me')['user', 'id'], c))
    read = t.get('/collections/' + c)
    t.status('read by id', read, 200)
    t.equal('read by uid is the same', t.get('/collections/' + uid).json, read.json)
    info = read['collection', 'info']
    for key, want in (('_postman_id', c), ('uid', uid), ('name', 'Pets'), ('description', 'All about pets')):
        t.equal('info.' + key, dig(info, key), want)
    t.ok('info.schema is that of 2.1', 'v2.1.0' in str(dig(info, 'schema')), 'v2.1.0', dig(info, 'schema'))
    items = read['collection', 'item']
    t.equal('the order is kept', names(items), names(document['item']))
    t.equal('all that was sent is there', difference(strip(document['item']), strip(items)), '')
    t.equal('scripts of the collection', difference(strip(document['event']), strip(read['collection', 'event'])), '')
    t.equal('scripts of a folder', dig(items, 0, 'event', 0, 'script', 'exec'), ['console.log("folder");'])
    t.equal('scripts of a request', dig(items, 0, 'item', 0, 'event', 0, 'script', 'exec'), document['item'][0]['item'][0]['event'][0]['script']['exec'])
    t.equal('unknown members of the collection', read['collection', 'x-collection'], {'kept': True})
    t.equal('unknown members of a folder', dig(items, 0, 'x-folder'), {'keep': [1, 2.5, None]})
    t.equal('unknown members of a request', dig(items, 0, 'item', 0, 'x-item'), 'kept')
    t.equal('variables', difference(document['variable'], strip(read['collection', 'variable'])), '')
    t.equal('auth', read['collection', 'auth'], document['auth'])
    t.equal('protocolProfileBehavior', dig(items, 1, 'protocolProfileBehavior'), {'disableBodyPruning': True})
    for where, path in (('a folder', (0,)), ('a request', (0, 'item', 0)), ('a response', (0, 'item', 0, 'response', 0))):
        own = dig(items, *path, 'id')
        t.ok('%s has an id' % where, isinstance(own, str) and own, 'an id', own)
        t.equal('%s has its uid' % where, dig(items, *path, 'uid'), '%s-%s' % (t.get('/me')['user', 'id'], own))
    t.equal('reading twice gives the same ids', t.get('/collections/' + c)['collection', 'item'], items)


def case_formats(t):
    w = t.workspace()
    for version, document, path in (('2.0', V20, '/old'), ('1.0', v10(), '/oldest')):
        made = t.post('/collections', {'collection': document}, query={'workspace': w})
        if not t.status('create %s' % version, made, 200):
            continue
        c = made['collection', 'uid']
        read = t.get('/collections/%s' % c)
        t.ok('%s reads back as 2.1' % version, 'v2.1.0' in str(read['collection', 'info', 'schema']), 'v2.1.0', read['collection', 'info'])
        t.equal('%s has its request' % version, names(read['collection', 'item']), ['List'])
        t.equal('%s has its saved response' % version, dig(read['collection', 'item'], 0, 'response', 0, 'code'), 200)
        _, url = t.mock(w, collection=c)
        answer = t.call(url, path)
        t.equal('a mock of %s answers' % version, (answer.status, dig(answer.json, 'version')), (200, version))
    read = t.get('/collections/' + t.collection(w, V20))
    t.ok('auth of 2.0 becomes a list', isinstance(read['collection', 'auth', 'basic'], list), 'a list', read['collection', 'auth'])


def case_create_refused(t):
    w = t.workspace()
    for name, body in (('nothing', {}), ('no name', {'collection': {'info': {'schema': pets()['info']['schema']}, 'item': []}}),
                       ('no collection but a text', {'collection': 'Pets'}), ('items that are a text', {'collection': {**pets(), 'item': 'none'}}),
                       ('a list', [])):
        t.status(name, t.post('/collections', body, query={'workspace': w}), 400)
    t.status('empty body', t.post('/collections', raw=b'', query={'workspace': w}), 400)
    t.status('broken JSON', t.post('/collections', raw=b'{"collection": {', query={'workspace': w}), 400)
    t.equal('nothing was made', t.get('/collections', query={'workspace': w})['collections'], [])


def case_create_without_workspace(t):
    made = t.post('/collections', {'collection': pets('In the first workspace')})
    if t.status('create without a workspace', made, 200):
        first = next(x['id'] for x in t.get('/workspaces', query={'limit': 100})['workspaces'] if x['name'] == 'My Workspace')
        rows = t.get('/workspaces/' + first)['workspace', 'collections']
        t.ok('it is in the first workspace', any(r.get('uid') == made['collection', 'uid'] for r in rows), made['collection', 'uid'], rows)
        t.delete('/collections/' + made['collection', 'uid'])


def case_same_id_again(t):
    w = t.workspace()
    document = pets()
    document['info']['_postman_id'] = '6a1f3c5e-7b9d-4e2f-8a4b-' + w[-12:]
    first = t.post('/collections', {'collection': document}, query={'workspace': w})
    again = t.post('/collections', {'collection': document}, query={'workspace': w})
    good = again.error_name() == 'instanceFoundError' if again.status == 400 else again['collection', 'id'] != first['collection', 'id']
    t.ok('the same id again is refused, or another one is given', good, '400 instanceFoundError or another id', again.brief())


def case_list(t):
    w = t.workspace()
    uids = [t.collection(w, pets(n)) for n in ('One', 'Two', 'Three', 'Two')]
    rows = t.need(t.get('/collections', query={'workspace': w}), 'collections')
    t.equal('all of a workspace', sorted(r['uid'] for r in rows), sorted(uids))
    t.equal('name, exactly', sorted(r['uid'] for r in t.get('/collections', query={'workspace': w, 'name': 'Two'})['collections']),
            sorted([uids[1], uids[3]]))
    t.equal('a part of a name finds none', t.get('/collections', query={'workspace': w, 'name': 'Tw'})['collections'], [])
    page = t.get('/collections', query={'workspace': w, 'limit': 3, 'offset': 0})
    rest = t.get('/collections', query={'workspace': w, 'limit': 3, 'offset': 3})
    t.equal('limit', len(t.need(page, 'collections')), 3)
    t.equal('offset', len(t.need(rest, 'collections')), 1)
    t.equal('the pages are the whole', sorted(r['uid'] for r in page['collections'] + rest['collections']), sorted(uids))
    for key, want in (('total', 4), ('limit', 3), ('offset', 3)):
        t.has('page', rest, 'meta', key, want=want)
    t.equal('behind the end', t.get('/collections', query={'workspace': w, 'limit': 3, 'offset': 9})['collections'], [])
    none = t.get('/collections', query={'workspace': NOBODY})
    t.equal('an unknown workspace is an empty list', (none.status, none['collections']), (200, []))
    t.ok('without a workspace all are there', set(uids) <= {r['uid'] for r in t.get('/collections')['collections']}, uids)


def case_minimal(t):
    w = t.workspace()
    c = t.collection(w, pets())
    items = t.get('/collections/' + c)['collection', 'item']
    minimal = t.get('/collections/' + c, query={'model': 'minimal'})
    t.equal('root folders', minimal['collection', 'rootLevelFolders'], [items[0].get('uid')])
    t.equal('root requests, in order', minimal['collection', 'rootLevelRequests'], [items[1].get('uid'), items[2].get('uid')])
    t.equal('no items', minimal['collection', 'item'], '<missing>')
    t.has('info', minimal, 'collection', 'info', 'name', want='Pets')


def case_replace(t):
    w = t.workspace()
    c = t.collection(w, pets())
    document = t.need(t.get('/collections/' + c), 'collection')
    done = t.put('/collections/' + c, {'collection': document})
    t.status('put what was read', done, 200)
    t.has('put', done, 'collection', 'uid', want=c)
    again = t.get('/collections/' + c)['collection']
    t.equal('ids are kept', (dig(again, 'item', 0, 'id'), dig(again, 'item', 0, 'item', 0, 'response', 1, 'id')),
            (document['item'][0]['id'], document['item'][0]['item'][0]['response'][1]['id']))
    t.equal('nothing is lost', difference(strip(document), strip(again)), '')
    other = collection('Other', [request('New', 'PUT', '{{baseUrl}}/new')], info={'_postman_id': bare(c)})
    t.status('put another', t.put('/collections/' + c, {'collection': other}), 200)
    read = t.get('/collections/' + c)
    t.equal('the old items are gone', names(read['collection', 'item']), ['New'])
    t.has('the name is new', read, 'collection', 'info', 'name', want='Other')
    t.equal('what is absent is gone', read['collection', 'x-collection'], '<missing>')
    by_id = t.put('/collections/' + bare(c), {'collection': pets('By its id')})
    t.status('put by id, without an id in it', by_id, 200)
    t.has('put by id', t.get('/collections/' + c), 'collection', 'info', 'name', want='By its id')


def case_replace_refused(t):
    w = t.workspace()
    c = t.collection(w, pets())
    wrong = collection('Wrong', [], info={'_postman_id': NOBODY})
    t.error('another id in it', t.put('/collections/' + c, {'collection': wrong}), 400, 'collectionMismatchError')
    t.error('no items and no schema', t.put('/collections/' + c, {'collection': {'info': {'name': 'A'}}}), 400, 'malformedRequestError')
    t.status('nothing', t.put('/collections/' + c, {}), 400)
    t.status('empty body', t.put('/collections/' + c, raw=b''), 400)
    t.status('unknown id', t.put('/collections/' + NOBODY, {'collection': pets()}), 404)
    t.has('nothing of that changed it', t.get('/collections/' + c), 'collection', 'info', 'name', want='Pets')


def case_replace_async(t):
    w = t.workspace()
    c = t.collection(w, pets())
    started = t.put('/collections/' + c, {'collection': pets('Later')}, headers={'Prefer': 'respond-async'})
    t.status('put with Prefer: respond-async', started, 202)
    task = t.need(started, 'task', 'id')
    t.has('the task has begun', started, 'task', 'status')
    ended = t.until(lambda: t.get('/collection-updates-tasks/' + task), lambda a: a['status'] != 'in-progress')
    t.has('the task ends', ended, 'status', want='successful')
    t.has('the task has its id', ended, 'id', want=task)
    t.has('the collection is the new one', t.get('/collections/' + c), 'collection', 'info', 'name', want='Later')
    t.status('nothing, async', t.put('/collections/' + c, {}, headers={'Prefer': 'respond-async'}), 400)
    t.status('unknown id, async', t.put('/collections/' + NOBODY, {'collection': pets()}, headers={'Prefer': 'respond-async'}), 404)
    t.status('unknown task', t.get('/collection-updates-tasks/' + NOBODY), 404)


def case_patch(t):
    w = t.workspace()
    c = t.collection(w, pets())
    before = t.need(t.get('/collections/' + c), 'collection', 'item')
    done = t.patch('/collections/' + c, {'collection': {'info': {'name': 'Patched', 'description': 'Anew'}}})
    t.status('patch info', done, 200)
    t.has('patch', done, 'collection', 'name', want='Patched')
    t.has('patch', done, 'collection', 'description', want='Anew')
    t.status('patch variables', t.patch('/collections/' + c, {'collection': {'variable': [{'key': 'k', 'value': 'v'}]}}), 200)
    auth = {'type': 'apikey', 'apikey': [{'key': 'value', 'value': '{{apiKey}}'}, {'key': 'key', 'value': 'X-Api-Key'}, {'key': 'in', 'value': 'header'}]}
    t.status('patch auth', t.patch('/collections/' + c, {'collection': {'auth': auth}}), 200)
    events = [{'listen': 'test', 'script': {'id': '28dc4f71-73bd-49cb-a6bd-8b41a06a3b36', 'type': 'text/javascript', 'exec': ['pm.test("a");']}}]
    t.status('patch events', t.patch('/collections/' + c, {'collection': {'events': events}}), 200)
    read = t.get('/collections/' + c)
    t.has('read back', read, 'collection', 'info', 'name', want='Patched')
    t.has('read back', read, 'collection', 'info', 'description', want='Anew')
    t.equal('a variable is added, the others stay', [(v.get('key'), v.get('value')) for v in read['collection', 'variable']],
            [('owner', 'from the collection'), ('unused', 'x'), ('k', 'v')])
    t.equal('auth', difference(auth, read['collection', 'auth']), '')
    t.ok('events', ['pm.test("a");'] in [dig(e, 'script', 'exec') for e in read['collection', 'event']], 'the script', read['collection', 'event'])
    t.patch('/collections/' + c, {'collection': {'variable': [{'key': 'owner', 'value': 'updated'}]}})
    t.equal('a variable is updated', [(v.get('key'), v.get('value')) for v in t.get('/collections/' + c)['collection', 'variable']],
            [('owner', 'updated'), ('unused', 'x'), ('k', 'v')])
    t.status('items can not be patched', t.patch('/collections/' + c, {'collection': {'info': {'name': 'x'}, 'item': []}}), 400)
    t.status('a script without an id', t.patch('/collections/' + c, {'collection': {'events': [{'listen': 'test', 'script': {'type': 'text/javascript', 'exec': []}}]}}), 400)
    t.equal('the items are unchanged', strip(read['collection', 'item']), strip(before))
    t.equal('and keep their ids', dig(read.json, 'collection', 'item', 0, 'item', 0, 'id'), dig(before, 0, 'item', 0, 'id'))
    t.equal('unknown members stay', read['collection', 'x-collection'], {'kept': True})
    t.status('nothing', t.patch('/collections/' + c, {}), 400)
    t.error('an empty collection', t.patch('/collections/' + c, {'collection': {}}), 400, 'paramMissingError')
    t.status('empty body', t.patch('/collections/' + c, raw=b''), 400)
    t.error('unknown id', t.patch('/collections/' + NOBODY, {'collection': {'info': {'name': 'A'}}}), 404, 'instanceNotFoundError')


def case_delete(t):
    w = t.workspace()
    c = t.collection(w, pets())
    done = t.delete('/collections/' + c)
    t.status('delete', done, 200)
    t.has('delete', done, 'collection', 'id', want=bare(c))
    t.has('delete', done, 'collection', 'uid', want=c)
    t.error('read it', t.get('/collections/' + c), 400, 'instanceNotFoundError')
    t.error('delete it again', t.delete('/collections/' + c), 404, 'instanceNotFoundError')
    t.equal('it is not listed', t.get('/collections', query={'workspace': w})['collections'], [])
    t.error('read an unknown one', t.get('/collections/' + NOBODY), 400, 'instanceNotFoundError')
    t.error('read an id that is none', t.get('/collections/nothing'), 400, 'instanceNotFoundError')


def case_duplicate(t):
    w, target = t.workspace(), t.workspace()
    c = t.collection(w, pets())
    started = t.post('/collections/%s/duplicates' % c, {'workspace': target, 'suffix': 'Twin'})
    t.status('duplicate', started, 200)
    task = t.need(started, 'task', 'id')
    ended = t.until(lambda: t.get('/collection-duplicate-tasks/' + task), lambda a: a['task', 'status'] != 'processing')
    t.has('the task ends', ended, 'task', 'status', want='completed')
    t.has('the task has its id', ended, 'task', 'id', want=task)
    rows = t.need(t.get('/collections', query={'workspace': target}), 'collections')
    t.equal('there is one copy', len(rows), 1)
    name = dig(rows, 0, 'name')
    t.ok('its name has the suffix', str(name).startswith('Pets') and str(name).endswith('Twin'), 'Pets … Twin', name)
    twin = t.get('/collections/' + rows[0]['uid'])['collection', 'item']
    own = t.get('/collections/' + c)['collection', 'item']
    t.equal('the copy has all', difference(strip(own), strip(twin)), '')
    t.ok('the copy has ids of its own', dig(twin, 0, 'id') != dig(own, 0, 'id'), 'other ids', dig(twin, 0, 'id'))
    t.status('no workspace', t.post('/collections/%s/duplicates' % c, {}), 400)
    t.status('empty body', t.post('/collections/%s/duplicates' % c, raw=b''), 400)
    t.status('unknown task', t.get('/collection-duplicate-tasks/1-' + NOBODY), 404, 400)
    t.status('unknown collection', t.post('/collections/%s/duplicates' % NOBODY, {'workspace': target}), 404, 400)


def case_tags(t):
    w = t.workspace()
    c = t.collection(w, pets())
    path = '/collections/%s/tags' % c
    t.equal('no tags at first', t.get(path)['tags'], [])
    t.equal('as objects', t.put(path, {'tags': [{'slug': 'needs-review'}]})['tags'], [{'slug': 'needs-review'}])
    t.equal('as texts', t.put(path, {'tags': ['test-api', 'other-one']})['tags'], [{'slug': 'test-api'}, {'slug': 'other-one'}])
    t.equal('read back', sorted(x['slug'] for x in t.get(path)['tags']), ['other-one', 'test-api'])
    t.status('a slug that is none', t.put(path, {'tags': [{'slug': 'No Slug'}]}), 400)
    t.status('nothing', t.put(path, {}), 400)
    t.status('unknown collection', t.put('/collections/%s/tags' % NOBODY, {'tags': []}), 404)


def places(t):
    """-> [(what, path of its comments)] of a new collection"""
    w = t.workspace()
    c = t.collection(w, pets())
    items = t.need(t.get('/collections/' + c), 'collection', 'item')
    folder, first = items[0], items[0]['item'][0]
    base = '/collections/%s' % c
    return [('collection', base + '/comments'), ('folder', '%s/folders/%s/comments' % (base, folder['uid'])),
            ('request', '%s/requests/%s/comments' % (base, first['uid'])),
            ('response', '%s/responses/%s/comments' % (base, first['response'][0]['uid']))]


def case_comments(t):
    me = t.get('/me')['user', 'id']
    for what, path in places(t):
        t.equal('no comments on a ' + what, t.get(path)['data'], [])
        made = t.post(path, {'body': 'First on a ' + what})
        t.status('comment on a ' + what, made, 201)
        first, thread = t.need(made, 'data', 'id'), t.need(made, 'data', 'threadId')
        t.has('create', made, 'data', 'body', want='First on a ' + what)
        t.has('create', made, 'data', 'createdBy', want=me)
        reply = t.post(path, {'body': 'Reply', 'threadId': thread})
        t.has('a reply has the thread', reply, 'data', 'threadId', want=thread)
        apart = t.post(path, {'body': 'Apart'})
        t.ok('another comment has another thread', apart['data', 'threadId'] not in (thread, '<missing>'), 'not %s' % thread, apart['data', 'threadId'])
        t.equal('all are listed', sorted(x['body'] for x in t.get(path)['data']), ['Apart', 'First on a ' + what, 'Reply'])
        t.equal('they are open', {x.get('status') for x in t.get(path)['data']}, {'Open'})
        edited = t.put('%s/%s' % (path, first), {'body': 'Edited'})
        t.status('edit', edited, 200)
        t.has('edit', edited, 'data', 'body', want='Edited')
        t.ok('the edit is kept', 'Edited' in [x['body'] for x in t.get(path)['data']])
        t.status('resolve', t.post('/comments-resolutions/%s' % thread), 204)
        t.equal('the thread is resolved, the other open', sorted((x['body'], x.get('status')) for x in t.get(path)['data']),
                [('Apart', 'Open'), ('Edited', 'Resolved'), ('Reply', 'Resolved')])
        t.status('delete the first of a thread', t.delete('%s/%s' % (path, first)), 204)
        t.equal('the whole thread is gone', [x['body'] for x in t.get(path)['data']], ['Apart'])
        t.status('delete it again', t.delete('%s/%s' % (path, first)), 404)
        t.status('edit it', t.put('%s/%s' % (path, first), {'body': 'x'}), 404)
        t.status('empty body', t.post(path, raw=b''), 400)
        t.status('no text', t.post(path, {}), 400)
        t.status('10,001 characters', t.post(path, {'body': 'x' * 10001}), 400)
        t.status('10,000 characters', t.post(path, {'body': 'x' * 10000}), 201)
    t.status('comments on an unknown collection', t.get('/collections/%s/comments' % NOBODY), 404)
    t.status('comment on an unknown collection', t.post('/collections/%s/comments' % NOBODY, {'body': 'x'}), 404)
    t.status('resolve an unknown thread', t.post('/comments-resolutions/999999999'), 404)


def case_transformation(t):
    w = t.workspace()
    c = t.collection(w, pets())
    answer = t.get('/collections/%s/transformations' % c)
    t.status('to OpenAPI', answer, 200)
    text = answer['output']

    try:
        doc = json.loads(text)
    except (TypeError, ValueError):
        doc = {}
    t.ok('the output is JSON of OpenAPI 3', str(doc.get('openapi', '')).startswith('3.'), 'openapi 3', str(text)[:100])
    t.equal('its paths', sorted(doc.get('paths', {})), ['/alive', '/pets', '/pets/{petId}'])
    t.equal('its methods', sorted(m for m in doc.get('paths', {}).get('/pets', {}) if m in ('get', 'post')), ['get', 'post'])
    t.equal('its title', dig(doc, 'info', 'title'), 'Pets')
    yaml = t.get('/collections/%s/transformations' % c, query={'format': 'yaml'})
    t.ok('format=yaml', str(yaml['output']).startswith('openapi:'), 'openapi: …', str(yaml['output'])[:60])
    t.status('by id', t.get('/collections/%s/transformations' % bare(c)), 200)
    t.status('unknown', t.get('/collections/%s/transformations' % NOBODY), 404)


def case_condition(t):
    w = t.workspace()
    c = t.collection(w, pets())
    tag = t.get('/collections/' + c).header('etag')
    if not tag:
        return
    t.status('a put with another tag', t.put('/collections/' + c, {'collection': pets('Late')}, headers={'If-Match': '"no-such-tag"'}), 412)
    t.has('it changed nothing', t.get('/collections/' + c), 'collection', 'info', 'name', want='Pets')
    t.status('a put with the tag', t.put('/collections/' + c, {'collection': pets('In time')}, headers={'If-Match': tag}), 200)
    t.status('a put with the old tag', t.put('/collections/' + c, {'collection': pets('Late')}, headers={'If-Match': tag}), 412)


def case_large(t):
    w = t.workspace()
    items = [request('Request %d' % i, 'GET', '{{baseUrl}}/r/%d' % i, [saved('R %d' % i, 'GET', '{{baseUrl}}/r/%d' % i, 200, {'i': i, 'text': 'x' * 500})])
             for i in range(1500)]
    deep = {'name': 'Bottom', 'item': [copy.deepcopy(items[0])]}
    for i in range(30):
        deep = {'name': 'Level %d' % i, 'item': [deep]}
    c = t.collection(w, collection('Large', items + [deep]))
    read = t.get('/collections/' + c)
    t.equal('1,500 requests come back in order', [i.get('name') for i in read['collection', 'item']][:1500], ['Request %d' % i for i in range(1500)])
    t.equal('30 levels come back', names(read['collection', 'item'])[-1], names([deep])[0])
    _, url = t.mock(w, collection=c)
    answer = t.call(url, '/r/1234')
    t.equal('its mock answers', (answer.status, dig(answer.json, 'i')), (200, 1234))
