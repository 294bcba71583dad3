"""The documents that the cases work on."""
import copy
import json
import uuid

SCHEMA = 'https://schema.postman.com/json/collection/v2.1.0/collection.json'


def event(listen, text):
    return {'listen': listen, 'script': {'type': 'text/javascript', 'exec': [text]}}


def saved(name, method, raw, code, body, status='OK', headers=None, request_headers=None, request_body=None, **more):
    """A saved response with the request that it answers."""
    original = {'method': method, 'header': request_headers or [], 'url': url(raw)}
    if request_body is not None:
        original['body'] = request_body
    return {'name': name, 'originalRequest': original, 'status': status, 'code': code,
            '_postman_previewlanguage': 'json',
            'header': headers if headers is not None else [{'key': 'Content-Type', 'value': 'application/json'}],
            'body': body if isinstance(body, str) else json.dumps(body), **more}


def url(raw):
    """A URL object of a text that begins with {{baseUrl}}."""
    path, _, query = raw.partition('?')
    parts = path.split('/')
    out = {'raw': raw, 'host': [parts[0]], 'path': parts[1:]}
    if query:
        out['query'] = [dict(zip(('key', 'value'), q.split('=', 1))) for q in query.split('&')]
    variables = [p[1:] for p in parts if p.startswith(':')]
    if variables:
        out['variable'] = [{'key': v, 'value': ''} for v in variables]
    return out


def request(name, method, raw, responses=(), **more):
    return {'name': name, 'request': {'method': method, 'header': [], 'url': url(raw), **more.pop('request', {})},
            'response': list(responses), **more}


def collection(name, items, **more):
    return {'info': {'name': name, 'schema': SCHEMA, **more.pop('info', {})}, 'item': items, **more}


def pets(name='Pets'):
    """A collection with folders, scripts, unknown members and saved responses,
    whose names are in no order of the alphabet."""
    return collection(name, [
        {'name': 'Zoo', 'description': 'Where the animals are', 'x-folder': {'keep': [1, 2.5, None]},
         'event': [event('prerequest', 'console.log("folder");')],
         'item': [
             request('List pets', 'GET', '{{baseUrl}}/pets?limit=10', [
                 saved('All pets', 'GET', '{{baseUrl}}/pets?limit=10', 200, [{'id': 1, 'name': 'Rex'}, {'id': 2, 'name': 'Mia'}],
                       headers=[{'key': 'Content-Type', 'value': 'application/json'}, {'key': 'X-Total', 'value': '2'}]),
                 saved('No pets', 'GET', '{{baseUrl}}/pets?limit=0', 404, {'error': 'none'}, status='Not Found')],
                     event=[event('test', 'pm.test("ok", () => pm.response.to.have.status(200));')],
                     **{'x-item': 'kept'}),
             request('Add a pet', 'POST', '{{baseUrl}}/pets', [
                 saved('Added', 'POST', '{{baseUrl}}/pets', 201, {'id': 3, 'name': 'Tom'}, status='Created')],
                     request={'header': [{'key': 'Content-Type', 'value': 'application/json'}],
                              'body': {'mode': 'raw', 'raw': '{"name":"Tom"}', 'options': {'raw': {'language': 'json'}}}}),
             {'name': 'Inner', 'item': [
                 request('Get a pet', 'GET', '{{baseUrl}}/pets/:petId', [
                     saved('One pet', 'GET', '{{baseUrl}}/pets/:petId', 200, '{"id":"{{petId}}","owner":"{{owner}}"}')])]}]},
        request('Alive', 'GET', '{{baseUrl}}/alive', [saved('Yes', 'GET', '{{baseUrl}}/alive', 200, {'alive': True})],
                protocolProfileBehavior={'disableBodyPruning': True}),
        request('Ünïcödé ☃', 'DELETE', '{{baseUrl}}/pets/:petId')],
        info={'description': 'All about pets'},
        event=[event('prerequest', 'console.log("collection");'), event('test', 'console.log("after");')],
        variable=[{'key': 'owner', 'value': 'from the collection'}, {'key': 'unused', 'value': 'x', 'disabled': True}],
        auth={'type': 'apikey', 'apikey': [{'key': 'value', 'value': '{{apiKey}}', 'type': 'string'},
                                           {'key': 'key', 'value': 'X-Pets-Key', 'type': 'string'}]},
        **{'x-collection': {'kept': True}})


def strip(node):
    """A collection without what a server adds: ids, times and who."""
    if isinstance(node, list):
        return [strip(n) for n in node]
    if isinstance(node, dict):
        gone = ('id', 'uid', '_postman_id', 'createdAt', 'updatedAt', 'lastUpdatedBy', 'responseTime', 'cookie')
        return {k: strip(v) for k, v in node.items() if k not in gone}
    return node


def names(items):
    """The tree of the names of items, in order."""
    return [[i.get('name'), names(i['item'])] if 'item' in i else i.get('name') for i in items]


