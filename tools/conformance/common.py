"""What the judges beside this file share: processes, packages, documents, floors."""
import concurrent.futures
import contextlib
import csv
import fnmatch
import glob
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
READY_SECONDS = 30


class CannotRun(Exception):
    """Something outside of Mimus is missing."""


class Lost(Exception):
    """A document gave no figure; the text says why."""


class Result:
    """What one part found: its figures, the goals it missed, and how many checks passed and failed."""

    def __init__(self, *owns):
        self.owns = owns      # the first words of its floors
        self.whole = True     # False: only some was asked, and there may be figures missing
        self.figures = {}
        self.missed = []
        self.passed = self.failed = 0

    def goal(self, name, value, goal):
        if value < goal:
            self.missed.append('%s: %.2f%%, the goal is %g%%' % (name, value, goal))


class Children:
    """The processes that were started, so that none outlives this one."""

    def __init__(self):
        self.lock = threading.Lock()
        self.procs = set()
        self.closed = False

    def start(self, args, **kw):
        with self.lock:
            if self.closed:
                raise CannotRun('interrupted')
            p = subprocess.Popen(args, start_new_session=True, stdin=subprocess.DEVNULL, **kw)
            self.procs.add(p)
            return p

    def stop(self, p):
        for sig, wait in ((signal.SIGTERM, 3), (signal.SIGKILL, 5)):
            if p.poll() is not None:
                break
            try:
                os.killpg(p.pid, sig)
                p.wait(wait)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass
        with self.lock:
            self.procs.discard(p)

    def close(self):
        with self.lock:
            self.closed = True
            procs = list(self.procs)
        for p in procs:
            self.stop(p)


# ------------------------------------------------------------------ the tools
def need(*tools):
    missing = [t for t in tools if not shutil.which(t)]
    if missing:
        raise CannotRun('the probes can\'t run: %s is missing' % ' and '.join(missing))


def cache_folder(*names):
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    return os.path.join(cache, 'mimus', *names)


def tool_folder(src, name):
    """Copy a folder of programs into the cache, one copy for each package.json -> that"""
    with open(os.path.join(src, 'package.json'), 'rb') as f:
        folder = cache_folder(name, hashlib.sha256(f.read()).hexdigest()[:16])
    os.makedirs(folder, exist_ok=True)
    for f in glob.glob(os.path.join(src, '*')):
        if os.path.isfile(f):
            shutil.copy(f, folder)
    return folder


