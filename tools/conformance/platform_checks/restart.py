"""What is there after the server was stopped and started again."""
import json

from .client import dig
from .documents import MULTI, OPENAPI, pets


def before(t):
    """Make one of each -> what after needs"""
    w = t.workspace('Lasting')
    c, e = t.collection(w, pets()), t.environment(w, {'owner': 'lasting'})
    s = t.spec(w, MULTI)
    m, url = t.mock(w, collection=c, environment=e, private=True, config={'matchBody': True})
    of_spec, spec_url = t.mock(w, spec=t.spec(w, {'index.json': json.dumps(OPENAPI)}))
    r = t.need(t.post('/mocks/%s/server-responses' % of_spec, {'serverResponse': {'name': 'Down', 'statusCode': 503, 'body': 'down'}}), 'id')
    t.put('/mocks/' + of_spec, {'mock': {'config': {'serverResponseId': r}}})
    t.put('/collections/%s/tags' % c, {'tags': ['lasting-tag']})
    t.post('/collections/%s/comments' % c, {'body': 'Lasting'})
    t.call(url, '/pets/7', headers={'x-api-key': t.key})
    t.until(lambda: t.get('/mocks/%s/call-logs' % m), lambda a: len(a['call-logs']) >= 1)
    read = {path: t.get(path).json for path in (
        '/me', '/workspaces/' + w, '/collections/' + c, '/environments/' + e, '/specs/' + s, '/specs/%s/files' % s, '/mocks/' + m, '/mocks/' + of_spec,
        '/mocks/%s/server-responses/%s' % (of_spec, r), '/collections/%s/tags' % c, '/collections/%s/comments' % c, '/mocks/%s/call-logs' % m)}
    return read, path_of(url), path_of(spec_url)


def path_of(url):
    return '/' + url.split('://', 1)[1].split('/', 1)[1] if isinstance(url, str) else '/'


def after(t, made):
    read, path, spec_path = made
    for where, body in read.items():
        kind = '/'.join(where.split('/')[1:2] + where.split('/')[3:4])
        t.equal('the same after a restart: ' + kind, without_urls(t.get(where).json), without_urls(body))
    answer = t.call(t.base + path, '/pets/7', headers={'x-api-key': t.key})
    t.equal('a mock answers', (answer.status, dig(answer.json, 'owner')), (200, 'lasting'))
    t.equal('it is private', t.call(t.base + path, '/pets/7').status, 401)
    t.equal('a server response is active', t.call(t.base + spec_path, '/crafts').text, 'down')


def without_urls(node):
    """Another port is no difference."""
    if isinstance(node, dict):
        return {k: without_urls(v) for k, v in node.items() if k != 'mockUrl'}
    return [without_urls(n) for n in node] if isinstance(node, list) else node
