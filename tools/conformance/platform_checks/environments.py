"""Environments."""
from .client import bare
from .documents import difference
from .workspaces import NOBODY

VALUES = [{'key': 'host', 'value': 'http://a', 'enabled': True, 'type': 'default', 'description': 'Where'},
          {'key': 'off', 'value': 'x', 'enabled': False, 'type': 'default'},
          {'key': 'token', 'value': '', 'enabled': True, 'type': 'default', 'secret': True,
           'source': {'provider': 'postman', 'postman': {'type': 'cloud', 'secretId': 's', 'vaultId': 'v'}}},
          {'key': 'password', 'value': 'p', 'enabled': True, 'type': 'secret'}]


def values(t, e):
    return t.need(t.get('/environments/' + e), 'environment', 'values')


def case_create_read(t):
    w = t.workspace()
    made = t.post('/environments', {'environment': {'name': 'Env', 'values': VALUES}}, query={'workspace': w})
    t.status('create', made, 200)
    e, uid = t.need(made, 'environment', 'id'), t.need(made, 'environment', 'uid')
    t.has('create', made, 'environment', 'name', want='Env')
    owner = str(t.get('/me')['user', 'id'])
    t.equal('the uid is the owner and the id', uid, '%s-%s' % (owner, e))
    read = t.get('/environments/' + e)
    t.status('read', read, 200)
    t.has('read', read, 'environment', 'name', want='Env')
    t.has('read', read, 'environment', 'owner', want=owner)
    t.equal('the values are kept with all that is in them', difference(VALUES, read['environment', 'values']), '')
    t.equal('read by uid is the same', t.get('/environments/' + uid).json, read.json)
    bare_one = t.post('/environments', {'environment': {'name': 'Empty'}}, query={'workspace': w})
    t.status('without values', bare_one, 200)
    t.equal('it has none', t.get('/environments/%s' % bare_one['environment', 'id'])['environment', 'values'], [])


def case_create_refused(t):
    w = t.workspace()
    for name, body in (('nothing', {}), ('no name', {'environment': {'values': []}}), ('null as a value', {'environment': {'name': 'A', 'values': [None]}}),
                       ('values that are no list', {'environment': {'name': 'A', 'values': 'x'}}), ('a list', [])):
        t.status(name, t.post('/environments', body, query={'workspace': w}), 400)
    t.error('no name', t.post('/environments', {'environment': {'values': []}}, query={'workspace': w}), 400, 'malformedRequestError')
    t.status('empty body', t.post('/environments', raw=b'', query={'workspace': w}), 400)
    t.status('broken JSON', t.post('/environments', raw=b'{]', query={'workspace': w}), 400)


def case_list(t):
    w = t.workspace()
    uids = [t.environment(w, {'n': str(i)}) for i in range(25)]
    rows = t.get('/environments', query={'workspace': w})
    t.equal('all of a workspace, without pages', sorted(r['uid'] for r in t.need(rows, 'environments')), sorted(uids))
    none = t.get('/environments', query={'workspace': NOBODY})
    t.equal('an unknown workspace is an empty list', (none.status, none['environments']), (200, []))
    t.ok('without a workspace all are there', set(uids) <= {r['uid'] for r in t.get('/environments')['environments']})


