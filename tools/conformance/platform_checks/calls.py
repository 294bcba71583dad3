"""Calling mocks: access, matching, variables, headers that steer, errors."""
import json
import time

from .client import dig
from .documents import collection, pets, request, saved
from .workspaces import NOBODY

B = '{{baseUrl}}'


def mocked(t, *requests, environment=None, variable=None, **settings):
    """-> (id, URL, workspace, collection) of a mock of these requests"""
    w = t.workspace()
    c = t.collection(w, collection('Calls', list(requests), **({'variable': variable} if variable else {})))
    if environment is not None:
        settings['environment'] = t.environment(w, environment)
    m, url = t.mock(w, collection=c, **settings)
    return m, url, w, c


def one(path, body, name=None, method='GET', code=200, **kw):
    return request(name or path, method, B + path, [saved(name or path, method, B + path, code, body, **kw)])


def case_errors(t):
    _, url, _, _ = mocked(t, one('/alive', {'ok': 1}))
    missed = t.call(url, '/nothing')
    t.error('nothing matches', missed, 404, 'mockRequestNotFoundError')
    t.equal('header', missed['error', 'header'], 'No matching requests')
    t.equal('message', missed['error', 'message'], 'Double check your method and the request path and try again.')
    t.ok('details', missed['error', 'details'] != '<missing>', 'details', missed.brief())
    t.ok('the nearest example is named', '/alive' in missed.text, '/alive', missed.brief())
    t.error('another method', t.call(url, '/alive', 'DELETE'), 404, 'mockRequestNotFoundError')
    t.error('an unknown mock', t.call(t.base + '/m/' + NOBODY, '/alive'), 404, 'mockNotFoundError')
    t.ok('errors are JSON', missed.header('content-type').startswith('application/json'), 'application/json', missed.header('content-type'))


def case_cors(t):
    m, url, _, _ = mocked(t, one('/alive', {'ok': 1}, method='POST'))
    for private in (False, True):
        t.put('/mocks/' + m, {'mock': {'private': private}})
        pre = t.call(url, '/alive', 'OPTIONS', headers={'Origin': 'https://app.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-one'})
        kind = 'private' if private else 'public'
        t.ok('preflight of a %s mock' % kind, pre.status in (200, 204), '200 or 204', pre.brief())
        t.ok('origin', pre.header('access-control-allow-origin') in ('*', 'https://app.example'), '*', pre.header('access-control-allow-origin'))
        t.ok('method', 'POST' in pre.header('access-control-allow-methods') or pre.header('access-control-allow-methods') == '*', 'POST', pre.header('access-control-allow-methods'))
        t.ok('headers', 'x-one' in pre.header('access-control-allow-headers').lower() or pre.header('access-control-allow-headers') == '*', 'x-one', pre.header('access-control-allow-headers'))
        answer = t.call(url, '/alive', 'POST', headers={'Origin': 'https://app.example'})
        t.ok('the answer of a %s mock has the header, too' % kind, answer.header('access-control-allow-origin') in ('*', 'https://app.example'), '*', answer.headers)


def case_private(t):
    m, url, _, _ = mocked(t, one('/alive', {'ok': 1}), private=True)
    t.error('no key', t.call(url, '/alive'), 401, 'invalidCredentialsError')
    t.error('a wrong key', t.call(url, '/alive', headers={'x-api-key': 'wrong'}), 401, 'invalidCredentialsError')
    t.error('a wrong bearer', t.call(url, '/alive', headers={'Authorization': 'Bearer wrong'}), 401, 'invalidCredentialsError')
    t.error('no key on a path that is not there', t.call(url, '/nothing'), 401, 'invalidCredentialsError')
    if t.key:
        for name, value in (('x-api-key', t.key), ('X-API-Key', t.key), ('Authorization', 'Bearer ' + t.key), ('x-mimus-key', t.key)):
            t.equal('with the key as %s' % name, t.call(url, '/alive', headers={name: value}).status, 200)
    t.post('/mocks/%s/publish' % m)
    t.equal('without a key once it is published', t.call(url, '/alive').status, 200)
    t.delete('/mocks/%s/unpublish' % m)
    t.error('and not any more', t.call(url, '/alive'), 401, 'invalidCredentialsError')


