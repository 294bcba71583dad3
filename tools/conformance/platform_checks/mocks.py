"""Mock servers: settings, access, server responses, call logs."""
import json
import time

from .client import bare, dig
from .documents import OPENAPI, collection, openapi, pets, request, saved, simple_get
from .workspaces import NOBODY

DEFAULTS = {'matchBody': False, 'matchHeader': False, 'headers': [], 'matchQueryParams': True, 'matchWildcards': True, 'delay': None, 'serverResponseId': None}


def setting(t, m, *path):
    return t.get('/mocks/' + m)[('mock', *path)]


def listed(t, **query):
    return t.need(t.get('/mocks', query=query), 'mocks')


def case_create_read(t):
    w = t.workspace()
    c = t.collection(w, pets())
    e = t.environment(w, {'owner': 'env'})
    made = t.post('/mocks', {'mock': {'name': 'Mocked', 'collection': c, 'environment': e}}, query={'workspace': w})
    t.status('create', made, 200)
    m = t.need(made, 'mock', 'id')
    owner = str(t.get('/me')['user', 'id'])
    for key, want in (('name', 'Mocked'), ('collection', c), ('environment', e), ('owner', owner), ('uid', owner + '-' + m)):
        t.has('create', made, 'mock', key, want=want)
    for key, want in DEFAULTS.items():
        if key != 'matchHeader':
            t.has('defaults', made, 'mock', 'config', key, want=want)
    read = t.get('/mocks/' + m)
    t.status('read', read, 200)
    for key, want in (('name', 'Mocked'), ('collection', c), ('environment', e), ('isPublic', True), ('deactivated', False), ('mockUrl', made['mock', 'mockUrl'])):
        t.has('read', read, 'mock', key, want=want)
    t.equal('read by uid is the same', t.get('/mocks/%s-%s' % (owner, m)).json, read.json)
    t.equal('the URL answers', t.call(made['mock', 'mockUrl'], '/alive').text, '{"alive": true}')
    t.ok('the URL has the id', m in str(made['mock', 'mockUrl']), m, made['mock', 'mockUrl'])
    by_id = t.post('/mocks', {'mock': {'name': 'By ids', 'collection': bare(c), 'environment': bare(e)}}, query={'workspace': w})
    t.has('by ids', by_id, 'mock', 'collection', want=c)
    t.has('by ids', by_id, 'mock', 'environment', want=e)
    nameless = t.post('/mocks', {'mock': {'collection': c}}, query={'workspace': w})
    t.ok('without a name it gets one, or is refused', nameless.status == 400 or nameless['mock', 'name'] not in ('', None, '<missing>'), 'a name', nameless.brief())


def case_create_with_settings(t):
    w = t.workspace()
    c = t.collection(w, pets())
    config = {'matchBody': True, 'matchHeader': True, 'headers': ['x-a'], 'matchQueryParams': False, 'matchWildcards': False, 'delay': {'type': 'fixed', 'preset': '1'}}
    m, _ = t.mock(w, collection=c, config=config, private=True)
    for key in ('matchBody', 'headers', 'matchQueryParams', 'matchWildcards'):
        t.equal('config.' + key, setting(t, m, 'config', key), config[key])
    t.equal('preset 1 is 300 ms', setting(t, m, 'config', 'delay'), {'type': 'fixed', 'preset': '1', 'duration': 300})
    t.equal('private', setting(t, m, 'isPublic'), False)
    m2, _ = t.mock(w, collection=c, config={'delay': {'type': 'fixed', 'preset': '2'}})
    t.equal('preset 2 is 100 ms', setting(t, m2, 'config', 'delay', 'duration'), 100)
    m3, _ = t.mock(w, collection=c, config={'delay': {'type': 'fixed', 'duration': 42}})
    t.equal('a delay in ms', (setting(t, m3, 'config', 'delay', 'type'), setting(t, m3, 'config', 'delay', 'duration')), ('fixed', 42))