def install_tool(shared, name):
    """A folder of conformance/ in the cache, with its packages."""
    folder = tool_folder(os.path.join(shared, 'conformance', name), name)
    done = os.path.join(folder, '.installed')
    if not os.path.exists(done):
        print('installing the packages of %s into %s' % (name, folder), flush=True)
        r = subprocess.run(['npm', 'install', '--no-package-lock', '--no-audit', '--no-fund'], cwd=folder,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if r.returncode:
            raise CannotRun('%s can\'t run: npm install ended with %d\n%s' % (name, r.returncode, r.stdout[-2000:]))
        open(done, 'w').close()
    return folder


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def free_ports(n):
    """The first of n ports in a row that are free now, and that no connection gets by itself: they are used for long."""
    for _ in range(50):
        first = random.randrange(20000, 32000 - n)
        try:
            for p in range(first, first + n):
                with socket.socket() as s:
                    s.bind(('127.0.0.1', p))
            return first
        except OSError:
            continue
    raise CannotRun('no free ports')


# ------------------------------------------------------------------ documents
def list_documents(shared, only):
    """-> [(path relative to corpus/, number of operations)]"""
    docs = []
    with open(os.path.join(shared, 'corpus', 'INDEX.tsv'), encoding='utf-8', newline='') as f:
        for row in csv.reader(f, delimiter='\t', quoting=csv.QUOTE_NONE):
            if row and row[0].startswith('openapi/'):
                docs.append((row[0], int(row[3] or 0)))
    if only:
        docs = [d for d in docs if any(fnmatch.fnmatch(d[0], g) or fnmatch.fnmatch(d[0], 'openapi/' + g) for g in only)]
    return docs


def wait_ready(base, proc, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if proc.poll() is not None:
            return 'ended with %d' % proc.returncode
        try:
            with urllib.request.urlopen(base + '/_mimus/health', timeout=2) as r:
                if r.status == 200:
                    return None
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.03)
    return 'not ready after %d s' % seconds


def result_file(results, document, mode):
    return os.path.join(results, document.replace('/', '__') + '.' + mode + '.json')


def results_folder(parent, build, keep=5):
    """A folder for each binary, so that two can be judged at once; the oldest are removed."""
    own = os.path.join(parent, build[:12])
    os.makedirs(own, exist_ok=True)
    os.utime(own)
    others = sorted((d for d in glob.glob(os.path.join(parent, '*')) if os.path.isdir(d) and d != own), key=os.path.getmtime)
    for d in others[:-keep]:
        shutil.rmtree(d, ignore_errors=True)
    return own


class Asked:
    """One document, served for one probe, and where that keeps what it found."""

    def __init__(self, args, results, document, name, build):
        self.path = os.path.join(args.shared, 'corpus', document)
        self.file = result_file(results, document, name)
        self.stamp, self.build = self.file + '.build', build

    def kept(self, args):
        """What was found of the same binary, with --resume."""
        if args.resume and os.path.exists(self.file) and os.path.exists(self.stamp):
            with open(self.stamp) as f:
                if f.read() == self.build:
                    return self.found()
        return None

    def found(self):
        if not os.path.exists(self.file):
            return None
        with open(self.file) as f:
            return json.load(f)

    def keep(self):
        with open(self.stamp, 'w') as f:
            f.write(self.build)

    def ask(self, args, children, probe, serve_flags):
        """Serve the document and run the probe -> (its exit status, what it found or None, its output).

        Raises Lost when there can be no figure.
        """
        for f in (self.file, self.stamp):
            if os.path.exists(f):
                os.remove(f)
        with self.served(args, children, serve_flags) as (server, base, work):
            cmd = ['node', *probe, '--spec', self.path, '--base', base, '--limit-s', str(args.limit_s), '--json', self.file]
            p = children.start(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=work)
            try:
                text = p.communicate(timeout=args.limit_s + 120)[0].strip()
            except subprocess.TimeoutExpired:
                raise Lost('the probe did not end') from None
            finally:
                children.stop(p)
            found = self.found()
            if p.returncode not in (0, 1, 2) or p.returncode != 2 and not found:
                raise Lost('the probe ended with %d: %s' % (p.returncode, text[-120:]))
            if p.returncode != 2 and server.poll() is not None:
                raise Lost('the server ended with %d while it was asked' % server.returncode)
            return p.returncode, found, text

    @contextlib.contextmanager
    def served(self, args, children, flags):
        """-> (the server, its base URL, a folder to work in)"""
        port = free_port()
        base = 'http://127.0.0.1:%d' % port
        work = tempfile.mkdtemp(prefix='mimus-conformance-')
        log_path = self.file[:-len('.json')] + '.log'
        server = None
        try:
            with open(log_path, 'wb') as log:
                server = children.start([args.mimus, 'serve', self.path, '-p', str(port), *flags],
                                        stdout=subprocess.DEVNULL, stderr=log, cwd=work)
            why = wait_ready(base, server, READY_SECONDS)
            if why:
                with open(log_path, errors='replace') as f:
                    lines = f.read().strip().splitlines()
                raise Lost('server: %s%s' % (why, ': ' + lines[-1][:120] if lines else ''))
            yield server, base, work
        finally:
            if server:
                children.stop(server)
            shutil.rmtree(work, ignore_errors=True)
            if os.path.exists(log_path) and not os.path.getsize(log_path):
                os.remove(log_path)


def ask_documents(args, children, ask):
    """Call ask(document, operations) for every document, some at a time -> [what it gave], in the documents' order."""
    docs = list_documents(args.shared, args.only)
    if not docs:
        raise CannotRun('no document of the corpus matches')
    # The large ones first, so that the last minute isn't one document alone.
    docs.sort(key=lambda d: -d[1])
    outcomes = {}
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        futures = {pool.submit(ask, d, n): d for d, n in docs}
        try:
            for f in concurrent.futures.as_completed(futures):
                outcomes[futures[f]] = f.result()
                print('.', end='', flush=True)
        except BaseException:
            for f in futures:
                f.cancel()
            children.close()
            raise
    print(flush=True)
    return [outcomes[d] for d, _ in sorted(docs)]


# --------------------------------------------------------------------- floors
def percent(passed, failed):
    return 100.0 * passed / (passed + failed) if passed + failed else 100.0


def read_floors(path):
    floors = {}
    if os.path.exists(path):
        with open(path, encoding='utf-8') as f:
            for line in f:
                if line.strip() and not line.startswith('#') and not line.startswith('figure\t'):
                    name, value = line.rstrip('\n').split('\t')
                    floors[name] = float(value)
    return floors


def write_floors(path, floors, command):
    with open(path, 'w', encoding='utf-8') as f:
        f.write('# What each figure has reached: percent, or a number of cases. It may rise, never fall.\n'
                '# Written by tools/conformance/%s.\n'
                'figure\tfloor\n' % command)
        for name in sorted(floors):
            f.write('%s\t%s\n' % (name, ('%.2f' % floors[name]).rstrip('0').rstrip('.')))


def floor2(x):
    """Two decimals, rounded down: a floor never asks for more than was reached."""
    return int(x * 100 + 1e-6) / 100


def compare(floors, results):
    """-> (what fell below its floor or has no figure, {name: figure} of what is above its floor or has none)"""
    fallen, risen = [], {}
    for r in results:
        fallen += ['%s: %g, the floor is %g' % (k, v, floors[k]) for k, v in sorted(r.figures.items()) if k in floors and v < floors[k] - 1e-9]
        if r.whole:
            fallen += ['%s: no figure, the floor is %g' % (k, v) for k, v in sorted(floors.items())
                       if k.split()[0] in r.owns and k not in r.figures]
        risen.update((k, v) for k, v in r.figures.items() if v > floors.get(k, -1) + 1e-9)
    return fallen, risen
