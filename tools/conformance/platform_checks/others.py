"""Search, what Postman's client asks beside the description, errors, safety."""
import concurrent.futures
import json

from .client import PREFIX, bare, dig, exchange
from .documents import OPENAPI, collection, pets
from .workspaces import NOBODY

# Operations of the description that a mock server has no use for.
NOT_OFFERED = (
    ('GET', '/accounts'), ('GET', '/analytics'), ('GET', '/analytics-metadata'), ('GET', '/audit/logs'), ('GET', '/audit-actions'),
    ('GET', '/components'), ('POST', '/components'), ('GET', '/components/x/versions'), ('POST', '/detected-secrets-queries'),
    ('GET', '/groups'), ('GET', '/monitors'), ('POST', '/monitors'), ('GET', '/monitors/x'), ('DELETE', '/monitors/x'), ('POST', '/monitors/x/run'),
    ('GET', '/network/private'), ('POST', '/oauth2/token'), ('GET', '/packages'), ('POST', '/packages'), ('DELETE', '/packages/x'),
    ('GET', '/sdks'), ('POST', '/sdks'), ('GET', '/secret-types'), ('POST', '/security/api-validation'), ('GET', '/runners/x/metrics'),
    ('POST', '/service-account-tokens'), ('POST', '/webhooks'), ('GET', '/api-catalog/services'), ('GET', '/api-catalog/system-environments'),
    ('POST', '/context-graph/asks'), ('GET', '/monitors/x/executions'), ('POST', '/postbot/generations/tool'))


def search(t, query=None, **body):
    return t.post('/search', body, query=query)


def case_search(t):
    w = t.workspace()
    word = 'quokka' + w[:6].replace('-', '')
    c = t.collection(w, pets('All about %s' % word))
    e = t.environment(w, {'a': 'b'}, name='Env of %s' % word)
    s = t.spec(w, {'index.json': json.dumps(OPENAPI)}, name='Spec of %s' % word)
    t.put('/workspaces/' + w, {'workspace': {'name': 'Home of %s' % word}})
    for kind, want in (('collections', c), ('environments', e), ('specs', s), ('workspaces', w)):
        found = search(t, q=word, elementType=kind)
        t.status('search ' + kind, found, 200)
        t.equal('found ' + kind, [bare(x.get('id')) for x in t.need(found, 'data')], [bare(want)])
        t.has('search', found, 'meta', 'total', want=1)
    mine = {'$and': [{'workspaceId': {'$eq': w}}]}
    requests = search(t, elementType='requests', filters=mine)
    t.equal('all requests of a workspace', sorted(x['name'] for x in t.need(requests, 'data')), ['Add a pet', 'Alive', 'Get a pet', 'List pets', 'Ünïcödé ☃'])
    posts = search(t, elementType='requests', filters={'$and': [{'workspaceId': {'$eq': w}}, {'method': {'$eq': 'POST'}}]})
    t.equal('by method', [(x['name'], x['method']) for x in t.need(posts, 'data')], [('Add a pet', 'POST')])
    others = search(t, elementType='requests', filters={'$and': [{'workspaceId': {'$eq': w}}, {'method': {'$nin': ['GET', 'DELETE']}}]})
    t.equal('by methods that are not', [x['name'] for x in t.need(others, 'data')], ['Add a pet'])
    row = dig(posts.json, 'data', 0)
    t.equal('a request names its collection and workspace', (bare(dig(row, 'collection', 'id')), dig(row, 'workspace', 'id')), (bare(c), w))
    t.equal('in any case of letters', len(search(t, q=word.upper(), elementType='collections')['data']), 1)
    nothing = search(t, q='nothinghasthisname', elementType='collections')
    t.equal('nothing found', (nothing['data'], nothing['meta', 'total']), ([], 0))
    seen, cursor = [], None
    for _ in range(10):
        page = search(t, {'limit': 2, **({'cursor': cursor} if cursor else {})}, elementType='requests', filters=mine)
        seen += [x['name'] for x in t.need(page, 'data')]
        cursor = page['meta', 'nextCursor']
        if not isinstance(cursor, str) or not cursor:
            break
    t.equal('the pages are the whole, nothing twice', (len(seen), len(set(seen))), (5, 5))
    first = search(t, {'limit': 2}, elementType='requests', filters=mine)
    by_other_name = search(t, {'limit': 2, 'nextCursor': first['meta', 'nextCursor']}, elementType='requests', filters=mine)
    t.ok('the cursor as nextCursor, too', [x['name'] for x in t.need(by_other_name, 'data')] == seen[2:4], seen[2:4], by_other_name.brief())
    t.status('no elementType', search(t, q=word), 400)
    t.status('an unknown elementType', search(t, q=word, elementType='cows'), 400)
    t.status('an unknown ownership', search(t, q=word, elementType='requests', ownership='mine'), 400)
    t.status('limit=26', search(t, {'limit': 26}, elementType='requests'), 400)
    t.status('limit=0', search(t, {'limit': 0}, elementType='requests'), 400)
    t.status('empty body', t.post('/search', raw=b''), 400)
    t.delete('/collections/' + c)
    t.equal('what is deleted is not found', search(t, q=word, elementType='collections')['data'], [])