def case_create_refused(t):
    w = t.workspace()
    c = t.collection(w, pets())
    for name, body in (('no mock', {}), ('an unknown collection', {'mock': {'name': 'A', 'collection': '1-' + NOBODY}}),
                       ('an unknown environment', {'mock': {'name': 'A', 'collection': c, 'environment': '1-' + NOBODY}}),
                       ('an unknown spec', {'mock': {'name': 'A', 'spec': NOBODY}}),
                       ('a preset that is none', {'mock': {'name': 'A', 'collection': c, 'config': {'delay': {'type': 'fixed', 'preset': '9'}}}}),
                       ('private that is a text', {'mock': {'name': 'A', 'collection': c, 'private': 'yes'}})):
        t.status(name, t.post('/mocks', body, query={'workspace': w}), 400, 404)
    missing = t.post('/mocks', {'mock': {'name': 'A'}}, query={'workspace': w})
    t.error('no collection', missing, 400, 'paramMissingError')
    t.status('empty body', t.post('/mocks', raw=b'', query={'workspace': w}), 400)
    t.status('broken JSON', t.post('/mocks', raw=b'{', query={'workspace': w}), 400)
    t.equal('nothing was made', listed(t, workspace=w), [])


def case_list(t):
    w = t.workspace()
    c = t.collection(w, pets())
    ids = [t.mock(w, collection=c)[0] for _ in range(30)]
    rows = listed(t, workspace=w)
    t.equal('all of a workspace, without pages', sorted(r['id'] for r in rows), sorted(ids))
    t.ok('config.serverResponseId is left out where there is none', all('serverResponseId' not in r['config'] or r['config']['serverResponseId'] is not None for r in rows),
         'absent', dig(rows, 0, 'config'))
    t.equal('a row has the name', all(r.get('name') for r in rows), True)
    t.equal('another workspace has none', listed(t, workspace=t.workspace()), [])
    t.ok('without a workspace all are there', set(ids) <= {r['id'] for r in listed(t)})
    t.equal('an unknown workspace is an empty list', t.get('/mocks', query={'workspace': NOBODY})['mocks'], [])


def case_update(t):
    w = t.workspace()
    c, other = t.collection(w, pets()), t.collection(w, collection('Other', [request('O', 'GET', '{{baseUrl}}/other', [saved('O', 'GET', '{{baseUrl}}/other', 200, {'o': 1})])]))
    e, f = t.environment(w, {'owner': 'e'}), t.environment(w, {'owner': 'f'})
    config = {'matchBody': True, 'delay': {'type': 'fixed', 'duration': 5}}
    m, url = t.mock(w, collection=c, environment=e, private=True, config=config)
    done = t.put('/mocks/' + m, {'mock': {'name': 'Renamed'}})
    t.status('rename', done, 200)
    t.has('rename', done, 'mock', 'name', want='Renamed')
    t.has('rename', done, 'mock', 'id', want=m)
    t.equal('a private mock stays private', setting(t, m, 'isPublic'), False)
    t.equal('the environment stays', setting(t, m, 'environment'), e)
    t.equal('the collection stays', setting(t, m, 'collection'), c)
    t.equal('the settings stay', (setting(t, m, 'config', 'matchBody'), setting(t, m, 'config', 'delay', 'duration')), (True, 5))
    t.equal('the URL stays', setting(t, m, 'mockUrl'), url)
    t.status('one setting', t.put('/mocks/' + m, {'mock': {'config': {'matchQueryParams': False}}}), 200)
    t.equal('it is set', setting(t, m, 'config', 'matchQueryParams'), False)
    t.equal('the others stay', (setting(t, m, 'config', 'matchBody'), setting(t, m, 'config', 'delay', 'duration')), (True, 5))
    t.equal('and it stays private', setting(t, m, 'isPublic'), False)
    t.status('no delay', t.put('/mocks/' + m, {'mock': {'config': {'delay': None}}}), 200)
    t.equal('there is none', setting(t, m, 'config', 'delay'), None)
    t.status('public', t.put('/mocks/' + m, {'mock': {'private': False}}), 200)
    t.equal('it is public', setting(t, m, 'isPublic'), True)
    t.status('another environment', t.put('/mocks/' + m, {'mock': {'environment': f}}), 200)
    t.equal('it has it', setting(t, m, 'environment'), f)
    t.status('the settings that the body matches', t.put('/mocks/' + m, {'mock': {'config': {'matchBody': False, 'matchQueryParams': True}}}), 200)
    t.equal('the mock answers by it', dig(t.call(url, '/pets/7').json, 'owner'), 'f')
    t.status('another collection', t.put('/mocks/' + m, {'mock': {'collection': other}}), 200)
    t.equal('the mock answers by it', (t.call(url, '/other').status, t.call(url, '/alive').status), (200, 404))
    described = t.put('/mocks/' + m, {'mock': {'description': 'Text'}})
    t.status('a description', described, 200)
    t.error('nothing', t.put('/mocks/' + m, {'mock': {}}), 400, 'paramMissingError')
    t.status('no mock', t.put('/mocks/' + m, {}), 400)
    t.status('empty body', t.put('/mocks/' + m, raw=b''), 400)
    t.status('an unknown collection', t.put('/mocks/' + m, {'mock': {'collection': '1-' + NOBODY}}), 400, 404)
    t.status('an unknown environment', t.put('/mocks/' + m, {'mock': {'environment': '1-' + NOBODY}}), 400, 404)
    t.status('an unknown server response', t.put('/mocks/' + m, {'mock': {'config': {'serverResponseId': NOBODY}}}), 400, 404)
    t.error('an unknown mock', t.put('/mocks/' + NOBODY, {'mock': {'name': 'A'}}), 404, 'instanceNotFoundError')
    t.equal('nothing of that changed it', (setting(t, m, 'name'), setting(t, m, 'environment'), setting(t, m, 'collection')), ('Renamed', f, other))


