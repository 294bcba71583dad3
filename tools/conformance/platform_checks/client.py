"""A client that judges: each exchange with the API goes through the contract."""
import http.client
import json
import re
import time
import urllib.parse

PREFIX = '/_mimus/api'


class Missing:
    """What isn't there: no text, no list, equal to nothing but itself."""

    def __repr__(self):
        return '<missing>'

    def __eq__(self, other):
        return other is self or other == '<missing>'

    def __hash__(self):
        return 0

    def __len__(self):
        return 0

    def __iter__(self):
        return iter(())

    def __getitem__(self, key):
        return self

    def get(self, _key, _default=None):
        return self


MISSING = Missing()


def dig(value, *path):
    """A value inside another one; MISSING where there is none."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return value


class Answer:
    def __init__(self, request, status, headers, body):
        self.request, self.status, self.headers, self.body = request, status, headers, body
        self.text = body.decode('utf-8', 'replace')
        try:
            self.json = json.loads(body) if body else None
        except ValueError:
            self.json = None

    def __getitem__(self, path):
        return dig(self.json, *(path if isinstance(path, tuple) else (path,)))

    def header(self, name):
        return self.headers.get(name.lower(), '')

    def brief(self):
        text = ' '.join(self.text.split())
        return '%d %s' % (self.status, text[:300] + ('…' if len(text) > 300 else ''))

    def error_name(self):
        """The name or title of an error, whichever shape it has."""
        for path in (('error', 'name'), ('name',), ('title',)):
            found = dig(self.json, *path)
            if isinstance(found, str):
                return found
        return MISSING


def exchange(base, method, path, headers, body, timeout=60):
    """One HTTP exchange, no redirects followed -> Answer"""
    url = urllib.parse.urlsplit(base)
    conn = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=timeout)
    try:
        try:
            conn.request(method, path, body=body, headers=headers)
        except (BrokenPipeError, ConnectionResetError):
            pass  # answered before the whole body was sent
        res = conn.getresponse()
        data = res.read()
        folded = {}
        for k, v in res.getheaders():
            k = k.lower()
            folded[k] = folded[k] + ', ' + v if k in folded else v
        return Answer('%s %s' % (method, path), res.status, folded, data)
    finally:
        conn.close()


class Judge:
    """Counts what passed, keeps what failed."""

    def __init__(self):
        self.passed = {}     # group -> number
        self.failures = []   # (group, name, expected, got)
        self.contract = {}   # (operation, status) -> {violation without its values: (violation, first request)}
        self.group = ''

    def ok(self, name, good, expected='', got=''):
        if good:
            self.passed[self.group] = self.passed.get(self.group, 0) + 1
        else:
            self.failures.append((self.group, name, expected, got))
        return bool(good)

    def exchanged(self, operation, answer, violations):
        seen = self.contract.setdefault((operation or '(not in the description)', answer.status), {})
        for v in violations:
            alike = re.sub(r"/\d+|'[^']*'", '', v)
            seen.setdefault(alike, (v, answer.request))

    def close(self):
        """Make a check of each operation and status that was seen."""
        self.group = 'contract'
        for (operation, status), violations in sorted(self.contract.items()):
            name = '%s %d' % (operation, status)
            if not violations:
                self.ok(name, True)
            for v, request in violations.values():
                self.ok('%s: %s' % (name, request), False, 'what the description declares', v)


class Api:
    """What a case works with: the API, mocks, checks and things to check on."""

    def __init__(self, base, key, contract, judge):
        self.base, self.key, self.contract, self.judge = base.rstrip('/'), key, contract, judge
        self.count = 0
        self.loopback_is_open = False  # set by who starts the cases

    # ------------------------------------------------------------- exchange
    def send(self, method, path, body=None, query=None, headers=None, raw=None, key=True):
        """One exchange with the API. body becomes JSON, raw goes as it is."""
        h = {'Accept': '*/*'}
        if key and self.key:
            h['x-api-key'] = self.key
        data = raw
        if raw is None and body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            h['Content-Type'] = 'application/json'
        h.update(headers or {})
        if query:
            path += '?' + urllib.parse.urlencode(query)
        answer = exchange(self.base, method, PREFIX + path, h, data)
        answer.request = '%s %s' % (method, path)
        operation, violations = self.contract.check(method, path, answer.status, answer.header('content-type'), answer.body)
        self.judge.exchanged(operation, answer, violations)
        return answer

    def get(self, path, **kw):
        return self.send('GET', path, **kw)

    def post(self, path, body=None, **kw):
        return self.send('POST', path, body, **kw)

    def put(self, path, body=None, **kw):
        return self.send('PUT', path, body, **kw)

    def patch(self, path, body=None, **kw):
        return self.send('PATCH', path, body, **kw)

    def delete(self, path, **kw):
        return self.send('DELETE', path, **kw)

    def call(self, mock_url, path='/', method='GET', headers=None, body=None):
        """One call of a mock, at the URL that the API gave."""
        if not isinstance(mock_url, str):
            raise Broken('there is no mockUrl')
        url = urllib.parse.urlsplit(mock_url)
        origin = '%s://%s' % (url.scheme, url.netloc)
        if isinstance(body, (dict, list)):
            body, headers = json.dumps(body), {'Content-Type': 'application/json', **(headers or {})}
        return exchange(origin, method, url.path.rstrip('/') + path, headers or {}, body)

    def until(self, ask, good, seconds=10):
        """Ask again until the answer is good or the time is over -> the last answer"""
        end = time.monotonic() + seconds
        while True:
            answer = ask()
            if good(answer) or time.monotonic() > end:
                return answer
            time.sleep(0.05)

    def as_key(self, key):
        """The same API for somebody else."""
        other = Api(self.base, key, self.contract, self.judge)
        other.loopback_is_open = self.loopback_is_open
        return other

    # --------------------------------------------------------------- checks
    def ok(self, name, good, expected='', got=''):
        return self.judge.ok(name, good, expected, got)

    def equal(self, name, got, want):
        return self.judge.ok(name, got == want, repr(want)[:300], repr(got)[:300])

    def status(self, name, answer, *want):
        return self.judge.ok('%s: %s' % (name, answer.request), answer.status in want,
                             ' or '.join(map(str, want)), answer.brief())

    def error(self, name, answer, status, *names):
        """An error of this status with one of these names."""
        good = answer.status == status and (not names or answer.error_name() in names)
        return self.judge.ok('%s: %s' % (name, answer.request), good,
                             '%d %s' % (status, ' or '.join(names)), answer.brief())

    def has(self, name, answer, *path, want=MISSING):
        """The answer has a value at the path, that one if want is given."""
        got = answer[path]
        if want is MISSING:
            return self.judge.ok(name, got != MISSING, '/'.join(map(str, path)), answer.brief())
        return self.equal('%s: %s of %s' % (name, '/'.join(map(str, path)), answer.request), got, want)

    # --------------------------------------------------------------- things
    def name(self, what='Thing'):
        self.count += 1
        return '%s %d' % (what, self.count)

    def need(self, answer, *path):
        """A value that a case can't go on without."""
        got = answer[path]
        if got == MISSING or answer.status >= 400:
            raise Broken('%s: wanted %s, got %s' % (answer.request, '/'.join(map(str, path)), answer.brief()))
        return got

    def workspace(self, name=None, **more):
        body = {'workspace': {'name': name or self.name('Workspace'), 'type': 'team', **more}}
        return self.need(self.post('/workspaces', body), 'workspace', 'id')

    def collection(self, workspace, document):
        return self.need(self.post('/collections', {'collection': document}, query={'workspace': workspace}), 'collection', 'uid')

    def environment(self, workspace, values, name=None):
        values = [{'key': k, 'value': v, 'enabled': True, 'type': 'default'} for k, v in values.items()] if isinstance(values, dict) else values
        body = {'environment': {'name': name or self.name('Environment'), 'values': values}}
        return self.need(self.post('/environments', body, query={'workspace': workspace}), 'environment', 'uid')

    def spec(self, workspace, files, kind='OPENAPI:3.0', name=None):
        files = [{'path': p, 'content': c} for p, c in files.items()] if isinstance(files, dict) else files
        body = {'name': name or self.name('Spec'), 'type': kind, 'files': files}
        return self.need(self.post('/specs', body, query={'workspaceId': workspace}), 'id')

    def mock(self, workspace, **settings):
        """-> (id, URL)"""
        settings.setdefault('name', self.name('Mock'))
        answer = self.post('/mocks', {'mock': settings}, query={'workspace': workspace})
        return self.need(answer, 'mock', 'id'), self.need(answer, 'mock', 'mockUrl')

    def task(self, answer, seconds=20):
        """Follow a task's URL until it ends -> the last answer"""
        url = self.need(answer, 'url')
        return self.until(lambda: self.get(url), lambda a: a['status'] != 'pending', seconds)


class Broken(Exception):
    """A case can't go on."""


def bare(uid):
    """The id of a uid."""
    return uid[uid.index('-') + 1:] if isinstance(uid, str) and len(uid) > 36 else uid
