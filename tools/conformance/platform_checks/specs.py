"""Specs with files, version tags, generation and synchronisation; imports."""
import json
import urllib.parse

import yaml

from .client import bare, dig
from .documents import MULTI, OPENAPI, collection, names, openapi, pets, request, saved, simple_get
from .workspaces import NOBODY

TEXT = json.dumps(OPENAPI, indent=2)
YAML = 'openapi: 3.0.3\ninfo: {title: Yaml, version: "1"}\npaths:\n  /y:\n    get:\n      responses:\n        "200": {description: ok}\n'
EMPTY = '{"openapi":"3.0.0","info":{"title":"a","version":"1"},"paths":{}}'


def case_create_read(t):
    w = t.workspace()
    made = t.post('/specs', {'name': 'Crafts', 'type': 'OPENAPI:3.0', 'files': [{'path': 'index.json', 'content': TEXT}]}, query={'workspaceId': w})
    t.status('create', made, 201)
    s = t.need(made, 'id')
    me = t.get('/me')['user', 'id']
    for key, want in (('name', 'Crafts'), ('type', 'OPENAPI:3.0'), ('createdBy', me), ('updatedBy', me)):
        t.has('create', made, key, want=want)
    read = t.get('/specs/' + s)
    t.status('read', read, 200)
    for key, want in (('id', s), ('name', 'Crafts'), ('type', 'OPENAPI:3.0'), ('fileFormat', 'json')):
        t.has('read', read, key, want=want)
    y = t.spec(w, {'index.yaml': YAML})
    t.has('a spec in YAML', t.get('/specs/' + y), 'fileFormat', want='yaml')
    definition = t.get('/specs/%s/definitions' % s)
    t.status('definition', definition, 200)
    t.ok('of JSON as JSON', definition.header('content-type').startswith('application/json'), 'application/json', definition.header('content-type'))
    got = definition.json if isinstance(definition.json, dict) else json.loads(definition.json or '{}')
    t.equal('definition', dig(got, 'info', 'title'), 'Spacecraft')
    as_yaml = t.get('/specs/%s/definitions' % y)
    t.ok('of YAML as YAML', as_yaml.header('content-type').startswith('application/yaml') and 'title: Yaml' in as_yaml.text, 'application/yaml', as_yaml.brief())


def case_types(t):
    w = t.workspace()
    for kind, path, text, form in (('OPENAPI:2.0', 'a.json', '{"swagger":"2.0","info":{"title":"a","version":"1"},"paths":{}}', 'json'),
                                   ('OPENAPI:3.1', 'a.yaml', 'openapi: 3.1.0\ninfo: {title: a, version: "1"}\npaths: {}\n', 'yaml'),
                                   ('OPENAPI:3.2', 'a.yaml', 'openapi: 3.2.0\ninfo: {title: a, version: "1"}\npaths: {}\n', 'yaml'),
                                   ('ASYNCAPI:2.0', 'a.yaml', 'asyncapi: 2.5.0\ninfo: {title: a, version: "1"}\nchannels: {}\n', 'yaml'),
                                   ('PROTOBUF:3', 'a.proto', 'syntax = "proto3";\n', 'proto'),
                                   ('GRAPHQL', 'a.graphql', 'type Query { a: String }\n', 'graphql')):
        made = t.post('/specs', {'name': kind, 'type': kind, 'files': [{'path': path, 'content': text}]}, query={'workspaceId': w})
        if not t.status('create ' + kind, made, 201):
            continue
        read = t.get('/specs/%s' % made['id'])
        t.has(kind, read, 'fileFormat', want=form)
        t.has(kind, read, 'type', want=kind)
        t.equal('%s: the file is kept' % kind, t.get('/specs/%s/files/%s' % (made['id'], path))['content'], text)
        if not kind.startswith('OPENAPI'):
            refused = t.post('/mocks', {'mock': {'name': 'No', 'spec': made['id']}}, query={'workspace': w})
            t.status('mocking %s' % kind, refused, 400)
            t.ok('mocking %s says why' % kind, len(refused.text) > 60, 'a reason', refused.brief())
    t.status('unknown type', t.post('/specs', {'name': 'A', 'type': 'COBOL:1', 'files': [{'path': 'a', 'content': 'x'}]}, query={'workspaceId': w}), 400)


