#!/usr/bin/env python3
"""Judge what a mimus binary does with Postman collections, and compare with the floors.

Three parts:
  cases    Prism's own test cases whose document is a collection, asked with
           --contract.
  compare  each OpenAPI document of the corpus is converted to a collection and
           compared, node by node, with that of Postman's own converter;
           documents in several files are left out, because that converter does
           not follow their references.
  newman   newman runs the collection of each document against the mock of the
           same document; a request counts when it gets a 2xx that it expects.
           Requests of operations without a declared response are not counted.

Needs $MIMUS_SHARED (or --shared), Python 3 (standard library), curl, Node.js 20
and npm; the packages are installed once into a cache folder. The largest
documents are left out unless --all is given.

postman.tsv beside this file holds what each figure has reached. A figure may
rise, never fall; --update raises the floors. Apart from them these goals hold:
96 % of all nodes equal, 99 % of all requests as expected, every collection
valid.

The last line is "N passed, N failed": cases, documents and requests, each
counted once. Exit status 0: floors and goals are met; 1: one is missed; 2: it
could not run.
"""
import argparse
import concurrent.futures
import glob
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from run import CannotRun, Children, HERE, floor2, free_port, free_ports, list_documents, need, shell_quote, wait_ready

FLOORS = os.path.join(HERE, 'postman.tsv')
GOAL_NODES, GOAL_REQUESTS = 96.0, 99.0
LARGE = 1_000_000  # bytes of a document that --all asks for
OPTION_SETS = (
    ('', {}, []),
    ('tags', {'folderStrategy': 'Tags', 'nestedFolderHierarchy': True}, ['--folder-strategy', 'tags', '--nested-folder-hierarchy']),
    ('example', {'parametersResolution': 'Example'}, ['--parameters-resolution', 'example']),
)
SMALL = 60_000  # bytes of a document that is converted with every set of options


