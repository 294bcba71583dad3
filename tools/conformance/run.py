#!/usr/bin/env python3
"""Judge a mimus binary from outside and compare the figures with the floors.

Two parts:
  cases      Prism's own test cases; those that need a proxy are left out, and
             those whose document is a collection are asked by postman.py.
  documents  every OpenAPI document of the corpus is served, once static and
             once dynamic, and each operation is called and its answer checked.

Needs $MIMUS_SHARED (or --shared): the folder that holds corpus/ and
conformance/. Needs Python 3 (standard library), curl, Node.js 20 and npm; the
probe's packages are installed once into a cache folder.

floors.tsv beside this file holds what each figure has reached. A figure may
rise, never fall; --update raises the floors. Apart from the floors these goals
hold: of each document at least 97 % of the operations or all but one, of all
together 99.5 %; of the other checks together 99 %.

The last line is "N passed, N failed": cases, operations and other checks, each
counted once. Exit status 0: floors and goals are met; 1: one is missed; 2: it
could not run.
"""
import argparse
import concurrent.futures
import csv
import fnmatch
import glob
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
FLOORS = os.path.join(HERE, 'floors.tsv')
MODES = ('static', 'dynamic')
GOAL_DOCUMENT, GOAL_VALIDITY, GOAL_CHECKS = 97.0, 99.5, 99.0
READY_SECONDS = 30
OTHER_CHECKS = ('accept', 'declared error', 'broken request', 'unknown path')

# What Prism's flags become where Mimus has nothing to switch.
CASE_FLAGS = {'multiprocess': ''}

# Operations whose only declared status is informational. That can't be the
# final status of an answer (RFC 9110, 15.2): a client waits for the next one,
# which the document doesn't declare. They count as the document's fault.
NOT_FINAL = {('openapi/readme/3.0-http-status-codes.yaml', 'GET /status/%d' % code) for code in (100, 102, 103)}


class CannotRun(Exception):
    """Something outside of Mimus is missing."""


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


def install_tool(shared, name):
    """Copy a folder of conformance/ into the cache and install its packages, once for each package.json."""
    src = os.path.join(shared, 'conformance', name)
    with open(os.path.join(src, 'package.json'), 'rb') as f:
        key = hashlib.sha256(f.read()).hexdigest()[:16]
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    folder = os.path.join(cache, 'mimus', name, key)
    os.makedirs(folder, exist_ok=True)
    for f in glob.glob(os.path.join(src, '*')):
        if os.path.isfile(f):
            shutil.copy(f, folder)
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
    """The first of n ports in a row that are free now."""
    for _ in range(50):
        first = free_port()
        if first + n > 65000:
            continue
        try:
            for p in range(first, first + n):
                with socket.socket() as s:
                    s.bind(('127.0.0.1', p))
            return first
        except OSError:
            continue
    raise CannotRun('no free ports')


# ---------------------------------------------------------------------- cases
def run_cases(args, children, results):
    """-> (passed, failed, skipped, lines)"""
    root = os.path.join(args.shared, 'conformance', 'prism')
    rels = sorted(os.path.relpath(os.path.join(d, f), root)
                  for d, _, files in os.walk(root) for f in files if f.endswith(('.txt', '.text')))
    rels = [r for r in rels if not r.endswith('.pc.txt') and not r.startswith('proxy' + os.sep)]
    return ask_cases(args, children, root, rels, ' serve {document} --port {port} {flags}', os.path.join(results, 'cases.json'))