def case_create_refused(t):
    w = t.workspace()
    good = {'name': 'A', 'type': 'OPENAPI:3.0', 'files': [{'path': 'index.json', 'content': EMPTY}]}
    for key in good:
        t.status('no %s' % key, t.post('/specs', {k: v for k, v in good.items() if k != key}, query={'workspaceId': w}), 400)
    two = [{'path': 'a.json', 'content': EMPTY, 'type': 'ROOT'}, {'path': 'b.json', 'content': '{}', 'type': 'ROOT'}]
    t.status('two roots', t.post('/specs', {**good, 'files': two}, query={'workspaceId': w}), 400)
    none = [{**f, 'type': 'DEFAULT'} for f in two]
    t.status('no root', t.post('/specs', {**good, 'files': none}, query={'workspaceId': w}), 400)
    t.status('no files', t.post('/specs', {**good, 'files': []}, query={'workspaceId': w}), 400)
    t.status('a file without content', t.post('/specs', {**good, 'files': [{'path': 'a.json'}]}, query={'workspaceId': w}), 400)
    t.status('a path that leads out', t.post('/specs', {**good, 'files': [{'path': '../a.json', 'content': EMPTY}]}, query={'workspaceId': w}), 400)
    t.status('the same path twice', t.post('/specs', {**good, 'files': [two[0], {**two[0], 'type': 'DEFAULT'}]}, query={'workspaceId': w}), 400)
    t.status('unknown workspace', t.post('/specs', good, query={'workspaceId': NOBODY}), 404, 400)
    t.status('empty body', t.post('/specs', raw=b'', query={'workspaceId': w}), 400)
    t.equal('nothing was made', t.get('/specs', query={'workspaceId': w})['specs'], [])


def case_list(t):
    w = t.workspace()
    ids = [t.spec(w, {'index.json': EMPTY}) for _ in range(12)]
    first = t.get('/specs', query={'workspaceId': w})
    t.equal('10 rows without a limit', len(t.need(first, 'specs')), 10)
    cursor = first['meta', 'nextCursor']
    t.ok('there is a cursor', isinstance(cursor, str) and cursor, 'a cursor', cursor)
    rest = t.get('/specs', query={'workspaceId': w, 'cursor': cursor})
    t.equal('the pages are the whole', sorted(s['id'] for s in first['specs'] + t.need(rest, 'specs')), sorted(ids))
    t.equal('the last page has no cursor', rest['meta', 'nextCursor'], None)
    t.equal('limit', len(t.get('/specs', query={'workspaceId': w, 'limit': 3})['specs']), 3)
    t.equal('all fit', len(t.get('/specs', query={'workspaceId': w, 'limit': 50})['specs']), 12)
    t.status('limit=x', t.get('/specs', query={'workspaceId': w, 'limit': 'x'}), 400)
    t.status('a cursor that is none', t.get('/specs', query={'workspaceId': w, 'cursor': '%%%'}), 400)


def case_rename_delete(t):
    w = t.workspace()
    s = t.spec(w, {'index.json': EMPTY})
    done = t.patch('/specs/' + s, {'name': 'Renamed'})
    t.status('rename', done, 200)
    t.has('rename', done, 'name', want='Renamed')
    t.has('read back', t.get('/specs/' + s), 'name', want='Renamed')
    t.status('nothing', t.patch('/specs/' + s, {}), 400)
    t.status('empty body', t.patch('/specs/' + s, raw=b''), 400)
    t.status('delete', t.delete('/specs/' + s), 204)
    t.status('read it', t.get('/specs/' + s), 404)
    t.status('delete it again', t.delete('/specs/' + s), 404)
    t.equal('it is not listed', t.get('/specs', query={'workspaceId': w})['specs'], [])
    for method, path, body in (('GET', '', None), ('PATCH', '', {'name': 'A'}), ('DELETE', '', None), ('GET', '/files', None), ('GET', '/definitions', None),
                               ('GET', '/version-tags', None), ('POST', '/files', {'path': 'a.json', 'content': '{}'}), ('GET', '/generations/collection', None)):
        t.status('unknown', t.send(method, '/specs/%s%s' % (NOBODY, path), body), 404)