def difference(want, got, at=''):
    """The first place where what was sent isn't what came back; '' when all of
    it did. Members that a server added don't count, nor empty ones it filled in."""
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return '%s is %r, sent was %r' % (at, got, want)
        for k, v in want.items():
            if k not in got:
                return '%s/%s is missing' % (at, k)
            found = difference(v, got[k], '%s/%s' % (at, k))
            if found:
                return found
        return ''
    if isinstance(want, list):
        if not isinstance(got, list) or len(got) != len(want):
            return '%s is %r, sent was %r' % (at, got, want)
        for i, (a, b) in enumerate(zip(want, got)):
            found = difference(a, b, '%s/%d' % (at, i))
            if found:
                return found
        return ''
    return '' if want == got else '%s is %r, sent was %r' % (at, got, want)


V20 = {
    'info': {'name': 'Old pets', 'schema': 'https://schema.getpostman.com/json/collection/v2.0.0/collection.json'},
    'item': [{'name': 'List', 'request': {'method': 'GET', 'header': [], 'url': '{{baseUrl}}/old'},
              'response': [{'name': 'Old', 'originalRequest': {'method': 'GET', 'header': [], 'url': '{{baseUrl}}/old'},
                            'status': 'OK', 'code': 200, 'header': [{'key': 'Content-Type', 'value': 'application/json'}],
                            'body': '{"version":"2.0"}'}]}],
    'auth': {'type': 'basic', 'basic': {'username': 'u', 'password': 'p'}}}


def v10():
    """A collection of the format 1.0; its ids, which the format needs, are new each time."""
    c, r, a = (str(uuid.uuid4()) for _ in range(3))
    return {
        'id': c, 'name': 'Oldest pets', 'description': '', 'order': [r],
        'folders': [], 'timestamp': 1, 'requests': [{
            'id': r, 'collectionId': c, 'name': 'List', 'method': 'GET',
            'url': '{{baseUrl}}/oldest', 'headers': '', 'data': [], 'dataMode': 'params', 'description': '',
            'responses': [{'id': a, 'name': 'Oldest', 'status': 'OK',
                           'responseCode': {'code': 200, 'name': 'OK'}, 'headers': [{'key': 'Content-Type', 'value': 'application/json'}],
                           'text': '{"version":"1.0"}', 'language': 'json',
                           'request': {'url': '{{baseUrl}}/oldest', 'method': 'GET', 'headers': '', 'data': [], 'dataMode': 'params'}}]}]}


OPENAPI = {
    'openapi': '3.0.3', 'info': {'title': 'Spacecraft', 'version': '1.0.0', 'description': 'Buy or rent'},
    'servers': [{'url': 'https://example.com/v1'}],
    'tags': [{'name': 'crafts'}],
    'paths': {
        '/crafts': {
            'get': {'operationId': 'listCrafts', 'summary': 'List crafts', 'tags': ['crafts'],
                    'parameters': [{'name': 'limit', 'in': 'query', 'schema': {'type': 'integer', 'minimum': 1}, 'example': 7}],
                    'responses': {'200': {'description': 'All', 'content': {'application/json': {
                        'schema': {'type': 'array', 'items': {'$ref': '#/components/schemas/Craft'}},
                        'example': [{'id': 'abc', 'name': 'Enterprise'}]}}}}},
            'post': {'operationId': 'addCraft', 'summary': 'Add a craft', 'tags': ['crafts'],
                     'requestBody': {'required': True, 'content': {'application/json': {
                         'schema': {'$ref': '#/components/schemas/Craft'}, 'example': {'id': 'abc', 'name': 'Enterprise'}}}},
                     'responses': {'201': {'description': 'Added', 'content': {'application/json': {
                         'schema': {'$ref': '#/components/schemas/Craft'}, 'example': {'id': 'new', 'name': 'Voyager'}}}}}}},
        '/crafts/{craftId}': {
            'get': {'operationId': 'getCraft', 'summary': 'Read a craft',
                    'parameters': [{'name': 'craftId', 'in': 'path', 'required': True, 'schema': {'type': 'string'}}],
                    'responses': {'200': {'description': 'One', 'content': {'application/json': {
                        'schema': {'$ref': '#/components/schemas/Craft'}, 'example': {'id': 'abc', 'name': 'Enterprise'}}}}}}}},
    'components': {'schemas': {'Craft': {'type': 'object', 'required': ['id', 'name'], 'properties': {
        'id': {'type': 'string'}, 'name': {'type': 'string'}}}}}}


def openapi(**paths):
    """A copy of the spec with more paths."""
    doc = copy.deepcopy(OPENAPI)
    doc['paths'].update(paths)
    return doc


def simple_get(path_text, body):
    """The operation GET that answers with an example."""
    return {'get': {'summary': path_text, 'responses': {'200': {'description': 'ok', 'content': {'application/json': {
        'schema': {'type': 'object'}, 'example': body}}}}}}


MULTI = [
    {'path': 'index.yaml', 'type': 'ROOT', 'content':
        'openapi: 3.0.3\ninfo: {title: Many files, version: "1"}\npaths:\n  /crafts:\n    get:\n      responses:\n        "200":\n'
        '          description: ok\n          content:\n            application/json:\n              schema:\n'
        '                $ref: components/schemas/craft.yaml#/Craft\n              example: {id: abc}\n'},
    {'path': 'components/schemas/craft.yaml', 'type': 'DEFAULT', 'content':
        'Craft:\n  type: object\n  required: [id]\n  properties:\n    id: {type: string}\n'}]