def ask_cases(args, children, root, rels, serve, out_file):
    """Run the cases of these paths -> (passed, failed, skipped, lines)"""
    if not rels:
        raise CannotRun('no cases in %s' % root)
    cmd = [sys.executable, os.path.join(args.shared, 'conformance', 'prism_cases.py'), root,
           '--serve', shell_quote(args.mimus) + serve,
           '--jobs', str(args.jobs), '--port', str(free_ports(args.jobs)), '--json', out_file]
    for name, text in CASE_FLAGS.items():
        cmd += ['--map', name + '=' + text]
    for r in rels:
        cmd += ['--only', glob.escape(r)]
    p = children.start(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        out = p.communicate()[0]
    finally:
        children.stop(p)
    lines = out.rstrip().splitlines()
    m = re.fullmatch(r'(\d+) passed, (\d+) failed, (\d+) skipped', lines[-1] if lines else '')
    if not m:
        raise CannotRun('the cases ended without a result:\n' + out[-2000:])
    return int(m[1]), int(m[2]), int(m[3]), lines


def shell_quote(s):
    return "'" + s.replace("'", "'\\''") + "'"


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


class Outcome:
    """What the probe said of one document in one mode."""

    def __init__(self, document, mode, operations):
        self.document, self.mode, self.operations = document, mode, operations
        self.passed = self.failed = self.fault = self.skipped = self.late = 0
        self.other_passed = self.other_failed = 0
        self.note = ''        # why there is no figure
        self.judged = True    # False: the document has nothing to judge
        self.seconds = 0.0

    def percent(self):
        return percent(self.passed, self.failed)

    def other_percent(self):
        return percent(self.other_passed, self.other_failed)

    def good(self):
        return not self.judged or not self.late and (self.failed <= 1 or self.percent() >= GOAL_DOCUMENT) and not self.note

    def read(self, out):
        self.passed, self.failed = out['passed'], out['failed']
        self.fault, self.skipped, self.late = out['document'], out['skipped'], out['late']
        for r in out['rows']:
            if r['check'] == 'success' and r['ok'] is False and (self.document, r['op']) in NOT_FINAL:
                self.failed, self.fault = self.failed - 1, self.fault + 1
        self.judged = bool(self.passed or self.failed or self.late)
        for check in OTHER_CHECKS:
            s = out['sum'].get(check)
            if s:
                self.other_passed += s['ok']
                self.other_failed += s['failed']

    def lose(self, why):
        """No figure: all that could have been asked counts as failed."""
        self.note, self.failed = why, max(self.operations, 1)


def percent(passed, failed):
    return 100.0 * passed / (passed + failed) if passed + failed else 100.0


def result_file(results, document, mode):
    return os.path.join(results, document.replace('/', '__') + '.' + mode + '.json')


def judge(args, children, probe, results, build, document, operations, mode):
    o = Outcome(document, mode, operations)
    path = os.path.join(args.shared, 'corpus', document)
    out_file = result_file(results, document, mode)
    stamp = out_file + '.build'
    started = time.monotonic()
    if args.resume and os.path.exists(out_file) and os.path.exists(stamp):
        with open(stamp) as f:
            if f.read() == build:
                with open(out_file) as f:
                    o.read(json.load(f))
                return o
    for f in (out_file, stamp):
        if os.path.exists(f):
            os.remove(f)
    port = free_port()
    base = 'http://127.0.0.1:%d' % port
    work = tempfile.mkdtemp(prefix='mimus-conformance-')
    log_path = out_file[:-len('.json')] + '.log'
    server = None
    try:
        with open(log_path, 'wb') as log:
            server = children.start([args.mimus, 'serve', path, '-p', str(port)] + (['--dynamic'] if mode == 'dynamic' else []),
                                    stdout=subprocess.DEVNULL, stderr=log, cwd=work)
            why = wait_ready(base, server, READY_SECONDS)
            if why:
                with open(log_path, errors='replace') as f:
                    lines = f.read().strip().splitlines()
                o.lose('server: %s%s' % (why, ': ' + lines[-1][:120] if lines else ''))
                return o
            cmd = ['node', os.path.join(probe, 'validity.mjs'), '--spec', path, '--base', base,
                   '--limit-s', str(args.limit_s), '--json', out_file]
            if args.max_ops:
                cmd += ['--max-ops', str(args.max_ops)]
            p = children.start(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=work)
            try:
                text = p.communicate(timeout=args.limit_s + 120)[0]
            except subprocess.TimeoutExpired:
                o.lose('the probe did not end')
                return o
            finally:
                children.stop(p)
            if os.path.exists(out_file):
                with open(out_file) as f:
                    o.read(json.load(f))
            if p.returncode == 2:
                o.judged = operations > 0
                if o.judged:
                    o.lose('nothing could be judged: ' + (text.strip().splitlines() or [''])[-1][:120])
            elif p.returncode not in (0, 1) or not os.path.exists(out_file):
                o.lose('the probe ended with %d: %s' % (p.returncode, text.strip()[-120:]))
            elif server.poll() is not None:
                o.lose('the server ended with %d while it was asked' % server.returncode)
            else:
                if o.late:
                    o.note = '%d operations not asked in %d s' % (o.late, args.limit_s)
                with open(stamp, 'w') as f:
                    f.write(build)
            return o
    finally:
        if server:
            children.stop(server)
        shutil.rmtree(work, ignore_errors=True)
        if os.path.exists(log_path) and not os.path.getsize(log_path):
            os.remove(log_path)
        o.seconds = time.monotonic() - started


def run_documents(args, children, probe, results, build):
    docs = list_documents(args.shared, args.only)
    if not docs:
        raise CannotRun('no document of the corpus matches')
    # The large ones first, so that the last minute isn't one document alone.
    docs.sort(key=lambda d: -d[1])
    outcomes = {}
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        def both(doc, operations):
            return [judge(args, children, probe, results, build, doc, operations, m) for m in MODES]
        futures = [pool.submit(both, d, n) for d, n in docs]
        try:
            for f in concurrent.futures.as_completed(futures):
                for o in f.result():
                    outcomes[o.document, o.mode] = o
                print('.', end='', flush=True)
        except BaseException:
            for f in futures:
                f.cancel()
            children.close()
            raise
    print(flush=True)
    return [[outcomes[d, m] for m in MODES] for d, _ in sorted(docs)]


# --------------------------------------------------------------------- floors
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


def figures(cases, rows, whole):
    """-> {name: value}. Sums are only figures when every document was asked."""
    out = {}
    if cases:
        out['cases'] = float(cases[0])
    for row in rows:
        for o in row:
            if o.judged:
                out['validity %s %s' % (o.mode, o.document)] = floor2(o.percent())
    if whole:
        for i, mode in enumerate(MODES):
            col = [r[i] for r in rows if r[i].judged]
            out['validity %s' % mode] = floor2(percent(sum(o.passed for o in col), sum(o.failed for o in col)))
            out['checks %s' % mode] = floor2(percent(sum(r[i].other_passed for r in rows), sum(r[i].other_failed for r in rows)))
    return out


# ---------------------------------------------------------------------- print
def cell(o):
    own = '%d/%d' % (o.passed, o.passed + o.failed) if o.judged else '-'
    if o.fault:
        own += ' (+%d)' % o.fault
    n = o.other_passed + o.other_failed
    return own, '%d/%d' % (o.other_passed, n) if n else '-'


def print_table(rows):
    form = '%-52s %16s %11s %16s %11s %6s'
    print(form % ('document', 'static', 'checks', 'dynamic', 'checks', 's'))
    for row in rows:
        cells = [c for o in row for c in cell(o)]
        bad = '' if all(o.good() for o in row) else '  <--'
        print(form % (row[0].document[len('openapi/'):], *cells, '%.0f' % sum(o.seconds for o in row)) + bad)
        for note in dict.fromkeys(o.note for o in row if o.note):
            print('    ' + note)
    print('(+N): the document itself is at fault, not counted; checks: %s' % ', '.join(OTHER_CHECKS))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--mimus', default='bin/mimus', help='the binary (bin/mimus)')
    ap.add_argument('--shared', default=os.environ.get('MIMUS_SHARED'), help='folder of corpus/ and conformance/ ($MIMUS_SHARED)')
    ap.add_argument('--only', action='append', default=[], metavar='GLOB',
                    help='only documents that match, for example museum.yaml; no cases, no sums')
    ap.add_argument('--part', choices=('all', 'cases', 'documents'), default='all')
    ap.add_argument('--update', action='store_true', help='raise the floors to what was reached')
    ap.add_argument('--resume', action='store_true', help='keep the results of the same binary from an interrupted run')
    ap.add_argument('--jobs', type=int, default=2, help='documents at a time (2)')
    ap.add_argument('--limit-s', type=int, default=300, help='seconds for one document in one mode (300)')
    ap.add_argument('--max-ops', type=int, default=0, help='at most N operations of a document, spread evenly')
    ap.add_argument('--results', help='folder for the details (one for each binary in the cache folder)')
    ap.add_argument('-v', '--verbose', action='store_true', help='print each failure')
    args = ap.parse_args()

    children = Children()

    def on_signal(signum, _frame):
        children.close()
        sys.exit(128 + signum)
    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, on_signal)
    try:
        return run(args, children)
    except CannotRun as e:
        print(e, file=sys.stderr)
        return 2
    finally:
        children.close()