def case_files(t):
    w = t.workspace()
    s = t.spec(w, MULTI)
    rows = t.need(t.get('/specs/%s/files' % s), 'files')
    t.equal('all files', sorted((f['path'], f['name'], f['type']) for f in rows),
            [('components/schemas/craft.yaml', 'craft.yaml', 'DEFAULT'), ('index.yaml', 'index.yaml', 'ROOT')])
    nested = 'components/schemas/craft.yaml'
    for form, path in (('plain', nested), ('%2F', urllib.parse.quote(nested, safe=''))):
        read = t.get('/specs/%s/files/%s' % (s, path))
        t.status('read a nested file, ' + form, read, 200)
        t.has('read', read, 'content', want=MULTI[1]['content'])
        t.has('read', read, 'path', want=nested)
    changed = MULTI[1]['content'] + '    speed: {type: number}\n'
    for form, path in (('plain', nested), ('%2F', urllib.parse.quote(nested, safe=''))):
        t.status('change a nested file, ' + form, t.patch('/specs/%s/files/%s' % (s, path), {'content': changed}), 200)
    t.has('changed', t.get('/specs/%s/files/%s' % (s, nested)), 'content', want=changed)
    definition = t.get('/specs/%s/definitions' % s)
    t.ok('the definition is whole', 'speed' in definition.text and 'craft.yaml#' not in definition.text, 'the schema, no reference to a file', definition.brief())
    made = t.post('/specs/%s/files' % s, {'path': 'more/extra.json', 'content': '{"a":1}'})
    t.status('add a file', made, 201)
    t.has('add', made, 'path', want='more/extra.json')
    t.has('add', made, 'type', want='DEFAULT')
    t.has('it can be read', t.get('/specs/%s/files/more/extra.json' % s), 'content', want='{"a":1}')
    t.status('the same path again', t.post('/specs/%s/files' % s, {'path': 'more/extra.json', 'content': '{}'}), 400, 409)
    t.status('no content', t.post('/specs/%s/files' % s, {'path': 'x.json'}), 400)
    t.status('no path', t.post('/specs/%s/files' % s, {'content': '{}'}), 400)
    t.status('a path that leads out', t.post('/specs/%s/files' % s, {'path': '../x.json', 'content': '{}'}), 400)
    t.status('an absolute path', t.post('/specs/%s/files' % s, {'path': '/etc/x.json', 'content': '{}'}), 400)
    t.status('empty body', t.post('/specs/%s/files' % s, raw=b''), 400)
    t.status('two members at once', t.patch('/specs/%s/files/more/extra.json' % s, {'content': '{}', 'type': 'ROOT'}), 400)
    t.status('no member', t.patch('/specs/%s/files/more/extra.json' % s, {}), 400)
    renamed = t.patch('/specs/%s/files/more/extra.json' % s, {'name': 'other.json'})
    t.status('rename a file', renamed, 200)
    t.has('rename', renamed, 'path', want='more/other.json')
    t.status('the old path', t.get('/specs/%s/files/more/extra.json' % s), 404)
    t.status('make it the root', t.patch('/specs/%s/files/more/other.json' % s, {'type': 'ROOT'}), 200)
    t.equal('there is one root', sorted((f['path'], f['type']) for f in t.get('/specs/%s/files' % s)['files']),
            [(nested, 'DEFAULT'), ('index.yaml', 'DEFAULT'), ('more/other.json', 'ROOT')])
    t.status('and back', t.patch('/specs/%s/files/index.yaml' % s, {'type': 'ROOT'}), 200)
    t.status('delete a nested file', t.delete('/specs/%s/files/more%%2Fother.json' % s), 204)
    t.status('read it', t.get('/specs/%s/files/more/other.json' % s), 404)
    t.status('delete it again', t.delete('/specs/%s/files/more/other.json' % s), 404)


def case_large_file(t):
    w = t.workspace()
    text = '{"openapi":"3.0.0","info":{"title":"a","version":"1","description":"%s"},"paths":{}}' % ('x' * 13_000_000)
    made = t.post('/specs', {'name': 'Large', 'type': 'OPENAPI:3.0', 'files': [{'path': 'index.json', 'content': text}]}, query={'workspaceId': w})
    if t.status('a file of 13 MB', made, 201):
        t.equal('it comes back', len(t.get('/specs/%s/files/index.json' % made['id'])['content']), len(text))