def case_collection_runs(t):
    w = t.workspace()
    c = t.collection(w, pets())
    run = t.post('/collectionruns', {'collectionRun': {'collection': c, 'name': 'Pets', 'status': 'finished', 'executions': []}})
    t.ok('a run is taken', 200 <= run.status < 300, '2xx', run.brief())


def case_context(t):
    w = t.workspace('Context place')
    c = t.collection(w, pets())
    e = t.environment(w, {'host': 'http://a'}, name='Context env')
    items = t.need(t.get('/collections/' + c), 'collection', 'item')
    folder, first = items[0], items[0]['item'][0]
    for path, word in (('/context/instructions', None), ('/context/instructions/discovery', None), ('/context/instructions/code-generation', None), ('/context/instructions/maintenance', None),
                       ('/context/workspaces?name=Context+place', 'Context place'), ('/context/workspaces/' + w, 'Pets'), ('/context/workspaces/%s/environments' % w, 'Context env'), ('/context/environments/' + e, 'host'),
                       ('/context/collections/' + c, 'List pets'), ('/context/collections/%s/folders/%s' % (c, folder['uid']), 'List pets'),
                       ('/context/collections/%s/requests/%s' % (c, first['uid']), 'List pets'), ('/context/collections/%s/requests/%s/context' % (c, first['uid']), 'List pets'),
                       ('/context/collections/%s/requests/%s/responses/%s' % (c, first['uid'], first['response'][0]['uid']), 'All pets')):
        answer = t.get(path)
        kind = path.replace(c, '{c}').replace(w, '{w}').replace(e, '{e}').replace(folder['uid'], '{f}').replace(first['uid'], '{r}').replace(first['response'][0]['uid'], '{s}')
        t.ok('GET ' + kind, answer.status == 200 and (word or '') in answer.text and answer.text.strip(), '200 with %s' % (word or 'a text'), answer.brief())
    for path in ('/context/workspaces/' + NOBODY, '/context/collections/' + NOBODY, '/context/environments/' + NOBODY, '/context/collections/%s/requests/%s' % (c, NOBODY)):
        answer = t.get(path)
        t.ok('GET %s, unknown' % path.split('/')[2], answer.status in (400, 404), '404', answer.brief())


def case_not_offered(t):
    for method, path in NOT_OFFERED:
        answer = t.send(method, path, {} if method == 'POST' else None)
        t.status('not offered', answer, 501)
        t.ok('%s %s says so' % (method, path), answer.error_name() != '<missing>', 'an error', answer.brief())


