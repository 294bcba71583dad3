"""Folders, requests and saved responses one by one, and moving them about."""
from .client import bare, dig
from .documents import collection, names, pets, request, saved, strip, difference
from .workspaces import NOBODY


def tree(t, c):
    """The tree of names of a collection."""
    return names(t.need(t.get('/collections/' + c), 'collection', 'item'))


def items(t, c):
    return t.need(t.get('/collections/' + c), 'collection', 'item')


def envelope(t, name, answer, model, *actions):
    t.status(name, answer, 200)
    t.has(name, answer, 'meta', 'model', want=model)
    t.ok('%s: the action is %s' % (name, ' or '.join(actions)), answer['meta', 'action'] in actions, actions, answer['meta', 'action'])
    t.ok('%s: model_id is the id' % name, answer['model_id'] == answer['data', 'id'], answer['data', 'id'], answer['model_id'])


def case_folder(t):
    c = t.collection(t.workspace(), collection('Folders', []))
    path = '/collections/%s/folders' % bare(c)
    made = t.post(path, {'name': 'Outer', 'description': 'Holds all'})
    envelope(t, 'create', made, 'folder', 'import', 'create')
    outer = t.need(made, 'data', 'id')
    for key, want in (('name', 'Outer'), ('description', 'Holds all'), ('folder', None), ('order', []), ('folders_order', []), ('collection', bare(c)),
                      ('owner', str(t.get('/me')['user', 'id']))):
        t.has('create', made, 'data', key, want=want)
    read = t.get('%s/%s' % (path, outer))
    envelope(t, 'read', read, 'folder', 'find')
    t.has('read', read, 'data', 'name', want='Outer')
    inner = t.need(t.post(path, {'name': 'Inner', 'folder': outer}), 'data', 'id')
    t.has('a folder in a folder', t.get('%s/%s' % (path, inner)), 'data', 'folder', want=outer)
    t.has('the outer one lists it', t.get('%s/%s' % (path, outer)), 'data', 'folders_order', want=[inner])
    uid = c.split('-')[0] + '-' + inner
    deepest = t.post(path, {'name': 'Deepest', 'folder': uid})
    t.has('a folder in a folder, by uid', deepest, 'data', 'folder', want=inner)
    t.equal('the collection has the tree', tree(t, c), [['Outer', [['Inner', [['Deepest', []]]]]]])
    t.status('read by uid', t.get('/collections/%s/folders/%s' % (c, uid)), 200)
    edited = t.put('%s/%s' % (path, outer), {'name': 'Renamed'})
    envelope(t, 'update', edited, 'folder', 'update')
    t.has('update', edited, 'data', 'name', want='Renamed')
    t.has('what is absent is unchanged', t.get('%s/%s' % (path, outer)), 'data', 'description', want='Holds all')
    gone = t.delete('%s/%s' % (path, outer))
    envelope(t, 'delete', gone, 'folder', 'destroy')
    t.error('read it', t.get('%s/%s' % (path, outer)), 404, 'instanceNotFoundError')
    t.error('what was in it is gone', t.get('%s/%s' % (path, inner)), 404, 'instanceNotFoundError')
    t.equal('the collection is empty', tree(t, c), [])


def case_folder_refused(t):
    c = t.collection(t.workspace(), pets())
    path = '/collections/%s/folders' % bare(c)
    t.error('in an unknown folder', t.post(path, {'name': 'A', 'folder': NOBODY}), 400, 'instanceNotFoundError')
    t.error('in an unknown collection', t.post('/collections/%s/folders' % NOBODY, {'name': 'A'}), 400, 'instanceNotFoundError')
    t.error('read an unknown one', t.get('%s/%s' % (path, NOBODY)), 404, 'instanceNotFoundError')
    t.error('update an unknown one', t.put('%s/%s' % (path, NOBODY), {'name': 'A'}), 404, 'instanceNotFoundError')
    t.error('delete an unknown one', t.delete('%s/%s' % (path, NOBODY)), 404, 'instanceNotFoundError')
    t.status('empty body', t.post(path, raw=b''), 400)
    t.status('broken JSON', t.post(path, raw=b'{'), 400)
    nameless = t.post(path, {'description': 'no name'})
    t.status('without a name', nameless, 200)
    another = t.collection(t.workspace(), pets())
    folder = items(t, c)[0]['id']
    t.error('a folder of another collection', t.get('/collections/%s/folders/%s' % (another, folder)), 404, 'instanceNotFoundError')