def case_references_stay_inside(t):
    """What a spec refers to outside of its own files is not read."""
    w = t.workspace()
    for where in ('/etc/hostname', 'file:///etc/hostname', '../../../../../../etc/hostname', t.base + '/_mimus/api/me', 'http://169.254.169.254/latest/meta-data'):
        text = json.dumps({'openapi': '3.0.3', 'info': {'title': 'a', 'version': '1'}, 'paths': {
            '/good': {'get': {'responses': {'200': {'description': 'ok', 'content': {'application/json': {'example': {'a': 1}}}}}}},
            '/bad': {'get': {'responses': {'200': {'description': 'ok', 'content': {'application/json': {'schema': {'$ref': where}}}}}}}}})
        s = t.spec(w, {'index.json': text})
        whole = t.get('/specs/%s/definitions' % s)
        t.ok('the definition with %s' % where, whole.status in (200, 400) and 'teamDomain' not in whole.text and '$ref' in whole.text + '$ref' * (whole.status == 400), 'the reference as it is', whole.brief())
        _, url = t.mock(w, spec=s)
        t.equal('the rest of it is mocked', t.call(url, '/good').status, 200)
        t.ok('the reference is not followed', 'teamDomain' not in t.call(url, '/bad').text)


def case_too_large(t):
    w = t.workspace()
    body = b'{"name":"Huge","type":"OPENAPI:3.0","files":[{"path":"index.json","content":"' + b'x' * (65 << 20) + b'"}]}'
    answer = t.post('/specs', raw=body, query={'workspaceId': w})
    t.status('65 MiB', answer, 413, 400)
    t.ok('it says which limit', '64' in answer.text, '64 MB', answer.brief())


def case_version_tags(t):
    w = t.workspace()
    s = t.spec(w, MULTI)
    path = '/specs/%s/version-tags' % s
    t.equal('none at first', t.get(path)['data'], [])
    made = t.post(path, {'name': '1.0.0'})
    t.status('create', made, 201)
    tag = t.need(made, 'data', 'id')
    t.has('create', made, 'data', 'name', want='1.0.0')
    t.status('again without a change', t.post(path, {'name': '1.0.1'}), 409)
    t.patch('/specs/%s/files/index.yaml' % s, {'content': MULTI[0]['content'].replace('Many', 'Very many')})
    t.status('after a change', t.post(path, {'name': '1.0.1'}), 201)
    t.equal('list', sorted(x['name'] for x in t.get(path)['data']), ['1.0.0', '1.0.1'])
    first = t.get(path, query={'limit': 1})
    t.equal('limit', len(t.need(first, 'data')), 1)
    t.equal('the cursor leads on', len(t.get(path, query={'limit': 1, 'cursor': first['meta', 'nextCursor']})['data']), 1)
    files = t.get('%s/%s/files' % (path, tag))
    t.status('files of a tag', files, 200)
    old = [f for f in t.need(files, 'data') if f.get('path') == 'index.yaml']
    t.equal('they are as they were', [f.get('content') for f in old], [MULTI[0]['content']])
    t.equal('files and folders', sorted((f['type'], f['path']) for f in files['data']),
            [('FILE', 'components/schemas/craft.yaml'), ('FILE', 'index.yaml'), ('FOLDER', 'components'), ('FOLDER', 'components/schemas')])
    t.status('unknown tag', t.get('%s/%s/files' % (path, NOBODY)), 404)
    t.status('no name', t.post(path, {}), 400)


def generate(t, s, name='Generated', **options):
    """-> uid of the collection"""
    started = t.post('/specs/%s/generations/collection' % s, {'name': name, 'options': options})
    t.status('generate a collection', started, 202)
    ended = t.task(started)
    t.has('the task ends', ended, 'status', want='completed')
    return t.need(ended, 'details', 'resources', 0, 'id'), ended


def leaves(found):
    for i in found:
        yield from leaves(i['item']) if 'item' in i else [i]


