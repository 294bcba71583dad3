"""/me, workspaces with their tags and global variables."""
import re
import time
import uuid

from .client import bare
from . import documents

UUID = r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
NOBODY = '00000000-0000-4000-8000-000000000000'


def case_me(t):
    me = t.get('/me')
    t.status('me', me, 200)
    user = me['user', 'id']
    t.ok('the user is a number', isinstance(user, int) and not isinstance(user, bool), 'a number', user)
    t.equal('one team, id 1', me['user', 'teamId'], 1)
    t.ok('roles is a list', isinstance(me['user', 'roles'], list), 'a list', me['user', 'roles'])
    t.equal('the user stays the same', t.get('/me')['user', 'id'], user)
    w = t.workspace()
    t.equal('the user owns what it makes', t.get('/workspaces/' + w)['workspace', 'createdBy'], str(user))


def case_first_workspace(t):
    names = [w['name'] for w in t.need(t.get('/workspaces'), 'workspaces')]
    t.ok('"My Workspace" exists', 'My Workspace' in names, 'My Workspace', names)


def case_create_read(t):
    made = t.post('/workspaces', {'workspace': {'name': 'Crew', 'type': 'team', 'description': 'Long text', 'about': 'Short text'}})
    t.status('create', made, 200)
    w = t.need(made, 'workspace', 'id')
    t.ok('the id is a UUID', re.fullmatch(UUID, w), 'a UUID', w)
    t.has('create', made, 'workspace', 'name', want='Crew')
    read = t.get('/workspaces/' + w)
    t.status('read', read, 200)
    for key, want in (('id', w), ('name', 'Crew'), ('type', 'team'), ('visibility', 'team'), ('description', 'Long text'), ('about', 'Short text')):
        t.has('read', read, 'workspace', key, want=want)
    for kind in ('collections', 'environments', 'mocks'):
        t.equal('a new workspace has no ' + kind, read['workspace', kind], [])
    t.ok('times have a zone', str(read['workspace', 'createdAt']).endswith('Z'), '…Z', read['workspace', 'createdAt'])


def case_create_refused(t):
    t.error('no workspace', t.post('/workspaces', {}), 400, 'malformedRequestError')
    t.status('no name', t.post('/workspaces', {'workspace': {'type': 'team'}}), 400)
    t.status('unknown type', t.post('/workspaces', {'workspace': {'name': 'A', 'type': 'galaxy'}}), 400)
    t.status('a name that is no text', t.post('/workspaces', {'workspace': {'name': 5, 'type': 'team'}}), 400)
    t.status('empty body', t.post('/workspaces', raw=b''), 400)
    t.status('broken JSON', t.post('/workspaces', raw=b'{"workspace":'), 400)
    t.status('a list', t.post('/workspaces', []), 400)


def case_types(t):
    for kind in ('personal', 'private', 'public', 'partner'):
        made = t.post('/workspaces', {'workspace': {'name': '%s %s' % (kind, uuid.uuid4()), 'type': kind}})
        if t.status('create a %s workspace' % kind, made, 200):
            t.has('visibility', t.get('/workspaces/' + made['workspace', 'id']), 'workspace', 'visibility', want=kind)


def listed(answer):
    rows = answer['workspaces']
    return [w.get('id') for w in rows] if isinstance(rows, list) else []


def case_list(t):
    w = t.workspace('Listed', about='In a list')
    p = t.need(t.post('/workspaces', {'workspace': {'name': 'Private one', 'type': 'private'}}), 'workspace', 'id')
    every = t.get('/workspaces')
    t.status('list', every, 200)
    rows = [r for r in every['workspaces'] if r['id'] == w]
    t.equal('a new workspace is listed once', len(rows), 1)
    t.equal('the list has its name and about', [(r.get('name'), r.get('about')) for r in rows], [('Listed', 'In a list')])
    t.ok('type=team has it', w in listed(t.get('/workspaces', query={'type': 'team'})))
    t.ok('type=private has the private one', p in listed(t.get('/workspaces', query={'type': 'private'})))
    t.ok('type=private has not the other', w not in listed(t.get('/workspaces', query={'type': 'private'})))
    t.status('type=galaxy', t.get('/workspaces', query={'type': 'galaxy'}), 400)
    me = t.get('/me')['user', 'id']
    t.ok('createdBy=me has it', w in listed(t.get('/workspaces', query={'createdBy': me})))
    t.equal('createdBy=somebody else has none', t.get('/workspaces', query={'createdBy': 999999999})['workspaces'], [])
    t.ok('createdBy takes a list', w in listed(t.get('/workspaces', query={'createdBy': '999999999,%s' % me})))