def case_publish(t):
    w = t.workspace()
    m, _ = t.mock(w, collection=t.collection(w, pets()))
    t.error('publish a public one', t.post('/mocks/%s/publish' % m), 400, 'mockAlreadyPublishedError')
    hidden = t.delete('/mocks/%s/unpublish' % m)
    t.status('unpublish', hidden, 200)
    t.has('unpublish', hidden, 'mock', 'id', want=m)
    t.equal('it is private', setting(t, m, 'isPublic'), False)
    t.error('unpublish it again', t.delete('/mocks/%s/unpublish' % m), 400, 'mockAlreadyUnpublishedError')
    shown = t.post('/mocks/%s/publish' % m)
    t.status('publish', shown, 200)
    t.has('publish', shown, 'mock', 'id', want=m)
    t.equal('it is public', setting(t, m, 'isPublic'), True)
    t.error('publish an unknown one', t.post('/mocks/%s/publish' % NOBODY), 404, 'instanceNotFoundError')
    t.error('unpublish an unknown one', t.delete('/mocks/%s/unpublish' % NOBODY), 404, 'instanceNotFoundError')


def case_delete(t):
    w = t.workspace()
    m, url = t.mock(w, collection=t.collection(w, pets()))
    done = t.delete('/mocks/' + m)
    t.status('delete', done, 200)
    t.has('delete', done, 'mock', 'id', want=m)
    t.has('delete', done, 'mock', 'uid', want='%s-%s' % (t.get('/me')['user', 'id'], m))
    t.error('read it', t.get('/mocks/' + m), 404, 'instanceNotFoundError')
    t.error('delete it again', t.delete('/mocks/' + m), 404, 'instanceNotFoundError')
    t.equal('it is not listed', listed(t, workspace=w), [])
    t.error('call it', t.call(url, '/alive'), 404, 'mockNotFoundError')
    t.error('its call logs', t.get('/mocks/%s/call-logs' % m), 404, 'instanceNotFoundError')