def case_generate_collection(t):
    w = t.workspace()
    s = t.spec(w, {'index.json': TEXT})
    c, ended = generate(t, s, 'From the spec', folderStrategy='Tags', parametersResolution='Example')
    t.has('the task', ended, 'meta', 'model', want='collection')
    t.has('the task', ended, 'meta', 'action', want='generation')
    url = ended['details', 'resources', 0, 'url']
    t.status('the url of the collection', t.get(url), 200)
    read = t.get('/collections/' + c)
    t.has('the name', read, 'collection', 'info', 'name', want='From the spec')
    requests = list(leaves(t.need(read, 'collection', 'item')))
    t.equal('all operations', sorted(dig(r, 'request', 'method') for r in requests), ['GET', 'GET', 'POST'])
    t.ok('a folder for the tag', any(i.get('name') == 'crafts' and 'item' in i for i in read['collection', 'item']), 'crafts', names(read['collection', 'item']))
    t.ok('parametersResolution=Example has examples', 'Enterprise' in read.text, 'Enterprise', '')
    schema, _ = generate(t, s, 'Of types', folderStrategy='Paths', parametersResolution='Schema')
    add = [r for r in leaves(t.get('/collections/' + schema)['collection', 'item']) if dig(r, 'request', 'method') == 'POST'][0]
    t.ok('parametersResolution=Schema has no examples', 'Enterprise' not in str(dig(add, 'request', 'body', 'raw')) and 'name' in str(dig(add, 'request', 'body', 'raw')),
         'a body of the schema', dig(add, 'request', 'body', 'raw'))
    default, _ = generate(t, s, 'By default')
    add = [r for r in leaves(t.get('/collections/' + default)['collection', 'item']) if dig(r, 'request', 'method') == 'POST'][0]
    t.ok('the default is Schema', 'Enterprise' not in str(dig(add, 'request', 'body', 'raw')), 'a body of the schema', dig(add, 'request', 'body', 'raw'))
    rows = t.get('/specs/%s/generations/collection' % s)
    t.equal('the generated ones are listed', sorted((r['name'], r['state']) for r in t.need(rows, 'collections')),
            [('By default', 'in-sync'), ('From the spec', 'in-sync'), ('Of types', 'in-sync')])
    t.equal('limit', len(t.get('/specs/%s/generations/collection' % s, query={'limit': 2})['collections']), 2)
    in_workspace = [r['uid'] for r in t.get('/collections', query={'workspace': w})['collections']]
    t.ok('it is in the workspace of the spec', c in in_workspace or bare(c) in [bare(u) for u in in_workspace], c, in_workspace)
    _, mock = t.mock(w, collection=read['collection', 'info', 'uid'])
    answer = t.call(mock, '/v1/crafts/abc')
    t.equal('a mock of it answers', (answer.status, dig(answer.json, 'name')), (200, 'Enterprise'))


def case_generate_refused(t):
    w = t.workspace()
    s = t.spec(w, {'index.json': TEXT})
    path = '/specs/%s/generations/collection' % s
    t.status('empty body', t.post(path, raw=b''), 400)
    t.status('no name', t.post(path, {'options': {}}), 400)
    t.status('unknown folderStrategy', t.post(path, {'name': 'A', 'options': {'folderStrategy': 'Colours'}}), 400)
    t.status('unknown spec', t.post('/specs/%s/generations/collection' % NOBODY, {'name': 'A', 'options': {}}), 404)
    t.status('unknown task', t.get('/specs/%s/tasks/%s' % (s, NOBODY)), 404)
    broken = t.spec(w, {'index.json': '{"openapi":"3.0.0"'})
    started = t.post('/specs/%s/generations/collection' % broken, {'name': 'A', 'options': {}})
    if started.status == 202:
        ended = t.task(started)
        t.has('a broken spec: the task fails', ended, 'status', want='failed')
        t.ok('and says why', isinstance(ended['details'], str) and ended['details'], 'a text', ended['details'])
    else:
        t.status('a broken spec', started, 400)


def case_locked(t):
    w = t.workspace()
    many = openapi(**{'/p%d/{x}' % i: simple_get('P %d' % i, {'i': i}) for i in range(400)})
    s = t.spec(w, {'index.json': json.dumps(many)})
    first = t.post('/specs/%s/generations/collection' % s, {'name': 'A', 'options': {}})
    second = t.post('/specs/%s/generations/collection' % s, {'name': 'B', 'options': {}})
    t.ok('a second at once is taken, or told to wait and why', second.status == 202 or second.status == 423 and 'progress' in second.text, '202, or 423 and why', second.brief())
    t.has('the first ends', t.task(first), 'status', want='completed')