def case_list_pages(t):
    for _ in range(3):
        t.workspace()
    whole = listed(t.get('/workspaces', query={'limit': 100}))
    seen, cursor, pages = [], None, 0
    while pages < 200:
        page = t.get('/workspaces', query={'limit': 2, **({'cursor': cursor} if cursor else {})})
        pages += 1
        t.ok('at most 2 rows with limit=2', len(listed(page)) <= 2, 2, len(listed(page))) if pages == 1 else None
        seen += listed(page)
        cursor = page['meta', 'nextCursor']
        if not isinstance(cursor, str) or not cursor:
            break
    t.ok('the pages together are the whole list', len(whole) >= 100 or sorted(seen) == sorted(whole), len(whole), len(seen))
    t.equal('no workspace comes twice', len(seen), len(set(seen)))
    t.status('limit=101', t.get('/workspaces', query={'limit': 101}), 400)
    t.status('limit=0', t.get('/workspaces', query={'limit': 0}), 400)
    t.status('limit=x', t.get('/workspaces', query={'limit': 'x'}), 400)


def case_list_by_element(t):
    w = t.workspace()
    c = t.collection(w, documents.pets())
    s = t.spec(w, {'index.json': '{"openapi":"3.0.0","info":{"title":"a","version":"1"},"paths":{}}'})
    t.equal('by collection', listed(t.get('/workspaces', query={'elementType': 'collection', 'elementId': c})), [w])
    t.equal('by specification', listed(t.get('/workspaces', query={'elementType': 'specification', 'elementId': s})), [w])
    t.status('elementType without elementId', t.get('/workspaces', query={'elementType': 'collection'}), 400)
    t.status('unknown elementType', t.get('/workspaces', query={'elementType': 'cow', 'elementId': c}), 400)


def case_update(t):
    w = t.workspace('Before', description='stays', about='stays too')
    done = t.put('/workspaces/' + w, {'workspace': {'name': 'After'}})
    t.status('rename', done, 200)
    t.has('rename', done, 'workspace', 'id', want=w)
    t.has('rename', done, 'workspace', 'name', want='After')
    read = t.get('/workspaces/' + w)
    t.has('rename', read, 'workspace', 'name', want='After')
    t.has('what is absent is unchanged', read, 'workspace', 'description', want='stays')
    t.has('what is absent is unchanged', read, 'workspace', 'about', want='stays too')
    t.status('new type', t.put('/workspaces/' + w, {'workspace': {'type': 'private'}}), 200)
    t.has('new type', t.get('/workspaces/' + w), 'workspace', 'visibility', want='private')
    t.error('no workspace', t.put('/workspaces/' + w, {}), 400, 'malformedRequestError')
    t.status('empty body', t.put('/workspaces/' + w, raw=b''), 400)
    t.status('unknown type', t.put('/workspaces/' + w, {'workspace': {'type': 'galaxy'}}), 400)
    t.error('unknown id', t.put('/workspaces/' + NOBODY, {'workspace': {'name': 'A'}}), 404, 'instanceNotFoundError')
    t.has('nothing of that changed it', t.get('/workspaces/' + w), 'workspace', 'name', want='After')


def case_contents(t):
    w = t.workspace()
    c = t.collection(w, documents.pets('In here'))
    e = t.environment(w, {'a': 'b'}, name='Env here')
    m, _ = t.mock(w, collection=c, name='Mock here', environment=e)
    s = t.spec(w, {'index.json': '{"openapi":"3.0.0","info":{"title":"a","version":"1"},"paths":{}}'}, name='Spec here')
    read = t.get('/workspaces/' + w)
    t.equal('collections', [(x.get('name'), x.get('uid'), x.get('id')) for x in read['workspace', 'collections']], [('In here', c, bare(c))])
    t.equal('environments', [(x.get('name'), x.get('uid')) for x in read['workspace', 'environments']], [('Env here', e)])
    t.equal('mocks', [(x.get('name'), x.get('id'), x.get('deactivated')) for x in read['workspace', 'mocks']], [('Mock here', m, False)])
    t.equal('specs', [(x.get('name'), x.get('id')) for x in read['workspace', 'specs']], [('Spec here', s)])
    t.delete('/collections/' + c)
    t.equal('a deactivated mock is left out', t.get('/workspaces/' + w)['workspace', 'mocks'], [])
    withall = t.get('/workspaces/' + w, query={'include': 'mocks:deactivated'})
    t.equal('include=mocks:deactivated has it', [(x.get('id'), x.get('deactivated')) for x in withall['workspace', 'mocks']], [(m, True)])