def run(args, children):
    if not args.shared:
        raise CannotRun('set MIMUS_SHARED to the folder that holds corpus/ and conformance/')
    args.shared = os.path.abspath(args.shared)
    for part in ('corpus/INDEX.tsv', 'conformance/prism_cases.py', 'conformance/probe/package.json'):
        if not os.path.exists(os.path.join(args.shared, part)):
            raise CannotRun('%s is not in %s' % (part, args.shared))
    args.mimus = os.path.abspath(args.mimus)
    if not os.access(args.mimus, os.X_OK):
        raise CannotRun('%s is no program; build it with: make build' % args.mimus)
    with open(args.mimus, 'rb') as f:
        build = hashlib.sha256(f.read()).hexdigest() + ' %d' % args.max_ops
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    results = os.path.abspath(args.results) if args.results else results_folder(os.path.join(cache, 'mimus', 'conformance'), build)
    os.makedirs(results, exist_ok=True)
    started = time.monotonic()

    cases, rows = None, []
    if args.part != 'documents' and not args.only:
        need('curl')
        cases = run_cases(args, children, results)
        for line in cases[3][:-1]:
            print(line)
        print('cases: %d passed, %d failed, %d skipped (%.0f s)\n' % (*cases[:3], time.monotonic() - started), flush=True)
    if args.part != 'cases':
        need('node', 'npm')
        rows = run_documents(args, children, install_tool(args.shared, 'probe'), results, build)
        print_table(rows)
        if args.verbose:
            print_failures(rows, results)

    whole = bool(rows) and not args.only and not args.max_ops
    missed = []
    for row in rows:
        missed += ['%s %s: %s, the goal is %.0f%% or all but one%s' %
                   (o.document, o.mode, cell(o)[0], GOAL_DOCUMENT, ' (' + o.note + ')' if o.note else '')
                   for o in row if not o.good()]
    if rows:
        print()
        for i, mode in enumerate(MODES):
            col = [r[i] for r in rows if r[i].judged]
            p, f = sum(o.passed for o in col), sum(o.failed for o in col)
            q, g = sum(r[i].other_passed for r in rows), sum(r[i].other_failed for r in rows)
            print('%-8s validity %.2f%% (%d/%d)   other checks %.2f%% (%d/%d)   %d documents, %d with nothing to judge' %
                  (mode, percent(p, f), p, p + f, percent(q, g), q, q + g, len(col), len(rows) - len(col)))
            if whole and percent(p, f) < GOAL_VALIDITY:
                missed.append('validity %s: %.2f%%, the goal is %.1f%%' % (mode, percent(p, f), GOAL_VALIDITY))
            if whole and percent(q, g) < GOAL_CHECKS:
                missed.append('other checks %s: %.2f%%, the goal is %.1f%%' % (mode, percent(q, g), GOAL_CHECKS))

    floors, reached = read_floors(FLOORS), figures(cases, rows, whole)
    if args.max_ops:
        reached = {k: v for k, v in reached.items() if k == 'cases'}
    fallen = ['%s: %g, the floor is %g' % (k, v, floors[k]) for k, v in sorted(reached.items()) if k in floors and v < floors[k] - 1e-9]
    if whole and cases:
        fallen += ['%s: no figure, the floor is %g' % (k, v) for k, v in sorted(floors.items()) if k not in reached]
    risen = [k for k, v in reached.items() if v > floors.get(k, -1) + 1e-9]
    if args.update:
        for k in risen:
            floors[k] = reached[k]
        write_floors(FLOORS, floors, 'run.py --update')
        print('%d floors raised in %s' % (len(risen), os.path.relpath(FLOORS)))
    elif risen:
        print('%d figures are above their floors or have none; raise them with --update' % len(risen))
    for m in missed:
        print('goal missed: ' + m)
    for m in fallen:
        print('below the floor: ' + m)
    print('details: %s (%.0f s in all)' % (results, time.monotonic() - started))
    passed = (cases[0] if cases else 0) + sum(o.passed + o.other_passed for r in rows for o in r)
    failed = (cases[1] if cases else 0) + sum(o.failed + o.other_failed for r in rows for o in r)
    print('%d passed, %d failed' % (passed, failed))
    return 1 if missed or fallen else 0


def results_folder(parent, build, keep=5):
    """A folder for each binary, so that two can be judged at once; the oldest are removed."""
    own = os.path.join(parent, build[:12])
    os.makedirs(own, exist_ok=True)
    os.utime(own)
    others = sorted((d for d in glob.glob(os.path.join(parent, '*')) if os.path.isdir(d) and d != own), key=os.path.getmtime)
    for d in others[:-keep]:
        shutil.rmtree(d, ignore_errors=True)
    return own


def print_failures(rows, results):
    for row in rows:
        for o in row:
            path = result_file(results, o.document, o.mode)
            if not os.path.exists(path):
                continue
            with open(path) as f:
                bad = [r for r in json.load(f)['rows'] if r.get('ok') is False]
            for r in bad:
                print('  %s %s: %s: %s: %s' % (o.document, o.mode, r['check'], r['op'], r['why'][:240]))


if __name__ == '__main__':
    sys.exit(main())