def install(shared):
    """Copy the tools into the cache and install their packages, once for each package.json."""
    src = os.path.join(shared, 'conformance', 'postman')
    with open(os.path.join(src, 'package.json'), 'rb') as f:
        key = hashlib.sha256(f.read()).hexdigest()[:16]
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    folder = os.path.join(cache, 'mimus', 'postman', key)
    os.makedirs(folder, exist_ok=True)
    for f in glob.glob(os.path.join(src, '*')):
        if os.path.isfile(f):
            shutil.copy(f, folder)
    done = os.path.join(folder, '.installed')
    if not os.path.exists(done):
        print('installing newman and the converter into %s' % folder, flush=True)
        r = subprocess.run(['npm', 'install', '--no-package-lock', '--no-audit', '--no-fund'], cwd=folder,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if r.returncode:
            raise CannotRun('npm install ended with %d\n%s' % (r.returncode, r.stdout[-2000:]))
        open(done, 'w').close()
    return folder


def run_cases(args, children):
    """-> (passed, failed)"""
    root = os.path.join(args.shared, 'conformance', 'prism')
    rels = sorted(os.path.relpath(os.path.join(d, f), root) for d, _, files in os.walk(root) for f in files if f.endswith('.pc.txt'))
    rels = [r for r in rels if not r.startswith('proxy' + os.sep)]
    cmd = [sys.executable, os.path.join(args.shared, 'conformance', 'prism_cases.py'), root,
           '--serve', shell_quote(args.mimus) + ' serve --contract {document} --port {port} {flags}',
           '--jobs', str(args.jobs), '--port', str(free_ports(args.jobs)), '--map', 'multiprocess=']
    for r in rels:
        cmd += ['--only', glob.escape(r)]
    p = children.start(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    out = p.communicate()[0]
    children.stop(p)
    m = re.search(r'(\d+) passed, (\d+) failed, (\d+) skipped\s*$', out)
    if not m:
        raise CannotRun('the cases ended without a result:\n' + out[-2000:])
    print(out.rstrip())
    return int(m[1]), int(m[2])


def node(args, children, tool, *more, seconds=400):
    """Run one of the tools -> (exit status, output, the JSON that it wrote)"""
    with tempfile.NamedTemporaryFile(suffix='.json') as f:
        p = children.start(['node', os.path.join(args.tools, tool), *more, '--json', f.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            out = p.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            return 124, 'took more than %d s' % seconds, None
        finally:
            children.stop(p)
        text = f.read()
        return p.returncode, out, json.loads(text) if text else None


def convert(args, path, out, flags):
    r = subprocess.run([args.mimus, 'convert', path, '--to', 'postman', '-o', out, *flags], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return '' if r.returncode == 0 else 'mimus convert: ' + r.stderr.strip()[-200:]


def judge(args, children, doc):
    """-> the rows of one document: (kind, set, passed, total, note)"""
    path = os.path.join(args.shared, 'corpus', doc)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        collection = os.path.join(folder, 'c.json')
        for name, options, flags in OPTION_SETS:
            if name and os.path.getsize(path) > SMALL or args.part == 'newman' and name:
                continue
            note = convert(args, path, collection, flags)
            if note:
                rows.append(('compare', name, 0, 1, note))
                continue
            if args.part != 'newman':
                rows += compare(args, children, path, collection, name, options)
            if not name and args.part != 'compare':
                rows += newman(args, children, path, collection)
    return rows


def compare(args, children, path, collection, name, options):
    status, out, result = node(args, children, 'convert_compare.mjs', '--spec', path, '--candidate', collection, '--options', json.dumps(options), '--floor', '0')
    if status == 3:
        return [('compare', name, 0, 0, 'the reference refuses the document')]
    if result is None:
        return [('compare', name, 0, 1, out.strip()[-200:])]
    if 'references to other files' in out:
        return [('compare', name, 0, 0, 'in several files')]
    note = ''
    if result['schema']:
        note = 'not valid: ' + json.dumps(result['schema'][0])[:200]
    return [('compare', name, result['equal'], result['total'], note)]


def newman(args, children, path, collection):
    port = free_port()
    server = children.start([args.mimus, 'serve', path, '--port', str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = 'http://127.0.0.1:%d' % port
        failed = wait_ready(base, server, 30)
        if failed:
            return [('newman', '', 0, 1, 'mimus serve ' + failed)]
        _, out, result = node(args, children, 'newman_run.mjs', '--collection', collection, '--base', base, '--floor', '0')
    finally:
        children.stop(server)
    if result is None:
        return [('newman', '', 0, 1, out.strip()[-200:])]
    # A request that expects nothing says nothing: its operation declares no response.
    rows = [r for r in result['rows'] if r['codes']]
    none = len(result['rows']) - len(rows)
    bad = [r for r in rows if r['verdict'] != 'expected']
    note = ''
    if bad:
        note = '%s %s: %s' % (bad[0]['method'], bad[0]['url'], bad[0]['why'])
    if none:
        note = '(+%d without a declared response, not counted) %s' % (none, note)
    return [('newman', '', len(rows) - len(bad), len(rows), note[:200])]


def read_floors():
    floors = {}
    if os.path.exists(FLOORS):
        with open(FLOORS, encoding='utf-8') as f:
            for line in f:
                name, _, value = line.rstrip('\n').partition('\t')
                if value and not line.startswith('#') and name != 'figure':
                    floors[name] = float(value)
    return floors


def write_floors(floors):
    with open(FLOORS, 'w', encoding='utf-8') as f:
        f.write('# What each figure has reached: percent, or a number of cases. It may rise, never fall.\n'
                '# Written by tools/conformance/postman.py --all --update.\n'
                'figure\tfloor\n')
        for name in sorted(floors):
            f.write('%s\t%s\n' % (name, ('%.2f' % floors[name]).rstrip('0').rstrip('.')))


def run(args, children):
    if not args.shared:
        raise CannotRun('set MIMUS_SHARED to the folder that holds corpus/ and conformance/')
    args.shared = os.path.abspath(args.shared)
    args.mimus = os.path.abspath(args.mimus)
    if not os.access(args.mimus, os.X_OK):
        raise CannotRun('%s is no program; build it with: make build' % args.mimus)
    need('curl', 'node', 'npm')
    started = time.monotonic()
    reached, passed, failed, missed = {}, 0, 0, []
    if args.part in ('all', 'cases') and not args.only:
        ok, bad = run_cases(args, children)
        reached['cases'] = float(ok)
        passed, failed = ok, bad
    sums = {}
    if args.part != 'cases':
        args.tools = install(args.shared)
        docs = [d for d, _ in list_documents(args.shared, args.only)]
        size = {d: os.path.getsize(os.path.join(args.shared, 'corpus', d)) for d in docs}
        left_out = [d for d in docs if not (args.all or args.only) and (size[d] > LARGE or d.endswith('.gz'))]
        docs = sorted((d for d in docs if d not in left_out), key=lambda d: -size[d])
        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            results = dict(zip(docs, pool.map(lambda d: judge(args, children, d), docs)))
        print('\n%-52s %-10s %18s %18s' % ('document', 'options', 'nodes equal', 'requests'))
        for doc in sorted(docs):
            for kind, name, ok, total, note in results[doc]:
                if kind == 'compare' and total == 0:
                    print('%-52s %-10s %s' % (doc[len('openapi/'):], name, note))
                    continue
                share = 100.0 * ok / total if total else 100.0
                cell = '%d/%d %5.1f%%' % (ok, total, share)
                print('%-52s %-10s %18s %18s  %s' % (doc[len('openapi/'):], name, cell if kind == 'compare' else '', cell if kind == 'newman' else '', note))
                label = ' '.join(x for x in (kind, name, doc) if x)
                reached[label] = floor2(share)
                one = sums.setdefault(kind + (' ' + name if name else ''), [0, 0])
                one[0] += ok
                one[1] += total
                if kind == 'compare':
                    if note:
                        missed.append('%s: %s' % (label, note))
                        failed += 1
                    else:
                        passed += 1
                else:
                    passed, failed = passed + ok, failed + total - ok
        for name, (ok, total) in sorted(sums.items()):
            share = 100.0 * ok / max(total, 1)
            print('%s: %.2f%% (%d/%d)' % (name, share, ok, total))
            goal = GOAL_REQUESTS if name == 'newman' else GOAL_NODES
            if share < goal and not args.only:
                missed.append('%s: %.2f%%, the goal is %.0f%%' % (name, share, goal))
        if left_out:
            print('left out without --all: %s' % ', '.join(d[len('openapi/'):] for d in left_out))
    floors = read_floors()
    fallen = ['%s: %g, the floor is %g' % (k, v, floors[k]) for k, v in sorted(reached.items()) if k in floors and v < floors[k] - 1e-9]
    risen = [k for k, v in reached.items() if v > floors.get(k, -1) + 1e-9]
    if args.update:
        for k in risen:
            floors[k] = reached[k]
        write_floors(floors)
        print('%d floors raised in %s' % (len(risen), os.path.relpath(FLOORS)))
    elif risen:
        print('%d figures are above their floors or have none; raise them with --update' % len(risen))
    for m in missed:
        print('goal missed: ' + m)
    for m in fallen:
        print('below the floor: ' + m)
    print('%.0f s in all' % (time.monotonic() - started))
    print('%d passed, %d failed' % (passed, failed))
    return 1 if missed or fallen else 0


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--mimus', default='bin/mimus', help='the binary (bin/mimus)')
    ap.add_argument('--shared', default=os.environ.get('MIMUS_SHARED'), help='folder of corpus/ and conformance/ ($MIMUS_SHARED)')
    ap.add_argument('--only', action='append', default=[], metavar='GLOB', help='only documents that match, for example museum.yaml; no cases')
    ap.add_argument('--part', choices=('all', 'cases', 'compare', 'newman'), default='all')
    ap.add_argument('--all', action='store_true', help='the largest documents, too')
    ap.add_argument('--update', action='store_true', help='raise the floors to what was reached')
    ap.add_argument('--jobs', type=int, default=2, help='documents at a time (2)')
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


if __name__ == '__main__':
    sys.exit(main())