def case_variables(t):
    _, url, w, c = mocked(t, request('V', 'GET', B + '/{{stage}}/v', [saved('V', 'GET', B + '/{{stage}}/v', 200, '{"owner":"{{owner}}","both":"{{both}}","off":"{{off}}","none":"{{none}}"}',
                                                                         headers=[{'key': 'Content-Type', 'value': 'application/json'}, {'key': 'X-Owner', 'value': '{{owner}}'}])]),
                          variable=[{'key': 'stage', 'value': 'prod'}, {'key': 'both', 'value': 'collection'}],
                          environment=[{'key': 'owner', 'value': 'me', 'enabled': True}, {'key': 'both', 'value': 'environment', 'enabled': True}, {'key': 'off', 'value': 'x', 'enabled': False}])
    answer = t.call(url, '/prod/v')
    t.equal('variables of both', answer.json, {'owner': 'me', 'both': 'environment', 'off': '{{off}}', 'none': '{{none}}'})
    t.equal('in headers', answer.header('x-owner'), 'me')
    t.equal('a resolved variable is no wildcard', t.call(url, '/test/v').status, 404)
    e = t.get('/workspaces/' + w)['workspace', 'environments', 0, 'uid']
    t.patch('/environments/' + e, [{'op': 'replace', 'path': '/values/0/value', 'value': 'you'}])
    t.equal('a change of the environment is served at once', dig(t.call(url, '/prod/v').json, 'owner'), 'you')
    t.patch('/collections/' + c, {'collection': {'variable': [{'key': 'stage', 'value': 'test'}]}})
    t.equal('a change of the collection\'s variables, too', (t.call(url, '/test/v').status, t.call(url, '/prod/v').status), (200, 404))


def case_changes_at_once(t):
    _, url, w, c = mocked(t, one('/alive', {'n': 1}))
    for n in (2, 3, 4):
        t.put('/collections/' + c, {'collection': collection('Calls', [one('/alive', {'n': n})])})
        t.equal('change %d' % n, dig(t.call(url, '/alive').json, 'n'), n)
    t.put('/collections/' + c, {'collection': collection('Calls', [one('/other', {'n': 5})])})
    t.equal('what is gone, what is new', (t.call(url, '/alive').status, t.call(url, '/other').status), (404, 200))


def case_steering(t):
    steered = request('S', 'GET', B + '/s', [
        saved('Fine', 'GET', B + '/s', 200, {'r': 'fine'}), saved('Bad', 'GET', B + '/s', 400, {'r': 'bad'}), saved('Other', 'GET', B + '/s', 200, {'r': 'other'})])
    _, url, _, c = mocked(t, steered)
    t.equal('x-mock-response-code', t.call(url, '/s', headers={'x-mock-response-code': '400'}).json, {'r': 'bad'})
    t.error('a code that none has', t.call(url, '/s', headers={'x-mock-response-code': '418'}), 404, 'mockRequestNotFoundError')
    t.equal('x-mock-response-name', t.call(url, '/s', headers={'x-mock-response-name': 'Other'}).json, {'r': 'other'})
    t.error('a name that none has', t.call(url, '/s', headers={'x-mock-response-name': 'Nobody'}), 404, 'mockRequestNotFoundError')
    found = t.get('/collections/' + c)['collection', 'item', 0, 'response']
    t.equal('x-mock-response-id', t.call(url, '/s', headers={'x-mock-response-id': found[1]['id']}).json, {'r': 'bad'})
    t.equal('with its uid', t.call(url, '/s', headers={'x-mock-response-id': found[2]['uid']}).json, {'r': 'other'})
    t.error('an id that none has', t.call(url, '/s', headers={'x-mock-response-id': NOBODY}), 404, 'mockRequestNotFoundError')
    t.error('the path must match all the same', t.call(url, '/elsewhere', headers={'x-mock-response-name': 'Other'}), 404, 'mockRequestNotFoundError')
    begin = time.monotonic()
    t.call(url, '/s', headers={'x-mock-response-delay': '250'})
    spent = time.monotonic() - begin
    t.ok('x-mock-response-delay', 0.24 < spent < 2, '0.25 s', '%.3f s' % spent)