def case_folder_views(t):
    c = t.collection(t.workspace(), pets())
    zoo = items(t, c)[0]
    path = '/collections/%s/folders/%s' % (bare(c), zoo['id'])
    plain = t.get(path)
    t.has('the order of its requests', plain, 'data', 'order', want=[zoo['item'][0]['id'], zoo['item'][1]['id']])
    t.has('the order of its folders', plain, 'data', 'folders_order', want=[zoo['item'][2]['id']])
    uids = t.get(path, query={'uid': 'true'})
    t.has('uid=true', uids, 'data', 'id', want=zoo['uid'])
    t.has('uid=true', uids, 'data', 'order', want=[zoo['item'][0]['uid'], zoo['item'][1]['uid']])
    ids = t.get(path, query={'ids': 'true'})
    t.has('ids=true has ids', ids, 'data', 'id', want=zoo['id'])
    t.equal('ids=true has no name', ids['data', 'name'], '<missing>')
    full = t.get(path, query={'populate': 'true'})
    t.has('populate=true says so', full, 'meta', 'populate', want=True)
    t.ok('populate=true has the requests', 'List pets' in full.text, 'List pets', full.brief())


def case_folder_with_requests(t):
    c = t.collection(t.workspace(), collection('Import', []))
    made = t.post('/collections/%s/folders' % bare(c), {'name': 'Full', 'requests': [
        {'name': 'One', 'method': 'GET', 'url': 'https://example.com/one'},
        {'name': 'Two', 'method': 'POST', 'url': 'https://example.com/two', 'dataMode': 'raw', 'rawModeData': 'hello'}]})
    t.status('a folder with requests', made, 200)
    t.equal('they are in it', tree(t, c), [['Full', ['One', 'Two']]])