def case_synchronise_collection(t):
    w = t.workspace()
    s = t.spec(w, {'index.json': TEXT})
    c, _ = generate(t, s, parametersResolution='Example')
    c = t.need(t.get('/collections/' + c), 'collection', 'info', 'uid')
    state = lambda: dig(t.get('/specs/%s/generations/collection' % s).json, 'collections', 0, 'state')
    t.equal('in sync', state(), 'in-sync')
    t.patch('/specs/%s/files/index.json' % s, {'content': json.dumps(openapi(**{'/fleets': simple_get('List fleets', {'fleet': 1})}))})
    t.equal('out of sync after a change', state(), 'out-of-sync')
    t.ok('the collection waits', 'List fleets' not in t.get('/collections/' + c).text)
    started = t.put('/collections/%s/synchronizations' % c, query={'specId': s})
    t.status('synchronise', started, 202)
    t.has('the task ends', t.task(started), 'status', want='completed')
    t.equal('in sync again', state(), 'in-sync')
    t.ok('the collection has the new operation', '/fleets' in t.get('/collections/' + c).text or 'fleets' in t.get('/collections/' + c).text)
    t.equal('it keeps its uid', t.get('/collections/' + c)['collection', 'info', 'uid'], c)
    alone = t.collection(w, pets())
    t.status('a collection that was not made from it', t.put('/collections/%s/synchronizations' % alone, query={'specId': s}), 400, 403, 404)
    t.status('an unknown spec', t.put('/collections/%s/synchronizations' % c, query={'specId': NOBODY}), 404)
    t.status('no spec', t.put('/collections/%s/synchronizations' % c), 400)


def case_sync_options(t):
    w = t.workspace()
    s = t.spec(w, {'index.json': json.dumps(openapi(**{'/fleets': simple_get('List fleets', {'fleet': 1})}))})
    c, _ = generate(t, s, parametersResolution='Example')
    uid = t.need(t.get('/collections/' + c), 'collection', 'info', 'uid')
    path = '/specs/%s/collections/%s/sync-options' % (s, bare(uid))
    done = t.patch(path, {'syncOptions': {'deleteOrphanedRequests': False}})
    t.status('keep orphans', done, 200)
    t.has('keep orphans', done, 'syncOptions', 'deleteOrphanedRequests', want=False)
    t.has('what is absent is unchanged', done, 'syncOptions', 'syncExamples', want=True)
    t.patch('/specs/%s/files/index.json' % s, {'content': TEXT})
    t.task(t.put('/collections/%s/synchronizations' % uid, query={'specId': s}))
    t.ok('the orphan is kept', 'fleets' in t.get('/collections/' + uid).text, 'fleets', '')
    t.patch(path, {'syncOptions': {'deleteOrphanedRequests': True}})
    t.patch('/specs/%s/files/index.json' % s, {'content': TEXT.replace('Buy or rent', 'Rent or buy')})
    t.task(t.put('/collections/%s/synchronizations' % uid, query={'specId': s}))
    t.ok('the orphan is deleted', 'fleets' not in t.get('/collections/' + uid).text, 'no fleets', '')
    t.status('nothing', t.patch(path, {}), 400)
    t.status('empty body', t.patch(path, raw=b''), 400)
    t.status('unknown spec', t.patch('/specs/%s/collections/%s/sync-options' % (NOBODY, bare(uid)), {'syncOptions': {'syncExamples': True}}), 404)
    t.status('unknown collection', t.patch('/specs/%s/collections/%s/sync-options' % (s, NOBODY), {'syncOptions': {'syncExamples': True}}), 404)