def case_paths(t):
    _, url, _, _ = mocked(t, one('/users/:id', '{"id":"{{id}}"}', 'by id'), one('/users/me', {'me': 1}, 'me'),
                          one('/teams/{{team}}/members', '{"team":"{{team}}"}', 'members'), one('/a/b/c', {'deep': 1}, 'deep'))
    t.equal('a path variable', t.call(url, '/users/42').json, {'id': '42'})
    t.equal('the literal path wins', t.call(url, '/users/me').json, {'me': 1})
    t.equal('a wildcard', t.call(url, '/teams/red/members').json, {'team': 'red'})
    t.equal('a wildcard is one segment', t.call(url, '/teams/red/blue/members').status, 404)
    t.equal('a trailing slash', t.call(url, '/a/b/c/').status, 200)
    t.equal('another case', t.call(url, '/A/b/C').status, 200)
    t.equal('what is captured stays JSON', dig(t.call(url, '/teams/%22x%5C/members').json, 'team'), '"x\\')


def case_query(t):
    two = request('Q', 'GET', B + '/q', [saved('A', 'GET', B + '/q?type=a', 200, {'q': 'a'}), saved('B', 'GET', B + '/q?type=b', 200, {'q': 'b'})])
    m, url, _, _ = mocked(t, two)
    t.equal('the equal one answers', (t.call(url, '/q?type=a').json, t.call(url, '/q?type=b').json), ({'q': 'a'}, {'q': 'b'}))
    t.equal('another query answers all the same', t.call(url, '/q?type=c').status, 200)
    t.put('/mocks/' + m, {'mock': {'config': {'matchQueryParams': False}}})
    t.equal('matchQueryParams: false', t.call(url, '/q?type=a').json, t.call(url, '/q?type=b').json)


def case_bodies_and_headers(t):
    def raw(text):
        return {'mode': 'raw', 'raw': text, 'options': {'raw': {'language': 'json'}}}
    both = request('P', 'POST', B + '/p', [
        saved('One', 'POST', B + '/p', 200, {'b': 1}, request_body=raw('{"n": 1, "m": [1, 2]}'), request_headers=[{'key': 'X-Kind', 'value': 'first'}]),
        saved('Two', 'POST', B + '/p', 200, {'b': 2}, request_body=raw('{"n": 2}'), request_headers=[{'key': 'X-Kind', 'value': 'second'}])])
    m, url, _, _ = mocked(t, both, config={'matchBody': True})
    t.equal('matchBody: as JSON values', (t.call(url, '/p', 'POST', body='{"m":[1,2],"n":1}', headers={'Content-Type': 'application/json'}).json, t.call(url, '/p', 'POST', body={'n': 2}).json), ({'b': 1}, {'b': 2}))
    t.error('no body matches', t.call(url, '/p', 'POST', body={'n': 3}), 404, 'mockRequestNotFoundError')
    t.equal('x-mock-match-request-body: false', t.call(url, '/p', 'POST', body={'n': 3}, headers={'x-mock-match-request-body': 'false'}).status, 200)
    t.put('/mocks/' + m, {'mock': {'config': {'matchBody': False}}})
    t.equal('x-mock-match-request-body: true', t.call(url, '/p', 'POST', body={'n': 1, 'm': [1, 2]}, headers={'x-mock-match-request-body': 'true'}).json, {'b': 1})
    t.put('/mocks/' + m, {'mock': {'config': {'matchHeader': True, 'headers': ['x-kind']}}})
    t.equal('matchHeader', (t.call(url, '/p', 'POST', headers={'x-kind': 'FIRST'}).json, t.call(url, '/p', 'POST', headers={'x-kind': 'second'}).json), ({'b': 1}, {'b': 2}))
    t.error('no header matches', t.call(url, '/p', 'POST', headers={'x-kind': 'third'}), 404, 'mockRequestNotFoundError')
    t.put('/mocks/' + m, {'mock': {'config': {'matchHeader': False, 'headers': []}}})
    t.equal('x-mock-match-request-headers', t.call(url, '/p', 'POST', headers={'x-kind': 'first', 'x-mock-match-request-headers': 'x-kind'}).json, {'b': 1})