def case_request(t):
    c = t.collection(t.workspace(), pets())
    path = '/collections/%s/requests' % bare(c)
    body = {'name': 'Find', 'description': 'Finds pets', 'method': 'POST', 'url': 'https://example.com/find?page=2',
            'headerData': [{'key': 'X-A', 'value': 'b', 'description': 'why'}], 'queryParams': [{'key': 'page', 'value': '2', 'enabled': True}],
            'dataMode': 'raw', 'rawModeData': '{"a":1}', 'dataOptions': {'raw': {'language': 'json'}},
            'events': [{'listen': 'test', 'script': {'type': 'text/javascript', 'exec': ['pm.test("x");']}}],
            'auth': {'type': 'bearer', 'bearer': [{'key': 'token', 'value': '{{t}}', 'type': 'string'}]}}
    made = t.post(path, body)
    envelope(t, 'create', made, 'request', 'import', 'create')
    r = t.need(made, 'data', 'id')
    for key, want in (('name', 'Find'), ('folder', None), ('collection', bare(c)), ('responses_order', [])):
        t.has('create', made, 'data', key, want=want)
    read = t.get('%s/%s' % (path, r))
    envelope(t, 'read', read, 'request', 'find')
    for key, want in (('method', 'POST'), ('url', 'https://example.com/find?page=2'), ('dataMode', 'raw'), ('rawModeData', '{"a":1}'), ('description', 'Finds pets')):
        t.has('read', read, 'data', key, want=want)
    t.equal('headers', [(h.get('key'), h.get('value')) for h in read['data', 'headerData']], [('X-A', 'b')])
    t.equal('query', [(h.get('key'), h.get('value')) for h in read['data', 'queryParams']], [('page', '2')])
    own = items(t, c)[-1]
    t.equal('it is the last of the collection', own.get('name'), 'Find')
    t.equal('method', dig(own, 'request', 'method'), 'POST')
    raw = dig(own, 'request', 'url', 'raw')
    t.equal('url', raw if isinstance(raw, str) and raw != '<missing>' else dig(own, 'request', 'url'), 'https://example.com/find?page=2')
    t.equal('header', [(h.get('key'), h.get('value')) for h in dig(own, 'request', 'header')], [('X-A', 'b')])
    t.equal('body', (dig(own, 'request', 'body', 'mode'), dig(own, 'request', 'body', 'raw')), ('raw', '{"a":1}'))
    t.equal('scripts', dig(own, 'event', 0, 'script', 'exec'), ['pm.test("x");'])
    t.equal('auth', dig(own, 'request', 'auth', 'bearer', 0, 'value'), '{{t}}')
    edited = t.put('%s/%s' % (path, r), {**body, 'name': 'Found', 'method': 'PATCH', 'rawModeData': '{"a":2}'})
    envelope(t, 'update', edited, 'request', 'update')
    again = t.get('%s/%s' % (path, r))
    for key, want in (('name', 'Found'), ('method', 'PATCH'), ('rawModeData', '{"a":2}')):
        t.has('update', again, 'data', key, want=want)
    t.status('read by uids', t.get('/collections/%s/requests/%s' % (c, c.split('-')[0] + '-' + r)), 200)
    gone = t.delete('%s/%s' % (path, r))
    envelope(t, 'delete', gone, 'request', 'destroy')
    t.status('read it', t.get('%s/%s' % (path, r)), 404)
    t.ok('the collection has it no more', 'Found' not in tree(t, c))


def case_request_in_folder(t):
    c = t.collection(t.workspace(), pets())
    zoo = items(t, c)[0]
    path = '/collections/%s/requests' % bare(c)
    for parameter in ('folderId', 'folder'):
        for form in ('id', 'uid'):
            name = 'By %s, %s' % (parameter, form)
            made = t.post(path, {'name': name, 'method': 'GET', 'url': 'https://example.com/x'}, query={parameter: zoo[form]})
            t.has('create', made, 'data', 'folder', want=zoo['id'])
            t.ok('?%s= takes the %s' % (parameter, form), name in dict([tree(t, c)[0]])['Zoo'], name, tree(t, c)[0])
    t.status('in an unknown folder', t.post(path, {'name': 'A', 'method': 'GET', 'url': 'x'}, query={'folderId': NOBODY}), 404)


def case_request_bodies(t):
    c = t.collection(t.workspace(), collection('Bodies', []))
    path = '/collections/%s/requests' % bare(c)
    fields = [{'key': 'a', 'value': '1', 'enabled': True, 'type': 'text'}, {'key': 'b', 'value': '2', 'enabled': False, 'type': 'text'}]
    t.status('urlencoded', t.post(path, {'name': 'U', 'method': 'POST', 'url': 'https://e.com', 'dataMode': 'urlencoded', 'data': fields}), 200)
    t.status('formdata', t.post(path, {'name': 'F', 'method': 'POST', 'url': 'https://e.com', 'dataMode': 'params', 'data': fields}), 200)
    t.status('graphql', t.post(path, {'name': 'G', 'method': 'POST', 'url': 'https://e.com', 'dataMode': 'graphql',
                                      'graphqlModeData': {'query': '{ a }', 'variables': '{}'}}), 200)
    u, f, g = items(t, c)
    t.equal('urlencoded', (dig(u, 'request', 'body', 'mode'), [(x.get('key'), x.get('value'), bool(x.get('disabled'))) for x in dig(u, 'request', 'body', 'urlencoded')]),
            ('urlencoded', [('a', '1', False), ('b', '2', True)]))
    t.equal('formdata', (dig(f, 'request', 'body', 'mode'), len(dig(f, 'request', 'body', 'formdata'))), ('formdata', 2))
    t.equal('graphql', (dig(g, 'request', 'body', 'mode'), dig(g, 'request', 'body', 'graphql', 'query')), ('graphql', '{ a }'))