def case_unknown_routes(t):
    for method, path in (('GET', '/nothing'), ('POST', '/nothing/at/all'), ('GET', '/collections/a/b/c/d'), ('GET', '/'), ('GET', '')):
        answer = t.send(method, path, {} if method == 'POST' else None)
        t.status('an unknown route', answer, 404)
        t.ok('%s %s: JSON' % (method, path), answer.json is not None, 'JSON', answer.brief())
    for method, path in (('DELETE', '/me'), ('PUT', '/workspaces'), ('PATCH', '/mocks/' + NOBODY)):
        answer = t.send(method, path, {})
        t.status('a method that is not there', answer, 404, 405)
        t.ok('%s %s: JSON' % (method, path), answer.json is not None, 'JSON', answer.brief())


def case_bodies(t):
    for method, path in (('POST', '/workspaces'), ('POST', '/collections'), ('POST', '/environments'), ('POST', '/mocks'), ('POST', '/specs'), ('POST', '/search'), ('POST', '/import/openapi'),
                         ('PUT', '/collections/' + NOBODY), ('PUT', '/mocks/' + NOBODY), ('PUT', '/environments/' + NOBODY)):
        for what, raw in (('empty', b''), ('broken', b'{"a":'), ('a number', b'5'), ('two values', b'{} {}'), ('no UTF-8', b'"\xff\xfe')):
            answer = t.send(method, path, raw=raw)
            wanted = (400, 404) if NOBODY in path else (400,)
            t.status('%s body' % what, answer, *wanted)
    deep = b'[' * 100_000 + b']' * 100_000
    t.status('a body too deep', t.post('/collections', raw=deep), 400, 413)


def case_keys(t):
    """Only where a key is needed."""
    if not t.key or t.loopback_is_open:
        return
    for path in ('/me', '/workspaces', '/collections', '/mocks', '/environments', '/specs?workspaceId=a'):
        t.status('no key', t.get(path, key=False), 401)
        t.status('a wrong key', t.get(path, key=False, headers={'x-api-key': 'wrong'}), 401)
    t.status('the key as a bearer', t.get('/me', key=False, headers={'Authorization': 'Bearer ' + t.key}), 200)
    t.status('no key for a write', t.post('/workspaces', {'workspace': {'name': 'A', 'type': 'team'}}, key=False), 401)


def make_key(t, scope, **more):
    made = t.post('/keys', {'key': {'name': t.name(scope), 'scope': scope, **more}})
    return t.need(made, 'key', 'id'), t.as_key(t.need(made, 'key', 'key'))


def case_scopes(t):
    if not t.key:
        return
    w = t.workspace()
    c = t.collection(w, pets())
    m, url = t.mock(w, collection=c, private=True)
    body = {'workspace': {'name': 'By a scope', 'type': 'team'}}
    _, viewer = make_key(t, 'view')
    t.status('view may read', viewer.get('/collections/' + c), 200)
    for name, answer in (('create', viewer.post('/workspaces', body)), ('patch', viewer.patch('/collections/' + c, {'collection': {'info': {'name': 'x'}}})),
                         ('delete', viewer.delete('/mocks/' + m)), ('make keys', viewer.post('/keys', {'key': {'name': 'A', 'scope': 'admin'}}))):
        t.status('view may not %s' % name, answer, 403)
    _, editor = make_key(t, 'edit')
    made = editor.post('/workspaces', body)
    t.status('edit may create', made, 200)
    t.status('edit may not make keys', editor.post('/keys', {'key': {'name': 'A', 'scope': 'view'}}), 403)
    _, caller = make_key(t, 'call')
    t.status('call may not read', caller.get('/collections/' + c), 403)
    t.equal('call may call', t.call(url, '/alive', headers={'x-api-key': caller.key}).status, 200)
    t.status('nothing of that changed it', t.get('/mocks/' + m), 200)