def case_server_responses(t):
    w = t.workspace()
    m, url = t.mock(w, collection=t.collection(w, pets()))
    path = '/mocks/%s/server-responses' % m
    t.equal('none at first', t.get(path).json, [])
    body = {'name': 'Down', 'statusCode': 503, 'headers': [{'key': 'Content-Type', 'value': 'application/json'}, {'key': 'Retry-After', 'value': '9'}],
            'language': 'json', 'body': '{"down":true}'}
    made = t.post(path, {'serverResponse': body})
    t.status('create', made, 200)
    r = t.need(made, 'id')
    for key in body:
        t.has('create', made, key, want=body[key])
    read = t.get('%s/%s' % (path, r))
    t.status('read', read, 200)
    for key in body:
        t.has('read', read, key, want=body[key])
    t.equal('list', [(x.get('id'), x.get('name'), x.get('statusCode')) for x in t.get(path).json], [(r, 'Down', 503)])
    t.equal('it isn\'t active yet', t.call(url, '/alive').status, 200)
    t.status('activate', t.put('/mocks/' + m, {'mock': {'config': {'serverResponseId': r}}}), 200)
    t.equal('the mock has it', setting(t, m, 'config', 'serverResponseId'), r)
    row = [x for x in listed(t, workspace=w) if x['id'] == m][0]
    t.equal('the list has it', dig(row, 'config', 'serverResponseId'), r)
    for method, where in (('GET', '/alive'), ('POST', '/nowhere')):
        answer = t.call(url, where, method)
        t.equal('%s %s answers with it' % (method, where), (answer.status, answer.text, answer.header('retry-after')), (503, '{"down":true}', '9'))
    edited = t.put('%s/%s' % (path, r), {'serverResponse': {'statusCode': 500, 'body': 'broken'}})
    t.status('update', edited, 200)
    t.has('what is absent is unchanged', edited, 'name', want='Down')
    answer = t.call(url, '/alive')
    t.equal('the mock follows at once', (answer.status, answer.text), (500, 'broken'))
    t.status('rename the mock', t.put('/mocks/' + m, {'mock': {'name': 'Still down'}}), 200)
    t.equal('it is still active', t.call(url, '/alive').status, 500)
    t.status('deactivate', t.put('/mocks/' + m, {'mock': {'config': {'serverResponseId': None}}}), 200)
    t.equal('the mock answers again', t.call(url, '/alive').status, 200)
    t.equal('the mock has none', setting(t, m, 'config', 'serverResponseId'), None)
    t.put('/mocks/' + m, {'mock': {'config': {'serverResponseId': r}}})
    gone = t.delete('%s/%s' % (path, r))
    t.status('delete the active one', gone, 200)
    t.has('delete', gone, 'id', want=r)
    t.equal('the mock answers again', t.call(url, '/alive').status, 200)
    t.equal('the mock has none', setting(t, m, 'config', 'serverResponseId'), None)
    t.error('read it', t.get('%s/%s' % (path, r)), 404, 'serverResponseNotFoundError')


def case_server_responses_refused(t):
    w = t.workspace()
    m, _ = t.mock(w, collection=t.collection(w, pets()))
    path = '/mocks/%s/server-responses' % m
    t.error('nothing', t.post(path, {}), 400, 'paramMissingError')
    t.error('no status', t.post(path, {'serverResponse': {'name': 'A'}}), 400, 'paramMissingError')
    t.error('no name', t.post(path, {'serverResponse': {'statusCode': 500}}), 400, 'paramMissingError')
    t.status('a status that is no 5xx', t.post(path, {'serverResponse': {'name': 'A', 'statusCode': 200}}), 400)
    t.status('a status that is none', t.post(path, {'serverResponse': {'name': 'A', 'statusCode': 'x'}}), 400)
    t.status('empty body', t.post(path, raw=b''), 400)
    t.error('of an unknown mock', t.get('/mocks/%s/server-responses' % NOBODY), 404, 'mockNotFoundError')
    t.error('for an unknown mock', t.post('/mocks/%s/server-responses' % NOBODY, {'serverResponse': {'name': 'A', 'statusCode': 500}}), 404, 'mockNotFoundError')
    for name, answer in (('read', t.get('%s/%s' % (path, NOBODY))), ('update', t.put('%s/%s' % (path, NOBODY), {'serverResponse': {'name': 'A'}})),
                         ('delete', t.delete('%s/%s' % (path, NOBODY)))):
        t.error('%s an unknown one' % name, answer, 404, 'serverResponseNotFoundError')
    t.equal('nothing was made', t.get(path).json, [])
    other, _ = t.mock(w, collection=t.collection(w, pets()))
    r = t.need(t.post('/mocks/%s/server-responses' % other, {'serverResponse': {'name': 'A', 'statusCode': 500}}), 'id')
    t.error('one of another mock', t.get('%s/%s' % (path, r)), 404, 'serverResponseNotFoundError')
    t.status('activate one of another mock', t.put('/mocks/' + m, {'mock': {'config': {'serverResponseId': r}}}), 400, 404)