def case_request_refused(t):
    c = t.collection(t.workspace(), pets())
    path = '/collections/%s/requests' % bare(c)
    t.status('in an unknown collection', t.post('/collections/%s/requests' % NOBODY, {'name': 'A'}), 404)
    for name, answer in (('read', t.get('%s/%s' % (path, NOBODY))), ('update', t.put('%s/%s' % (path, NOBODY), {'name': 'A'})),
                         ('delete', t.delete('%s/%s' % (path, NOBODY)))):
        t.error('%s an unknown one' % name, answer, 404, 'instanceFoundError', 'instanceNotFoundError')
    t.status('empty body', t.post(path, raw=b''), 400)
    t.status('a list', t.post(path, []), 400)
    made = t.post(path, {'id': '11111111-2222-4333-8444-' + c[-12:], 'name': 'Own id', 'method': 'GET', 'url': 'x'})
    again = t.post(path, {'id': '11111111-2222-4333-8444-' + c[-12:], 'name': 'Own id', 'method': 'GET', 'url': 'x'})
    good = again.error_name() == 'instanceFoundError' if again.status == 400 else again['data', 'id'] != made['data', 'id']
    t.ok('the same id again is refused, or another one is given', good, '400 instanceFoundError or another id', again.brief())


def case_request_views(t):
    c = t.collection(t.workspace(), pets())
    first = items(t, c)[0]['item'][0]
    path = '/collections/%s/requests/%s' % (bare(c), first['id'])
    plain = t.get(path)
    t.has('the order of its responses', plain, 'data', 'responses_order', want=[x['id'] for x in first['response']])
    t.ok('its script', 'pm.response.to.have.status' in plain.text, 'the script', plain.brief())
    uids = t.get(path, query={'uid': 'true'})
    t.has('uid=true', uids, 'data', 'id', want=first['uid'])
    t.has('uid=true', uids, 'data', 'responses_order', want=[x['uid'] for x in first['response']])
    t.equal('ids=true has no name', t.get(path, query={'ids': 'true'})['data', 'name'], '<missing>')
    t.ok('populate=true has the responses', 'All pets' in t.get(path, query={'populate': 'true'}).text)


def case_response(t):
    w = t.workspace()
    c = t.collection(w, pets())
    alive = items(t, c)[1]
    path = '/collections/%s/responses' % bare(c)
    _, url = t.mock(w, collection=c)
    body = {'name': 'Teapot', 'method': 'GET', 'url': '{{baseUrl}}/teapot', 'headers': [{'key': 'Content-Type', 'value': 'application/json'}, {'key': 'X-Tea', 'value': 'green'}],
            'responseCode': {'code': 418, 'name': "I'm a Teapot"}, 'text': '{"tea":true}', 'language': 'json'}
    made = t.post(path, body, query={'request': alive['id']})
    envelope(t, 'create', made, 'response', 'create', 'import')
    r = t.need(made, 'data', 'id')
    t.has('create', made, 'data', 'request', want=alive['id'])
    read = t.get('%s/%s' % (path, r))
    envelope(t, 'read', read, 'response', 'find')
    for key, want in (('name', 'Teapot'), ('text', '{"tea":true}'), ('language', 'json'), ('request', alive['id'])):
        t.has('read', read, 'data', key, want=want)
    t.has('read', read, 'data', 'responseCode', 'code', want=418)
    t.equal('headers', [(h.get('key'), h.get('value')) for h in read['data', 'headers']], [('Content-Type', 'application/json'), ('X-Tea', 'green')])
    own = dig(items(t, c), 1, 'response', -1)
    for key, want in (('name', 'Teapot'), ('code', 418), ('body', '{"tea":true}')):
        t.equal('in the collection: ' + key, dig(own, key), want)
    t.equal('in the collection: the request', dig(own, 'originalRequest', 'method'), 'GET')
    answer = t.call(url, '/teapot')
    t.equal('the mock answers with it at once', (answer.status, answer.text, answer.header('x-tea')), (418, '{"tea":true}', 'green'))
    edited = t.put('%s/%s' % (path, r), {'text': '{"tea":"black"}'})
    envelope(t, 'update', edited, 'response', 'update')
    t.equal('what is absent is unchanged', t.get('%s/%s' % (path, r))['data', 'name'], 'Teapot')
    t.equal('the mock follows', t.call(url, '/teapot').text, '{"tea":"black"}')
    t.status('another status', t.put('%s/%s' % (path, r), {'responseCode': {'code': 200, 'name': 'OK'}}), 200)
    t.equal('the mock follows', t.call(url, '/teapot').status, 200)
    t.status('by uids', t.get('/collections/%s/responses/%s' % (c, c.split('-')[0] + '-' + r)), 200)
    gone = t.delete('%s/%s' % (path, r))
    envelope(t, 'delete', gone, 'response', 'destroy')
    t.error('read it', t.get('%s/%s' % (path, r)), 404, 'instanceNotFoundError')
    t.equal('the mock follows', t.call(url, '/teapot').status, 404)