def case_key_of_a_workspace(t):
    if not t.key:
        return
    w, other = t.workspace(), t.workspace()
    inside, outside = t.collection(w, pets('Inside')), t.collection(other, pets('Outside'))
    m, url = t.mock(w, collection=inside, private=True)
    m2, url2 = t.mock(other, collection=outside, private=True)
    _, own = make_key(t, 'edit', workspace=w)
    t.equal('lists show what the key can see: workspaces', [x['id'] for x in own.need(own.get('/workspaces'), 'workspaces')], [w])
    t.equal('collections', [x['uid'] for x in own.need(own.get('/collections'), 'collections')], [inside])
    t.equal('mocks', [x['id'] for x in own.need(own.get('/mocks'), 'mocks')], [m])
    t.ok('another collection is out of reach', own.get('/collections/' + outside).status in (400, 403, 404), '400, 403 or 404', own.get('/collections/' + outside).brief())
    t.ok('and can not be changed', own.put('/collections/' + outside, {'collection': pets('Hacked')}).status in (403, 404), '403 or 404')
    t.ok('nor deleted', own.delete('/collections/' + outside).status in (403, 404), '403 or 404')
    t.ok('another mock can not be published', own.post('/mocks/%s/publish' % m2).status in (403, 404), '403 or 404')
    found = own.post('/search', {'q': 'Outside', 'elementType': 'collections'})
    t.equal('search does not find it', found['data'], [])
    t.ok('nor does the context', 'Outside' not in own.get('/context/collections/' + outside).text)
    mocked = own.post('/mocks', {'mock': {'name': 'Thief', 'collection': outside}}, query={'workspace': w})
    t.ok('it can not be mocked', mocked.status in (400, 403, 404), 'a refusal', mocked.brief())
    copied = own.post('/collections/%s/duplicates' % outside, {'workspace': w})
    t.ok('nor copied', copied.status in (400, 403, 404), 'a refusal', copied.brief())
    moved = own.post('/collection-requests-transfers', {'ids': [t.get('/collections/' + outside)['collection', 'item', 1, 'uid']], 'mode': 'copy',
                                                        'target': {'model': 'collection', 'id': inside}, 'location': {'position': 'end', 'id': None, 'model': None}})
    t.ok('nor can a part of it be copied', moved.status in (400, 403, 404), 'a refusal', moved.brief())
    t.equal('it calls its own mock', t.call(url, '/alive', headers={'x-api-key': own.key}).status, 200)
    t.equal('and no other', t.call(url2, '/alive', headers={'x-api-key': own.key}).status, 401)
    t.equal('nothing of that changed it', t.get('/collections/' + outside)['collection', 'info', 'name'], 'Outside')


def case_key_renewed(t):
    if not t.key:
        return
    key_id, old = make_key(t, 'edit')
    user = old.need(old.get('/me'), 'user', 'id')
    t.ok('each key has a user of its own', user != t.get('/me')['user', 'id'], 'another user', user)
    made = t.post('/keys/%s/renew' % key_id)
    renewed = t.as_key(t.need(made, 'key', 'key'))
    t.equal('the user is the same when the key is renewed', renewed.get('/me')['user', 'id'], user)
    t.status('the old key has ended', old.get('/me'), 401)
    t.status('revoke', t.delete('/keys/%s' % t.need(made, 'key', 'id')), 204)
    t.status('a revoked key', renewed.get('/me'), 401)


def case_transfer_of_elements(t):
    a, b = t.workspace(), t.workspace()
    c, e = t.collection(a, pets()), t.environment(a, {'x': 'y'})
    for kind, own, rows in (('collection', c, 'collections'), ('environment', bare(e), 'environments')):
        done = t.post('/workspaces/%s/element-transfers' % a, {'id': own, 'type': kind, 'to': b})
        t.status('move a %s' % kind, done, 200)
        t.has('the answer', done, 'workspace', 'element-transfers', 'to', want=b)
        t.has('the answer', done, 'workspace', 'element-transfers', 'from', want=a)
        there = [bare(x.get('uid')) for x in t.get('/workspaces/' + b)['workspace', rows]]
        t.equal('it is there', there, [bare(own)])
        t.equal('and no longer here', t.get('/workspaces/' + a)['workspace', rows], [])
    t.status('no id', t.post('/workspaces/%s/element-transfers' % a, {'type': 'collection', 'to': b}), 400)
    t.status('an unknown type', t.post('/workspaces/%s/element-transfers' % a, {'id': c, 'type': 'cow', 'to': b}), 400)
    t.status('an unknown target', t.post('/workspaces/%s/element-transfers' % b, {'id': c, 'type': 'collection', 'to': NOBODY}), 400, 404)


