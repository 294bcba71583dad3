"""The description of Postman's API as a judge of exchanges.

A reader and a validator of its own, with nothing of Mimus in it: what both get
wrong alike would not be seen. Only the keywords that the description uses are
known.
"""
import json
import re
import urllib.parse

import yaml

METHODS = ('get', 'put', 'post', 'delete', 'patch')

# What Postman's own client asks for and the description lacks, and what Mimus
# adds: neither is judged by the description.
EXTENSIONS = ('/collectionruns', '/context', '/keys', '/changes', '/openapi.json', '/openapi.yaml')

# Statuses that every operation may answer with although the description doesn't
# say so: keys with a scope, what a file owns, conditions, limits, what is not
# offered.
EVERYWHERE = (400, 401, 403, 409, 411, 412, 413, 415, 429, 501)

# "Not found" is declared as 400 for these; 404 is a violation.
NOT_FOUND_IS_400 = ('getCollection', 'getEnvironment', 'deleteWorkspace', 'createCollectionFolder', 'createCollectionResponse')

# Bodies that are a document of the user.
RAW = ('getSpecDefinition',)

# Places of success examples that a user wrote, or that are not always there.
USER_DATA = {
    'getAuthenticatedUser': ('/operations',),
    'getCollection': ('/collection/item', '/collection/variable', '/collection/auth', '/collection/event', '/collection/events',
                      '/collection/protocolProfileBehavior', '/collection/info/description', '/collection/info/fork'),
    'patchCollection': ('/collection/description',),
    'getEnvironment': ('/environment/values',),
    'patchEnvironment': ('/environment/values',),
    'getWorkspaceGlobalVariables': ('/values',),
    'updateWorkspaceGlobalVariables': ('/values',),
    'createCollectionRequest': ('/data/method', '/data/headers', '/data/dataMode', '/data/url', '/data/description', '/data/queryParams',
                                '/data/headerData', '/data/rawModeData', '/data/dataOptions'),
    'getCollectionRequest': ('/data/auth', '/data/dataOptions', '/data/tests', '/data/queryParams/0', '/data/headerData/0', '/data/pathVariables'),
    'updateCollectionRequest': ('/data/auth', '/data/dataOptions'),
    'getCollectionResponse': ('/data/headers/0',),
    'updateCollectionResponse': ('/data/headers/0',),
    'createCollectionFolder': ('/data/description',),
    'getCollectionFolder': ('/data/auth', '/data/description'),
    'updateCollectionFolder': ('/data/auth', '/data/description'),
    'getMocks': ('/mocks/0/environment', '/mocks/0/config/delay', '/mocks/0/config/serverResponseId'),
    'getMock': ('/mock/environment', '/mock/config/delay'),
    'createMock': ('/mock/environment', '/mock/config/delay'),
    'updateMock': ('/mock/environment', '/mock/config/delay'),
    'createMockServerResponse': ('/headers',),
    'updateMockServerResponse': ('/headers',),
    'getMockServerResponse': ('/headers',),
    'deleteMockServerResponse': ('/headers',),
    'searchPostmanResources': ('/data/0/description', '/data/0/links/web', '/data/0/method', '/data/0/url', '/data/0/collection', '/meta/nextCursor'),
}