def case_response_refused(t):
    c = t.collection(t.workspace(), pets())
    path = '/collections/%s/responses' % bare(c)
    one = items(t, c)[1]['id']
    t.status('no request', t.post(path, {'name': 'A'}), 400)
    t.error('an unknown request', t.post(path, {'name': 'A'}, query={'request': NOBODY}), 400, 'instanceNotFoundError')
    t.error('an unknown collection', t.post('/collections/%s/responses' % NOBODY, {'name': 'A'}, query={'request': one}), 400, 'instanceNotFoundError')
    t.status('empty body', t.post(path, raw=b'', query={'request': one}), 400)
    for name, answer in (('read', t.get('%s/%s' % (path, NOBODY))), ('update', t.put('%s/%s' % (path, NOBODY), {'name': 'A'})),
                         ('delete', t.delete('%s/%s' % (path, NOBODY)))):
        t.error('%s an unknown one' % name, answer, 404, 'instanceNotFoundError')


def transfer(t, kind, ids, mode, target, position='end', near=None):
    model, uid = target
    location = {'position': position, 'model': near[0] if near else None, 'id': near[1] if near else None}
    return t.post('/collection-%s-transfers' % kind, {'ids': ids, 'mode': mode, 'target': {'model': model, 'id': uid}, 'location': location})


def case_transfer_folders(t):
    w = t.workspace()
    a, b = t.collection(w, pets('A')), t.collection(w, collection('B', [request('Own', 'GET', '{{baseUrl}}/own')]))
    zoo = items(t, a)[0]
    done = transfer(t, 'folders', [zoo['uid']], 'copy', ('collection', b))
    t.status('copy a folder into a collection', done, 200)
    t.equal('one id comes back', len(t.need(done, 'ids')), 1)
    t.ok('the copy has another id', done['ids', 0] != zoo['uid'], 'another uid', done['ids', 0])
    t.equal('the target has it', tree(t, b), names([zoo]) + ['Own'] if tree(t, b)[0] != 'Own' else ['Own'] + names([zoo]))
    t.ok('the source keeps it', names([zoo])[0] in tree(t, a))
    copy = next(i for i in items(t, b) if 'item' in i)
    t.equal('nothing is lost', difference(strip(zoo), strip(copy)), '')
    inner = zoo['item'][2]
    moved = transfer(t, 'folders', [inner['uid']], 'move', ('collection', a))
    t.status('move a folder out of a folder', moved, 200)
    t.ok('it is at the root', ['Inner', ['Get a pet']] in tree(t, a), ['Inner', ['Get a pet']], tree(t, a))
    t.ok('it is no longer in the folder', ['Inner', ['Get a pet']] not in [i for i in tree(t, a) if i[0] == 'Zoo'][0][1])
    inside = transfer(t, 'folders', [zoo['uid']], 'move', ('folder', t.need(moved, 'ids', 0)))
    t.status('move a folder into another', inside, 200)
    t.ok('it is in it', any(i[0] == 'Inner' and any(j[0] == 'Zoo' for j in i[1]) for i in tree(t, a) if isinstance(i, list)), 'Inner/Zoo', tree(t, a))