def case_patch(t):
    w = t.workspace()
    e = t.environment(w, VALUES)
    path = '/environments/' + bare(e)
    done = t.patch(path, [{'op': 'replace', 'path': '/name', 'value': 'Renamed'}])
    t.status('a name, as application/json', done, 200)
    t.has('patch', done, 'environment', 'name', want='Renamed')
    t.has('patch', done, 'environment', 'uid', want=e)
    t.status('add a variable', t.patch(path, [{'op': 'add', 'path': '/values/1', 'value': {'key': 'new', 'value': 'n', 'type': 'default', 'enabled': True}}]), 200)
    t.equal('it is at its place', [v['key'] for v in values(t, e)], ['host', 'new', 'off', 'token', 'password'])
    t.status('add at the end', t.patch(path, [{'op': 'add', 'path': '/values/-', 'value': {'key': 'end', 'value': 'e', 'type': 'default', 'enabled': True}}]), 200)
    t.equal('it is the last', values(t, e)[-1]['key'], 'end')
    t.status('replace several', t.patch(path, [{'op': 'replace', 'path': '/values/0/value', 'value': 'http://b'}, {'op': 'replace', 'path': '/values/0/enabled', 'value': False}]), 200)
    t.equal('they are replaced', (values(t, e)[0]['value'], values(t, e)[0]['enabled']), ('http://b', False))
    t.status('add a description', t.patch(path, [{'op': 'add', 'path': '/values/1/description', 'value': 'Text'}]), 200)
    t.equal('it is there', values(t, e)[1].get('description'), 'Text')
    t.status('remove several', t.patch(path, [{'op': 'remove', 'path': '/values/5'}, {'op': 'remove', 'path': '/values/1'}]), 200)
    t.equal('they are gone', [v['key'] for v in values(t, e)], ['host', 'off', 'token', 'password'])
    t.equal('the rest is kept', difference(VALUES[1:], values(t, e)[1:]), '')
    as_patch = t.patch(path, [{'op': 'replace', 'path': '/values/0/value', 'value': 'c'}], headers={'Content-Type': 'application/json-patch+json'})
    t.ok('as application/json-patch+json, too', as_patch.status in (200, 415), '200 (or 415)', as_patch.brief())


def case_patch_refused(t):
    w = t.workspace()
    e = t.environment(w, VALUES, name='Untouched')
    path = '/environments/' + e
    for name, body in (('an object', {'name': 'x'}), ('a path that is not there', [{'op': 'replace', 'path': '/values/99/value', 'value': 'x'}]),
                       ('a path that is none', [{'op': 'replace', 'path': 'values', 'value': 'x'}]), ('a member that is none', [{'op': 'replace', 'path': '/values/0/value', 'value': {'a': 1}}]),
                       ('an operation that is none', [{'op': 'burn', 'path': '/name', 'value': 'x'}]), ('no operation', [{'path': '/name', 'value': 'x'}]),
                       ('the first is good, the second is not', [{'op': 'replace', 'path': '/name', 'value': 'half'}, {'op': 'replace', 'path': '/values/99/value', 'value': 'x'}])):
        t.status(name, t.patch(path, body), 400)
    t.status('empty body', t.patch(path, raw=b''), 400)
    t.has('nothing of that changed it', t.get(path), 'environment', 'name', want='Untouched')
    t.equal('nor its values', difference(VALUES, values(t, e)), '')
    t.error('an unknown one', t.patch('/environments/' + NOBODY, [{'op': 'replace', 'path': '/name', 'value': 'x'}]), 404)


def case_put(t):
    w = t.workspace()
    e = t.environment(w, VALUES, name='First')
    done = t.put('/environments/' + bare(e), {'environment': {'name': 'Second', 'values': VALUES[:1]}})
    t.status('replace', done, 200)
    t.has('replace', done, 'environment', 'name', want='Second')
    t.has('replace', done, 'environment', 'uid', want=e)
    t.equal('the old values are gone', [v['key'] for v in values(t, e)], ['host'])
    t.status('values only', t.put('/environments/' + e, {'environment': {'values': []}}), 200)
    read = t.get('/environments/' + e)
    t.has('the name stays', read, 'environment', 'name', want='Second')
    t.has('the values are gone', read, 'environment', 'values', want=[])
    t.status('nothing', t.put('/environments/' + e, {}), 400)
    t.status('empty body', t.put('/environments/' + e, raw=b''), 400)
    t.status('null as a value', t.put('/environments/' + e, {'environment': {'name': 'A', 'values': [None]}}), 400)
    t.status('an unknown one', t.put('/environments/' + NOBODY, {'environment': {'name': 'A', 'values': []}}), 404)


def case_delete(t):
    w = t.workspace()
    e = t.environment(w, VALUES)
    done = t.delete('/environments/' + e)
    t.status('delete', done, 200)
    t.has('delete', done, 'environment', 'id', want=bare(e))
    t.has('delete', done, 'environment', 'uid', want=e)
    t.error('read it', t.get('/environments/' + e), 400, 'instanceNotFoundError', 'Not Found')
    t.error('delete it again', t.delete('/environments/' + e), 404, 'instanceNotFoundError', 'Not Found')
    t.equal('it is not listed', t.get('/environments', query={'workspace': w})['environments'], [])