def case_generate_spec(t):
    w = t.workspace()
    c = t.collection(w, pets())
    started = t.post('/collections/%s/generations/spec' % c, {'name': 'From pets', 'type': 'OPENAPI:3.0', 'format': 'JSON'})
    t.status('generate a spec', started, 200)
    ended = t.task(started)
    t.has('the task ends', ended, 'status', want='completed')
    t.has('the task', ended, 'meta', 'model', want='spec')
    s = t.need(ended, 'details', 'resources', 0, 'id')
    read = t.get('/specs/' + s)
    for key, want in (('name', 'From pets'), ('type', 'OPENAPI:3.0'), ('fileFormat', 'json')):
        t.has('the spec', read, key, want=want)
    doc = t.get('/specs/%s/definitions' % s).json
    doc = json.loads(doc) if isinstance(doc, str) else doc
    t.equal('its paths', sorted(dig(doc, 'paths')), ['/alive', '/pets', '/pets/{petId}'])
    rows = t.get('/collections/%s/generations/spec' % c)
    t.equal('it is listed', [(r['id'], r['name'], r['state']) for r in t.need(rows, 'specs')], [(s, 'From pets', 'in-sync')])
    second = t.post('/collections/%s/generations/spec' % c, {'name': 'Again', 'type': 'OPENAPI:3.1', 'format': 'YAML'})
    t.ok('a collection has one spec, or another is made', second.status in (200, 400, 403, 409), '200, or a refusal', second.brief())
    t.put('/collections/' + c, {'collection': collection('Fewer', [request('New', 'GET', '{{baseUrl}}/new', [saved('N', 'GET', '{{baseUrl}}/new', 200, {})])])})
    t.equal('out of sync after a change', dig(t.get('/collections/%s/generations/spec' % c).json, 'specs', 0, 'state'), 'out-of-sync')
    synced = t.put('/specs/%s/synchronizations' % s, query={'collectionUid': c})
    t.status('synchronise', synced, 202)
    t.has('the task ends', t.task(synced), 'status', want='completed')
    t.ok('the spec has the new path', '/new' in t.get('/specs/%s/definitions' % s).text)
    t.status('unknown collection', t.post('/collections/1-%s/generations/spec' % NOBODY, {'name': 'A', 'type': 'OPENAPI:3.0', 'format': 'JSON'}), 404)
    t.status('no name', t.post('/collections/%s/generations/spec' % c, {}), 400)
    t.status('a type that can not be made', t.post('/collections/%s/generations/spec' % c, {'name': 'A', 'type': 'GRAPHQL', 'format': 'JSON'}), 400)
    t.status('no collection', t.put('/specs/%s/synchronizations' % s), 400)


def imported(t, name, answer):
    if t.status(name, answer, 200):
        c = t.need(answer, 'collections', 0, 'uid')
        read = t.get('/collections/' + c)
        t.has(name, answer, 'collections', 0, 'name', want='Spacecraft')
        t.equal('%s: all operations' % name, sorted(dig(r, 'request', 'method') for r in leaves(read['collection', 'item'])), ['GET', 'GET', 'POST'])
        return c


def case_import(t):
    w = t.workspace()
    post = lambda body, **kw: t.post('/import/openapi', body, query={'workspace': w}, **kw)
    c = imported(t, 'type json, an object', post({'type': 'json', 'input': OPENAPI}))
    as_text = post({'type': 'json', 'input': TEXT})
    t.ok('type json, as text, is read or refused', as_text.status in (200, 400), '200 or 400', as_text.brief())
    made = 4 if as_text.status == 200 else 3
    imported(t, 'type string, JSON', post({'type': 'string', 'input': TEXT}))
    imported(t, 'type string, YAML', post({'type': 'string', 'input': as_yaml()}))
    rows = [r['uid'] for r in t.get('/collections', query={'workspace': w})['collections']]
    t.ok('they are in the workspace', c in rows and len(rows) == made, made, rows)
    tagged = post({'type': 'json', 'input': OPENAPI, 'options': {'folderStrategy': 'Tags'}})
    t.ok('options are honoured', any(i.get('name') == 'crafts' for i in t.get('/collections/%s' % tagged['collections', 0, 'uid'])['collection', 'item']), 'a folder crafts', '')
    t.error('no type', post({'input': OPENAPI}), 400, 'paramMissingError')
    t.error('unknown type', post({'type': 'picture', 'input': 'x'}), 400, 'invalidParamsError')
    t.status('no input', post({'type': 'json'}), 400)
    t.status('an input that is none', post({'type': 'string', 'input': 'hello'}), 400)
    t.status('empty body', t.post('/import/openapi', raw=b'', query={'workspace': w}), 400)


def case_import_file(t):
    w = t.workspace()
    edge = 'xxBOUNDARYxx'
    text = ('--%s\r\nContent-Disposition: form-data; name="type"\r\n\r\nfile\r\n--%s\r\nContent-Disposition: form-data; name="input"; filename="a.json"\r\n'
            'Content-Type: application/json\r\n\r\n%s\r\n--%s--\r\n' % (edge, edge, TEXT, edge))
    imported(t, 'multipart', t.post('/import/openapi', raw=text.encode(), query={'workspace': w},
                                    headers={'Content-Type': 'multipart/form-data; boundary=' + edge, 'X-Mimus-Import': 'true'}))


def as_yaml():
    return yaml.safe_dump(OPENAPI, sort_keys=False)