def case_transfer_requests(t):
    w = t.workspace()
    a, b = t.collection(w, pets('A')), t.collection(w, collection('B', [request(n, 'GET', '{{baseUrl}}/' + n) for n in ('one', 'two')]))
    alive = items(t, a)[1]
    _, url = t.mock(w, collection=b)
    t.status('copy to the end', transfer(t, 'requests', [alive['uid']], 'copy', ('collection', b)), 200)
    t.equal('it is the last', tree(t, b), ['one', 'two', 'Alive'])
    t.equal('the mock answers with it', t.call(url, '/alive').status, 200)
    t.status('copy to the start', transfer(t, 'requests', [alive['uid']], 'copy', ('collection', b), 'start'), 200)
    t.equal('it is the first', tree(t, b), ['Alive', 'one', 'two', 'Alive'])
    two = items(t, b)[2]['uid']
    last = items(t, b)[3]['uid']
    t.status('move before another', transfer(t, 'requests', [last], 'move', ('collection', b), 'before', ('request', two)), 200)
    t.equal('it is before', tree(t, b), ['Alive', 'one', 'Alive', 'two'])
    first = items(t, b)[0]['uid']
    two = next(i['uid'] for i in items(t, b) if i['name'] == 'two')
    t.status('move behind another', transfer(t, 'requests', [first], 'move', ('collection', b), 'after', ('request', two)), 200)
    t.equal('it is behind', tree(t, b), ['one', 'Alive', 'two', 'Alive'])
    t.status('move to another collection', transfer(t, 'requests', [alive['uid']], 'move', ('folder', items(t, a)[0]['uid'])), 200)
    t.ok('it is in the folder', 'Alive' in tree(t, a)[0][1] and 'Alive' not in tree(t, a)[1:], 'Zoo/Alive', tree(t, a))


def case_transfer_responses(t):
    c = t.collection(t.workspace(), pets())
    zoo, alive = items(t, c)[0], items(t, c)[1]
    listing, adding = zoo['item'][0], zoo['item'][1]
    done = transfer(t, 'responses', [listing['response'][1]['uid']], 'copy', ('request', alive['uid']))
    t.status('copy a response', done, 200)
    t.equal('the target has it', [r['name'] for r in items(t, c)[1]['response']], ['Yes', 'No pets'])
    t.status('move a response', transfer(t, 'responses', [listing['response'][0]['uid']], 'move', ('request', adding['uid']), 'start'), 200)
    after = items(t, c)[0]['item']
    t.equal('the source has lost it', [r['name'] for r in after[0]['response']], ['No pets'])
    t.equal('the target has it first', [r['name'] for r in after[1]['response']], ['All pets', 'Added'])
    t.status('a response into a folder', transfer(t, 'responses', [listing['response'][1]['uid']], 'copy', ('folder', zoo['uid'])), 400)
    t.status('an unknown one', transfer(t, 'responses', ['1-' + NOBODY], 'copy', ('request', alive['uid'])), 400, 404)
    t.status('an unknown target', transfer(t, 'requests', [alive['uid']], 'copy', ('collection', '1-' + NOBODY)), 400, 404)
    t.status('an unknown mode', transfer(t, 'requests', [alive['uid']], 'throw', ('collection', c)), 400)
    t.status('nothing', t.post('/collection-requests-transfers', {}), 400)
    t.status('empty body', t.post('/collection-folders-transfers', raw=b''), 400)