class Loader(yaml.CSafeLoader):
    """Dates stay the texts that JSON has."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != 'tag:yaml.org,2002:timestamp']
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()}


class Contract:
    def __init__(self, path):
        with open(path, 'rb') as f:
            self.root = yaml.load(f, Loader=Loader)
        self.operations = []
        for template, item in self.root['paths'].items():
            for method in METHODS:
                if method in item:
                    own = [self.deref(p) for p in item.get('parameters', []) + item[method].get('parameters', [])]
                    self.operations.append((method.upper(), template.strip('/').split('/'), item[method], own))

    def deref(self, node):
        while isinstance(node, dict) and '$ref' in node:
            at = self.root
            for part in node['$ref'][2:].split('/'):
                at = at[part.replace('~1', '/').replace('~0', '~')]
            node = at
        return node

    def find(self, method, path):
        """-> the operation object of a method and an escaped path, or None"""
        asked = [urllib.parse.unquote(s) for s in path.split('?')[0].strip('/').split('/')]
        best, rank = None, None
        for m, segments, op, params in self.operations:
            own = asked
            if segments[-1] == '{filePath}' and len(asked) > len(segments):
                own = asked[:len(segments)]
            if m != method or len(own) != len(segments):
                continue
            if all(self.segment_fits(s, o, params) for s, o in zip(segments, own)):
                r = ([s.startswith('{') for s in segments], -len(segments))
                if rank is None or r < rank:
                    best, rank = op, r
        return best

    def segment_fits(self, template, value, params):
        if not template.startswith('{'):
            return template == value
        for p in params:
            if p['in'] == 'path' and p['name'] == template[1:-1]:
                enum = self.deref(p.get('schema', {})).get('enum')
                return value != '' and (not enum or value in enum)
        return value != ''

    def check(self, method, path, status, content_type, body):
        """-> (operation id or None, [text of a violation])"""
        op = self.find(method, path)
        media = content_type.split(';')[0].strip().lower()
        if op is None:
            plain = path.split('?')[0]
            if any(plain == e or plain.startswith(e + '/') for e in EXTENSIONS):
                return None, []
            if status < 400:
                return None, ['%s %s is not in the description, and the answer is %d' % (method, plain, status)]
            return None, error_shape(status, media, body)
        name = op['operationId']
        declared = self.deref(op['responses'].get(str(status)))
        if declared is None:
            if status == 404 and name not in NOT_FOUND_IS_400 or status in EVERYWHERE:
                return name, error_shape(status, media, body)
            return name, ['status %d is not declared, only %s' % (status, ', '.join(op['responses']))]
        content = declared.get('content') or {}
        if not content:
            return name, ['status %d has no body, the answer has %d bytes' % (status, len(body))] if body else []
        if media not in content:
            return name, ['status %d comes as %r, declared is %s' % (status, media, ' or '.join(content))]
        if not is_json(media):
            return name, []
        try:
            value = json.loads(body)
        except ValueError as e:
            return name, ['status %d: the body is no JSON: %s' % (status, e)]
        found = ['schema: %s' % v for v in self.validate(content[media].get('schema', {}), value, '', name)]
        if status < 300 and name not in RAW and 'ids=true' not in path:
            found += self.like_an_example(name, content[media], value)
        return name, found

    # -------------------------------------------------------------- schema
    def validate(self, schema, value, at, name):
        schema = self.deref(schema)
        if value is None and schema.get('nullable'):
            return
        if name == 'getMockCallLogs' and re.fullmatch(r'/call-logs/\d+/(request|response)/headers', at):
            return
        if at.endswith('/type') and value == 'OPENAPI:3.2' or value == 'OPENAPI:3.2' and at == '/type':
            return
        kind = schema.get('type')
        if kind and not has_type(value, kind):
            yield '%s is %s, must be %s' % (at or '/', type_name(value), kind)
            return
        if 'enum' in schema and value not in schema['enum']:
            yield '%s is %r, must be one of %s' % (at, value, schema['enum'])
        if isinstance(value, str):
            if len(value) < schema.get('minLength', 0) or len(value) > schema.get('maxLength', 1 << 60):
                yield '%s has a length of %d' % (at, len(value))
            if 'pattern' in schema and not re.search(schema['pattern'], value):
                yield '%s is %r, must match %s' % (at, value, schema['pattern'])
            if schema.get('format') == 'date-time' and not re.fullmatch(r'\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)', value):
                yield '%s is %r, must be a date-time' % (at, value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if value < schema.get('minimum', float('-inf')) or value > schema.get('maximum', float('inf')):
                yield '%s is %r, out of its range' % (at, value)
        if isinstance(value, list) and 'items' in schema:
            for i, item in enumerate(value):
                yield from self.validate(schema['items'], item, '%s/%d' % (at, i), name)
        if isinstance(value, dict):
            yield from self.validate_members(schema, value, at, name)
        for branch in schema.get('allOf', []):
            yield from self.validate(branch, value, at, name)
        for keyword in ('anyOf', 'oneOf'):
            if keyword in schema:
                tries = [list(self.validate(b, value, at, name)) for b in schema[keyword]]
                good = sum(not t for t in tries)
                if not good:
                    yield '%s fits no branch of %s; nearest: %s' % (at or '/', keyword, min(tries, key=len)[0])
                elif keyword == 'oneOf' and good > 1:
                    yield '%s fits %d branches of oneOf' % (at or '/', good)

    def validate_members(self, schema, value, at, name):
        properties = schema.get('properties', {})
        for key in schema.get('required', []):
            if key not in value:
                yield '%s lacks %s' % (at or '/', key)
        for key, own in value.items():
            if key in properties:
                yield from self.validate(properties[key], own, '%s/%s' % (at, key), name)
            elif schema.get('additionalProperties') is False:
                yield '%s has %s, which is not allowed' % (at or '/', key)
            elif isinstance(schema.get('additionalProperties'), dict):
                yield from self.validate(schema['additionalProperties'], own, '%s/%s' % (at, key), name)

    # ------------------------------------------------------------- example
    def like_an_example(self, name, media, value):
        """What the body lacks of the success example that it is closest to."""
        examples = [self.deref(e).get('value') for e in media.get('examples', {}).values()]
        if 'example' in media:
            examples.append(media['example'])
        found = [list(self.compare(name, e, value, media.get('schema'), '')) for e in examples if not emptier(e, value)]
        return ['example: %s' % v for v in min(found, key=len)] if found else []

    def compare(self, name, example, value, schema, at):
        schema = self.deref(schema) if schema else None
        if user_data(name, at) or example is None:
            return
        if value is None and (not schema or schema.get('nullable') or 'type' not in schema):
            return
        if type_name(example) != type_name(value):
            yield '%s is %s, in the example it is %s' % (at or '/', type_name(value), type_name(example))
            return
        if isinstance(example, dict):
            for key, own in example.items():
                place = '%s/%s' % (at, key)
                if key in value:
                    yield from self.compare(name, own, value[key], (schema or {}).get('properties', {}).get(key), place)
                elif not user_data(name, place) and not (key == 'collection' and 'spec' in value):
                    yield '%s is missing' % place
        elif isinstance(example, list) and example and value:
            yield from self.compare(name, example[0], value[0], (schema or {}).get('items'), at + '/0')


def user_data(name, at):
    return any(at == p or at.startswith(p + '/') for p in USER_DATA.get(name, ()))


def emptier(example, value):
    """Whether the example shows an empty list where the body has something."""
    if isinstance(example, list):
        return not example and bool(value)
    return isinstance(example, dict) and isinstance(value, dict) and any(own == [] and value.get(key) for key, own in example.items())


def is_json(media):
    return media == 'application/json' or media.endswith('+json')


def error_shape(status, media, body):
    """An error that is not declared looks like those that are."""
    if not is_json(media):
        return ['error %d comes as %r, errors are application/json or application/problem+json' % (status, media)]
    try:
        value = json.loads(body)
    except ValueError as e:
        return ['error %d is no JSON: %s' % (status, e)]
    inner = value.get('error') if isinstance(value, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get('name'), str) and isinstance(inner.get('message'), str):
        return []
    if isinstance(value, dict) and isinstance(value.get('title'), str) and 'detail' in value:
        return []
    return ['error %d has neither error.name and error.message nor title and detail' % status]


def type_name(value):
    if value is None:
        return 'null'
    if isinstance(value, bool):
        return 'boolean'
    if isinstance(value, (int, float)):
        return 'number'
    return {str: 'string', list: 'array', dict: 'object'}[type(value)]


def has_type(value, kind):
    if kind == 'integer':
        return type_name(value) == 'number' and value == int(value)
    return type_name(value) == kind