def case_delete(t):
    w = t.workspace()
    c = t.collection(w, documents.pets())
    _, url = t.mock(w, collection=c)
    t.equal('the mock answers', t.call(url, '/alive').status, 200)
    done = t.delete('/workspaces/' + w)
    t.status('delete', done, 200)
    t.has('delete', done, 'workspace', 'id', want=w)
    t.error('read a deleted workspace', t.get('/workspaces/' + w), 404, 'workspaceNotFoundError')
    t.ok('it is not listed', w not in listed(t.get('/workspaces')))
    t.error('delete it again', t.delete('/workspaces/' + w), 400, 'instanceNotFoundError')
    t.error('its collection is gone', t.get('/collections/' + c), 400, 'instanceNotFoundError')
    t.ok('its mock is gone', t.call(url, '/alive').status in (403, 404), '403 or 404', t.call(url, '/alive').brief())


def case_not_found(t):
    t.error('read', t.get('/workspaces/' + NOBODY), 404, 'workspaceNotFoundError')
    t.error('read an id that is none', t.get('/workspaces/nothing'), 404, 'workspaceNotFoundError')
    t.error('delete', t.delete('/workspaces/' + NOBODY), 400, 'instanceNotFoundError')


def case_tags(t):
    w = t.workspace()
    path = '/workspaces/%s/tags' % w
    t.equal('no tags at first', t.get(path)['tags'], [])
    put = t.put(path, {'tags': [{'slug': 'needs-review'}, {'slug': 'test-api'}]})
    t.status('put tags', put, 200)
    t.equal('read back', sorted(x['slug'] for x in t.get(path)['tags']), ['needs-review', 'test-api'])
    t.equal('as texts', t.put(path, {'tags': ['only-one']})['tags'], [{'slug': 'only-one'}])
    t.equal('the old ones are replaced', t.get(path)['tags'], [{'slug': 'only-one'}])
    for bad in ('A!', 'x', '1abc', 'abc-', 'a' * 65):
        t.status('slug %s' % bad[:8], t.put(path, {'tags': [{'slug': bad}]}), 400)
    t.status('no tags', t.put(path, {}), 400)
    t.equal('nothing of that changed them', t.get(path)['tags'], [{'slug': 'only-one'}])
    t.equal('none again', t.put(path, {'tags': []})['tags'], [])
    t.status('unknown workspace', t.get('/workspaces/%s/tags' % NOBODY), 404)


def case_tagged(t):
    w = t.workspace()
    c = t.collection(w, documents.pets())
    slug = 'found-' + w[:8].replace('-', 'x') + 'z'
    t.put('/workspaces/%s/tags' % w, {'tags': [{'slug': slug}]})
    time.sleep(0.02)
    t.put('/collections/%s/tags' % c, {'tags': [{'slug': slug}]})
    path = '/tags/%s/entities' % slug
    both = t.get(path)
    t.equal('both are found', sorted((e['entityType'], bare(e['entityId'])) for e in t.need(both, 'data', 'entities')),
            [('collection', bare(c)), ('workspace', w)])
    t.has('the count', both, 'meta', 'count', want=2)
    only = t.get(path, query={'entityType': 'workspace'})
    t.equal('entityType=workspace', [e['entityType'] for e in t.need(only, 'data', 'entities')], ['workspace'])
    first = t.get(path, query={'limit': 1, 'direction': 'asc'})
    t.equal('limit=1, asc: the first that was tagged', [e['entityType'] for e in t.need(first, 'data', 'entities')], ['workspace'])
    more = t.get(path, query={'limit': 1, 'direction': 'asc', 'cursor': first['meta', 'nextCursor']})
    t.equal('the cursor leads on', [e['entityType'] for e in t.need(more, 'data', 'entities')], ['collection'])
    t.status('limit=51', t.get(path, query={'limit': 51}), 400)
    t.status('a slug that is none', t.get('/tags/A!/entities'), 400)
    t.status('unknown slug', t.get('/tags/nobody-has-this/entities'), 404)


def case_global_variables(t):
    w = t.workspace()
    path = '/workspaces/%s/global-variables' % w
    t.equal('none at first', t.get(path)['values'], [])
    values = [{'key': 'host', 'type': 'default', 'value': 'http://a', 'enabled': True, 'description': 'Where'},
              {'key': 'secret', 'type': 'secret', 'value': 's', 'enabled': False}]
    t.status('put', t.put(path, {'values': values}), 200)
    t.equal('read back', documents.difference(values, t.get(path)['values']), '')
    t.status('put others', t.put(path, {'values': values[:1]}), 200)
    t.equal('the old ones are replaced', [v['key'] for v in t.get(path)['values']], ['host'])
    c = t.collection(w, documents.collection('Globals', [documents.request('G', 'GET', '{{baseUrl}}/g', [
        documents.saved('G', 'GET', '{{baseUrl}}/g', 200, '{"g":"{{host}}"}')])]))
    _, url = t.mock(w, collection=c)
    t.equal('mocks know no global variables', t.call(url, '/g').text, '{"g":"{{host}}"}')
    other = t.workspace()
    t.equal('another workspace has none', t.get('/workspaces/%s/global-variables' % other)['values'], [])