def case_deactivated(t):
    w = t.workspace()
    spec = '{"openapi":"3.0.0","info":{"title":"a","version":"1"},"paths":{"/alive":{"get":{"responses":{"200":{"description":"ok"}}}}}}'
    for what in ('collection', 'environment', 'spec'):
        c, e, s = t.collection(w, pets()), t.environment(w, {'a': 'b'}), t.spec(w, {'index.json': spec})
        m, url = t.mock(w, spec=s) if what == 'spec' else t.mock(w, collection=c, environment=e)
        t.equal('it answers', t.call(url, '/alive').status, 200)
        t.delete({'collection': '/collections/' + c, 'environment': '/environments/' + e, 'spec': '/specs/' + s}[what])
        t.error('its %s is deleted' % what, t.call(url, '/alive'), 403, 'mockDeactivatedError')
        t.equal('the API says so', setting(t, m, 'deactivated'), True)
    m, url = t.mock(w, collection=t.collection(w, pets()))
    t.delete('/collections/' + setting(t, m, 'collection'))
    t.status('a new collection', t.put('/mocks/' + m, {'mock': {'collection': t.collection(w, pets())}}), 200)
    t.equal('it answers again', t.call(url, '/alive').status, 200)


def case_of_spec(t):
    w = t.workspace()
    s = t.spec(w, {'index.json': json.dumps(OPENAPI)})
    made = t.post('/mocks', {'mock': {'name': 'Of a spec', 'spec': s}}, query={'workspace': w})
    t.status('create', made, 200)
    m, url = t.need(made, 'mock', 'id'), t.need(made, 'mock', 'mockUrl')
    t.has('the mock names its spec', t.get('/mocks/' + m), 'mock', 'spec', want=s)
    answer = t.call(url, '/crafts/abc')
    t.equal('it answers by contract', (answer.status, sorted(answer.json or {})), (200, ['id', 'name']))
    t.equal('the base path of its server is optional', t.call(url, '/v1/crafts/abc').status, 200)
    broken = t.call(url, '/crafts', 'POST', body={'id': 5})
    t.ok('a request that breaks the contract is refused', 400 <= broken.status < 500, '4xx', broken.brief())
    t.status('change the spec', t.patch('/specs/%s/files/index.json' % s, {'content': json.dumps(openapi(**{'/fleets': simple_get('F', {'fleet': 1})}))}), 200)
    answer = t.call(url, '/fleets')
    t.equal('the mock follows at once', (answer.status, dig(answer.json, 'fleet')), (200, 1))
    t.status('break the spec', t.patch('/specs/%s/files/index.json' % s, {'content': '{"openapi": '}), 200, 400)
    t.equal('the mock keeps what it had', t.call(url, '/fleets').status, 200)


# --------------------------------------------------------------- call logs
def logs(t, m, **query):
    return t.need(t.get('/mocks/%s/call-logs' % m, query=query), 'call-logs')