def case_dynamic(t):
    text = '{"id":"{{$guid}}","n":{{$randomInt}},"name":"{{$body \'user.name\'}}","none":"{{$body \'a.b\' \'fallback\'}}","q":"{{$queryParams \'page\'}}","h":"{{$headers \'x-one\'}}","s":"{{$pathSegments \'1\'}}"}'
    _, url, _, _ = mocked(t, request('D', 'POST', B + '/d/e', [saved('D', 'POST', B + '/d/e', 200, text)]))
    answer = t.call(url, '/d/e?page=3', 'POST', headers={'x-one': 'two'}, body={'user': {'name': 'A "quoted" \\ name'}})
    got = answer.json or {}
    t.ok('$guid', len(str(got.get('id'))) == 36 and '{{' not in str(got.get('id')), 'a UUID', answer.brief())
    t.ok('$randomInt', isinstance(got.get('n'), int), 'a number', got.get('n'))
    t.equal('$body, escaped for JSON', got.get('name'), 'A "quoted" \\ name')
    t.equal('$body with a default', got.get('none'), 'fallback')
    t.equal('$queryParams', got.get('q'), '3')
    t.equal('$headers', got.get('h'), 'two')
    t.equal('$pathSegments', got.get('s'), 'e')
    second = t.call(url, '/d/e', 'POST', body={})
    t.ok('each call anew', dig(second.json, 'id') != got.get('id'), 'another UUID', dig(second.json, 'id'))


def case_delay(t):
    _, url, _, _ = mocked(t, one('/alive', {'ok': 1}), config={'delay': {'type': 'fixed', 'duration': 200}})
    begin = time.monotonic()
    t.call(url, '/alive')
    spent = time.monotonic() - begin
    t.ok('a fixed delay', 0.19 < spent < 2, '0.2 s', '%.3f s' % spent)


def case_answers(t):
    _, url, _, _ = mocked(t, one('/text', 'plain text', headers=[{'key': 'Content-Type', 'value': 'text/plain'}]),
                          request('Gone', 'DELETE', B + '/gone', [saved('Gone', 'DELETE', B + '/gone', 204, '', status='No Content', headers=[])]),
                          one('/created', {'id': 1}, method='POST', code=201, headers=[{'key': 'Content-Type', 'value': 'application/json'}, {'key': 'Location', 'value': '/created/1'}]))
    text = t.call(url, '/text')
    t.equal('a text', (text.text, text.header('content-type').split(';')[0]), ('plain text', 'text/plain'))
    t.equal('no content', (t.call(url, '/gone', 'DELETE').status, t.call(url, '/gone', 'DELETE').body), (204, b''))
    created = t.call(url, '/created', 'POST', body={})
    t.equal('created', (created.status, created.header('location')), (201, '/created/1'))
    if '/m/' in url:
        t.ok('an answer beside the console is in a sandbox', 'sandbox' in text.header('content-security-policy'), 'Content-Security-Policy: sandbox …', text.headers)


def case_isolation(t):
    w = t.workspace()
    c = t.collection(w, pets())
    first, url = t.mock(w, collection=c, environment=t.environment(w, {'owner': 'one'}))
    second, other = t.mock(w, collection=c, environment=t.environment(w, {'owner': 'two'}))
    t.equal('one collection, two mocks, two environments', (dig(t.call(url, '/pets/1').json, 'owner'), dig(t.call(other, '/pets/1').json, 'owner')), ('one', 'two'))
    t.delete('/mocks/' + first)
    t.equal('the other answers on', t.call(other, '/pets/1').status, 200)
    t.equal('json is whole', json.loads(t.call(other, '/pets').text)[0]['name'], 'Rex')