def case_at_once(t):
    """Many clients at the same time: nothing is lost, nobody is told to wait."""
    w = t.workspace()
    c = t.collection(w, collection('Busy', []))
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda i: t.post('/collections/%s/requests' % bare(c), {'name': 'R %d' % i, 'method': 'GET', 'url': '{{baseUrl}}/r/%d' % i}), range(64)))
        t.equal('64 requests into one collection', sorted({a.status for a in made}), [200])
        own = [i.get('name') for i in t.get('/collections/' + c)['collection', 'item']]
        t.equal('all are there', sorted(own), sorted('R %d' % i for i in range(64)))
        envs = list(pool.map(lambda i: t.post('/environments', {'environment': {'name': 'E %d' % i, 'values': []}}, query={'workspace': w}), range(64)))
        t.equal('64 environments', sorted({a.status for a in envs}), [200])
        t.equal('all are there, each once', sorted(e['name'] for e in t.get('/environments', query={'workspace': w})['environments']), sorted('E %d' % i for i in range(64)))
        e = envs[0]['environment', 'uid']
        patched = list(pool.map(lambda i: t.patch('/environments/' + e, [{'op': 'add', 'path': '/values/-', 'value': {'key': 'v%d' % i, 'value': '', 'type': 'default', 'enabled': True}}]), range(32)))
        t.equal('32 patches of one environment', sorted({a.status for a in patched}), [200])
        t.equal('none is lost', len(t.get('/environments/' + e)['environment', 'values']), 32)
        m, url = t.mock(w, collection=t.collection(w, pets()))
        calls = list(pool.map(lambda i: t.call(url, '/alive?i=%d' % i), range(200)))
        t.equal('200 calls', sorted({a.status for a in calls}), [200])
    seen, cursor = set(), None
    t.until(lambda: t.get('/mocks/%s/call-logs' % m), lambda a: len(a['call-logs']) >= 100)
    for _ in range(5):
        page = t.get('/mocks/%s/call-logs' % m, query={'cursor': cursor} if cursor else {})
        seen |= {r['id'] for r in page['call-logs']}
        cursor = page['meta', 'nextCursor']
        if not isinstance(cursor, str) or not cursor:
            break
    t.equal('each call is in the log', len(seen), 200)


def case_safety(t):
    """Only where no key is needed: what looks like loopback but is not."""
    if not t.loopback_is_open:
        return
    host = t.base.split('//')[1]
    body = json.dumps({'workspace': {'name': 'Foreign', 'type': 'team'}}).encode()
    for name, headers in (('a foreign Host', {'Host': 'evil.example'}), ('a foreign Origin', {'Origin': 'https://evil.example'}), ('X-Forwarded-For', {'X-Forwarded-For': '1.2.3.4'}),
                          ('X-Forwarded-Host', {'X-Forwarded-Host': 'a'}), ('Forwarded', {'Forwarded': 'for=1.2.3.4'})):
        for method, path, data in (('GET', '/me', None), ('POST', '/workspaces', body)):
            h = {'Host': host, **({'Content-Type': 'application/json'} if data else {}), **headers}
            answer = exchange(t.base, method, PREFIX + path, h, data)
            t.ok('%s %s with %s is refused' % (method, path, name), answer.status in (401, 403, 421), '401, 403 or 421', answer.brief())
    for kind in ('text/plain', 'application/x-www-form-urlencoded', ''):
        answer = exchange(t.base, 'POST', PREFIX + '/workspaces', {'Host': host, **({'Content-Type': kind} if kind else {})}, body)
        t.ok('a write as %s is refused' % (kind or 'nothing'), answer.status in (400, 403, 415), '403 or 415', answer.brief())
    for name in ('localhost', '127.0.0.1'):
        port = host.split(':')[1]
        answer = exchange(t.base, 'GET', PREFIX + '/me', {'Host': '%s:%s' % (name, port)}, None)
        t.equal('Host: %s is ours' % name, answer.status, 200)