def case_call_logs(t):
    w = t.workspace()
    m, url = t.mock(w, collection=t.collection(w, pets()))
    t.equal('none at first', logs(t, m), [])
    t.call(url, '/alive')
    time.sleep(0.02)
    t.call(url, '/pets?limit=0')
    time.sleep(0.02)
    t.call(url, '/nowhere?a=b', 'POST', headers={'x-one': 'two', 'Content-Type': 'application/json'}, body='{"a":1}')
    t.until(lambda: t.get('/mocks/%s/call-logs' % m), lambda a: len(a['call-logs']) >= 3)
    rows = logs(t, m)
    t.equal('each call has an entry', len(rows), 3)
    rows = logs(t, m, sort='servedAt', direction='asc')
    t.equal('in order: paths with their query', [dig(r, 'request', 'path') for r in rows], ['/alive', '/pets?limit=0', '/nowhere?a=b'])
    t.equal('methods', [dig(r, 'request', 'method') for r in rows], ['GET', 'GET', 'POST'])
    t.equal('statuses', [dig(r, 'response', 'statusCode') for r in rows], [200, 404, 404])
    t.equal('a declared 404 is a success, the mock\'s own an error', [dig(r, 'response', 'type') for r in rows], ['success', 'success', 'error'])
    t.equal('names of examples', [r.get('responseName') for r in rows][:2], ['Yes', 'No pets'])
    t.equal('the error\'s message is its name', rows[2].get('responseName'), 'Double check your method and the request path and try again.')
    t.equal('ids are unique', len({r.get('id') for r in rows}), 3)
    t.equal('desc', [dig(r, 'request', 'path') for r in logs(t, m, sort='servedAt', direction='desc')], ['/nowhere?a=b', '/pets?limit=0', '/alive'])
    t.equal('direction in capitals', [dig(r, 'request', 'path') for r in logs(t, m, sort='servedAt', direction='ASC')][0], '/alive')
    paths = lambda **q: sorted(dig(r, 'request', 'path') for r in logs(t, m, **q))
    t.equal('responseStatusCode', paths(responseStatusCode=200), ['/alive'])
    t.equal('responseType', paths(responseType='error'), ['/nowhere?a=b'])
    t.equal('responseType in capitals', paths(responseType='SUCCESS'), ['/alive', '/pets?limit=0'])
    t.equal('requestMethod', paths(requestMethod='POST'), ['/nowhere?a=b'])
    t.equal('requestMethod in small letters', paths(requestMethod='post'), ['/nowhere?a=b'])
    t.equal('requestPath', paths(requestPath='/alive'), ['/alive'])
    t.equal('requestPath in capitals', paths(requestPath='/ALIVE'), ['/alive'])
    t.equal('filters together', paths(requestMethod='GET', responseStatusCode=404), ['/pets?limit=0'])
    t.equal('a filter that finds none', paths(responseStatusCode=500), [])
    middle = rows[1]['servedAt']
    t.equal('since', paths(since=middle), ['/nowhere?a=b', '/pets?limit=0'])
    t.equal('until', paths(until=middle), ['/alive', '/pets?limit=0'])
    t.equal('since and until', paths(since=middle, until=middle), ['/pets?limit=0'])
    t.ok('headers and bodies only when asked for', all('headers' not in r['request'] and 'body' not in r['request'] and 'body' not in r['response'] for r in rows), 'none', rows[2])
    full = logs(t, m, requestMethod='POST', include='request.headers,request.body,response.headers,response.body')[0]
    t.equal('include=request.body', dig(full, 'request', 'body', 'data'), '{"a":1}')
    t.ok('include=response.body', 'mockRequestNotFoundError' in str(dig(full, 'response', 'body', 'data')), 'the body', dig(full, 'response', 'body'))
    flat = {h.get('key', '').lower(): h.get('value') for h in dig(full, 'request', 'headers')} if isinstance(dig(full, 'request', 'headers'), list) else {}
    t.equal('include=request.headers', flat.get('x-one'), 'two')
    t.ok('include=response.headers', isinstance(dig(full, 'response', 'headers'), (list, dict)) and dig(full, 'response', 'headers'), 'headers', dig(full, 'response', 'headers'))
    only = logs(t, m, requestMethod='POST', include='request.body')[0]
    t.ok('include of one gives one', 'headers' not in only['request'] and 'body' not in only['response'], 'request.body alone', only)


def case_call_logs_pages(t):
    w = t.workspace()
    m, url = t.mock(w, collection=t.collection(w, pets()))
    for i in range(7):
        t.call(url, '/alive?i=%d' % i)
    t.until(lambda: t.get('/mocks/%s/call-logs' % m), lambda a: len(a['call-logs']) >= 7)
    seen, cursor, sizes = [], None, []
    while len(sizes) < 10:
        page = t.get('/mocks/%s/call-logs' % m, query={'limit': 3, 'sort': 'servedAt', 'direction': 'asc', **({'cursor': cursor} if cursor else {})})
        sizes.append(len(t.need(page, 'call-logs')))
        seen += [dig(r, 'request', 'path') for r in page['call-logs']]
        cursor = page['meta', 'nextCursor']
        if not isinstance(cursor, str) or not cursor:
            break
    t.equal('pages of 3', sizes, [3, 3, 1])
    t.equal('nothing twice, nothing lost, in order', seen, ['/alive?i=%d' % i for i in range(7)])
    path = '/mocks/%s/call-logs' % m
    for name, query in (('limit=0', {'limit': 0}), ('limit=101', {'limit': 101}), ('limit=x', {'limit': 'x'}), ('a cursor that is none', {'cursor': '%%%'}), ('an unknown sort', {'sort': 'size', 'direction': 'asc'}),
                        ('an unknown direction', {'sort': 'servedAt', 'direction': 'up'}), ('sort without direction', {'sort': 'servedAt'}), ('direction without sort', {'direction': 'asc'}),
                        ('since that is no time', {'since': 'yesterday'}), ('since later than until', {'since': '2030-01-02T00:00:00Z', 'until': '2030-01-01T00:00:00Z'}),
                        ('a status that is none', {'responseStatusCode': 'x'}), ('an unknown include', {'include': 'request.colour'})):
        t.status(name, t.get(path, query=query), 400)
    t.error('of an unknown mock', t.get('/mocks/%s/call-logs' % NOBODY), 404, 'instanceNotFoundError')


def case_call_logs_large(t):
    """A page is at most 100 entries or 6.5 MB."""
    w = t.workspace()
    m, url = t.mock(w, collection=t.collection(w, pets()))
    for i in range(12):
        t.call(url, '/nowhere/%d' % i, 'POST', body=b'x' * 900_000)
    t.until(lambda: t.get('/mocks/%s/call-logs' % m), lambda a: len(a['call-logs']) >= 12)
    seen, cursor, sizes = [], None, []
    for _ in range(15):
        page = t.get('/mocks/%s/call-logs' % m, query={'include': 'request.body', **({'cursor': cursor} if cursor else {})})
        sizes.append(len(page.body))
        seen += [dig(r, 'request', 'path') for r in page['call-logs']]
        cursor = page['meta', 'nextCursor']
        if not isinstance(cursor, str) or not cursor:
            break
    t.ok('no page is above 6.5 MB', max(sizes) <= 6.6e6, '6.5 MB', sizes)
    t.equal('all are there, each once', sorted(seen), sorted('/nowhere/%d' % i for i in range(12)))


def case_call_logs_keep_secrets(t):
    w = t.workspace()
    m, url = t.mock(w, collection=t.collection(w, pets()))
    t.call(url, '/alive', headers={'x-api-key': 'not-one-of-ours-123', 'Authorization': 'Bearer not-ours-either-456'})
    if t.key:
        t.call(url, '/alive', headers={'x-api-key': t.key})
    want = 2 if t.key else 1
    answer = t.until(lambda: t.get('/mocks/%s/call-logs' % m, query={'include': 'request.headers'}), lambda a: len(a['call-logs']) >= want)
    t.equal('the calls are there', len(answer['call-logs']), want)
    t.ok('the value of another API\'s x-api-key is hidden', 'not-one-of-ours-123' not in answer.text)
    if t.key:
        t.ok('a key of ours is hidden', t.key not in answer.text)
