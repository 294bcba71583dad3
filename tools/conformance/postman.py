#!/usr/bin/env python3
"""Judge what a mimus binary does with Postman collections, and compare with the floors.

Four parts:
  cases    Prism's own test cases whose document is a collection, asked with
           --contract.
  compare  each OpenAPI document of the corpus is converted to a collection and
           compared, node by node, with that of Postman's own converter, and
           validated against the published schema of collections. Documents in
           several files are left out: that converter does not follow their
           references. A dozen small documents are converted with other options,
           too.
           Path variables are not compared, but where they are a part of a
           segment, their names tell of their values: collections are made
           without the ids of the mock's items, which that converter can't know.
  newman   newman runs the collection of each document against the mock of the
           same document, which keeps nothing; a request counts when it gets a
           2xx that it expects. Two figures: of the requests whose operation
           declares a response, and of all requests, as the tool itself counts.
  living   the same collections against a mock that keeps what is written.

Needs $MIMUS_SHARED (or --shared), Python 3 (standard library), curl, Node.js 20
and npm; the packages are installed once into a cache folder. The largest
documents, and the other options for more than a dozen, are asked with --all.

postman.tsv beside this file holds what each figure has reached. A figure may
rise, never fall; --update raises the floors. Sums of the default run and of
--all have floors of their own. Apart from the floors these goals hold: 96 % of
all nodes equal, 99 % of the requests that expect something as expected (95 %
where the mock keeps what is written), every collection valid.

--timing measures the conversion against that of Postman's converter instead,
whole processes, and judges nothing.

The last line is "N passed, N failed": cases, documents and requests, each
counted once. Exit status 0: floors and goals are met; 1: one is missed; 2: it
could not run.
"""
import argparse
import collections
import concurrent.futures
import csv
import gzip
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from run import (CannotRun, Children, HERE, ask_cases, floor2, free_port, install_tool, list_documents, need,
                 read_floors, wait_ready, write_floors)

FLOORS = os.path.join(HERE, 'postman.tsv')
GOAL_NODES, GOAL_REQUESTS, GOAL_LIVING = 96.0, 99.0, 95.0
LIMIT_SECONDS = 400  # of one run of a tool; the comparison of GitHub's document takes about 40

# What --all asks for, because it takes as long as everything else together.
# asana.yaml and xero-accounting.yaml stay, as large documents.
LARGEST = {'openapi/' + name for name in (
    'box.json', 'discord.json', 'github-api.json.gz', 'openai.yaml', 'slack-web-v2.json', 'twilio-api-v2010.yaml')}

# name, the options of Postman's converter, the flags of mimus that equal them
OPTION_SETS = (
    ('', {}, []),
    ('tags', {'folderStrategy': 'Tags', 'nestedFolderHierarchy': True}, ['--folder-strategy', 'tags', '--nested-folder-hierarchy']),
    ('example', {'parametersResolution': 'Example'}, ['--parameters-resolution', 'example']),
)
# Documents that are converted with every set of options: each version, tags,
# examples, parameters, composed types and several media types are among them.
DOZEN = {'openapi/' + name for name in (
    'cafe-3.2.yaml', 'museum.yaml', 'oai/v2.0/uber.json', 'oai/v3.0/api-with-examples.yaml', 'oai/v3.0/petstore-expanded.yaml',
    'oai/v3.1/tictactoe.yaml', 'readme/3.0-parameters-style.yaml', 'readme/3.0-polymorphism.yaml',
    'readme/3.0-response-multiple-mediatypes.yaml', 'readme/3.1-schema-types.json', 'swagger-petstore-3.0.yaml', 'xero-files.yaml')}
SMALL = 60_000  # bytes of a document that --all converts with every set of options

TIMED = ('openapi/github-api.json.gz', 'openapi/swagger-petstore-3.0.yaml')
TIMES = 3


class Row:
    """One figure: what was reached of one document with one set of options."""

    def __init__(self, part, options, document):
        self.part, self.options, self.document = part, options, document
        self.ok = self.total = 0
        self.silent = 0     # requests of operations without a declared response, not in total
        self.silent_ok = 0  # those among them that got a 2xx
        self.note = ''      # what went wrong first
        self.apart = ''     # why there is no figure
        self.valid = True
        self.seconds = 0.0

    def lose(self, why):
        """No figure although there should be one."""
        self.ok, self.total, self.note = 0, 1, why

    def judged(self):
        return not self.apart and self.total > 0

    def percent(self):
        return percent(self.ok, self.total)

    def name(self):
        return ' '.join(x for x in (self.part, self.options, self.document) if x)


def percent(ok, total):
    return 100.0 * ok / total if total else 100.0


# ------------------------------------------------------------------ the tools
def node(args, children, folder, tool, *more):
    """Run one of the tools -> (exit status, output, the JSON that it wrote)"""
    out_file = os.path.join(folder, 'result.json')
    p = children.start(['node', os.path.join(args.tools, tool), *more, '--json', out_file],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
    try:
        out = p.communicate(timeout=LIMIT_SECONDS)[0]
    except subprocess.TimeoutExpired:
        return 124, 'took more than %d s' % LIMIT_SECONDS, None
    finally:
        children.stop(p)
    if not os.path.exists(out_file):
        return p.returncode, out, None
    with open(out_file) as f:
        return p.returncode, out, json.load(f)


def convert(args, children, path, out, flags):
    """-> what went wrong, or nothing"""
    p = children.start([args.mimus, 'convert', path, '--to', 'postman', '-o', out, *flags],
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        text = p.communicate(timeout=LIMIT_SECONDS)[1]
    except subprocess.TimeoutExpired:
        return 'mimus convert took more than %d s' % LIMIT_SECONDS
    finally:
        children.stop(p)
    return '' if p.returncode == 0 else 'mimus convert ended with %d: %s' % (p.returncode, last_line(text))


def last_line(text):
    return (text.strip().splitlines() or [''])[-1][:200]


# ---------------------------------------------------------------------- parts
def run_cases(args, children):
    root = os.path.join(args.shared, 'conformance', 'prism')
    rels = sorted(os.path.relpath(os.path.join(d, f), root) for d, _, files in os.walk(root) for f in files if f.endswith('.pc.txt'))
    with tempfile.TemporaryDirectory(prefix='mimus-postman-') as folder:
        return ask_cases(args, children, root, rels, ' serve --contract {document} --port {port} {flags}', os.path.join(folder, 'cases.json'))


def compare(args, children, document):
    """-> a row for each set of options"""
    path = os.path.join(args.shared, 'corpus', document)
    every = document in DOZEN or args.all and os.path.getsize(path) <= SMALL
    rows = []
    for name, options, flags in OPTION_SETS if every else OPTION_SETS[:1]:
        row, started = Row('compare', name, document), time.monotonic()
        with tempfile.TemporaryDirectory(prefix='mimus-postman-') as folder:
            collection = os.path.join(folder, 'collection.json')
            failed = convert(args, children, path, collection, [*flags, '--no-world'])
            if failed:
                row.lose(failed)
            else:
                compare_one(args, children, folder, path, collection, options, row)
        row.seconds = time.monotonic() - started
        rows.append(row)
        if row.apart:
            break  # no other options change that
    return rows


def compare_one(args, children, folder, path, collection, options, row):
    status, out, result = node(args, children, folder, 'convert_compare.mjs', '--spec', path, '--candidate', collection,
                               '--options', json.dumps(options), '--floor', '0')
    if status == 3:
        row.apart = 'refused by the reference: ' + last_line(out).rpartition('document: ')[2]
        return
    if result is None:
        row.lose('the comparison ended with %d: %s' % (status, last_line(out)))
        return
    outside = re.search(r'^references to other files.*: (\d+)$', out, re.M)
    if outside:
        row.apart = 'in several files: %s references' % outside[1]
        return
    row.ok, row.total = result['equal'], result['total']
    if result['schema']:
        row.valid, row.note = False, 'not valid: %s: %s' % (result['schema'][0]['at'], result['schema'][0]['message'])


def newman(args, children, document):
    return run_newman(args, children, 'newman', document, ['--state', 'off'])


def newman_living(args, children, document):
    return run_newman(args, children, 'newman living', document, [])


def run_newman(args, children, part, document, flags):
    path = os.path.join(args.shared, 'corpus', document)
    row, started = Row(part, '', document), time.monotonic()
    with tempfile.TemporaryDirectory(prefix='mimus-postman-') as folder:
        collection = os.path.join(folder, 'collection.json')
        failed = convert(args, children, path, collection, [])
        if failed:
            row.lose(failed)
        else:
            newman_one(args, children, folder, path, collection, flags, row)
    row.seconds = time.monotonic() - started
    return [row]


def newman_one(args, children, folder, path, collection, flags, row):
    base = 'http://127.0.0.1:%d' % free_port()
    server = children.start([args.mimus, 'serve', path, '--port', base.rpartition(':')[2], *flags],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        failed = wait_ready(base, server, 30)
        if failed:
            row.lose('mimus serve ' + failed)
            return
        status, out, result = node(args, children, folder, 'newman_run.mjs', '--collection', collection, '--base', base, '--floor', '0')
    finally:
        children.stop(server)
    if result is None:
        row.lose('newman ended with %d: %s' % (status, last_line(out)))
        return
    with open(collection, encoding='utf-8') as f:
        silent = names_without_response(json.load(f))
    bad = []
    for r in result['rows']:
        expected = r['verdict'] == 'expected'
        # A request that expects nothing says nothing. One that was never sent
        # carries no codes either, but not the name of such a request.
        if not r['codes'] and silent[r['name']]:
            row.silent += 1
            row.silent_ok += expected
            continue
        row.total += 1
        row.ok += expected
        if not expected:
            bad.append('%s %s: %s' % (r['method'], r['url'].replace(base, ''), r['status'] or 'no answer') if 'method' in r else r['why'])
    if bad:
        row.note = bad[0][:200] + (' (and %d more)' % (len(bad) - 1) if bad[1:] else '')
    if not row.total and not row.silent:
        row.apart = 'no requests'


def names_without_response(collection):
    found, items = collections.Counter(), list(collection.get('item') or [])
    while items:
        item = items.pop()
        if 'item' in item:
            items += item['item']
        elif not item.get('response'):
            found[item.get('name', '')] += 1
    return found


def of_documents(args, children, ask, documents):
    """Ask for each document, the large ones first, so that the last minute isn't one document alone."""
    def size(document):
        path = os.path.join(args.shared, 'corpus', document)
        return os.path.getsize(path) * (14 if path.endswith('.gz') else 1)
    rows, started = {}, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        futures = {pool.submit(ask, args, children, d): d for d in sorted(documents, key=size, reverse=True)}
        try:
            for f in concurrent.futures.as_completed(futures):
                rows[futures[f]] = f.result()
        except BaseException:
            for f in futures:
                f.cancel()
            children.close()
            raise
    return [row for d in sorted(documents) for row in rows[d]], time.monotonic() - started


# --------------------------------------------------------------------- floors
def sums(rows):
    """-> {(name, the goal or None): (reached, of how many)}"""
    out = {}
    for name, _, _ in OPTION_SETS:
        chosen = [r for r in rows if r.part == 'compare' and r.options == name and r.judged()]
        if chosen:
            out[('compare ' + name).strip(), GOAL_NODES] = sum(r.ok for r in chosen), sum(r.total for r in chosen)
    for part, goal in (('newman', GOAL_REQUESTS), ('newman living', GOAL_LIVING)):
        ran = [r for r in rows if r.part == part and not r.apart]
        if ran:
            out[part, goal] = sum(r.ok for r in ran), sum(r.total for r in ran)
            out[part + ' of all requests', None] = sum(r.ok + r.silent_ok for r in ran), sum(r.total + r.silent for r in ran)
    return out


# ---------------------------------------------------------------------- print
def print_rows(part, rows, seconds):
    judged = [r for r in rows if r.judged()]
    word = 'nodes equal' if part == 'compare' else 'as expected'
    form = '%-52s %-8s %8s %15s %6s  %s'
    print(form % (part, 'options', 'percent', word, 's', ''))
    for r in judged:
        notes = ['valid' if r.valid else 'NOT VALID'] if part == 'compare' and r.total > 1 else []
        if r.silent:
            notes.append('+%d without a declared response, not counted' % r.silent)
        if r.note:
            notes.append(r.note)
        print(form % (r.document[len('openapi/'):], r.options, '%.2f' % floor2(r.percent()), '%d/%d' % (r.ok, r.total), '%.1f' % r.seconds, '; '.join(notes)))
    for r in rows:
        if not r.judged():
            why = r.apart or '%d requests, none with a declared response' % r.silent
            print('left out: %s: %s' % (r.document[len('openapi/'):], why))
    print('%s: %d documents, %d figures, %d left out (%.0f s)\n' % (part, len({r.document for r in rows}), len(judged), len(rows) - len(judged), seconds), flush=True)


def write_rows(path, rows):
    with open(path, 'w', encoding='utf-8', newline='') as f:
        w = csv.writer(f, delimiter='\t', lineterminator='\n')
        w.writerow(('part', 'options', 'document', 'percent', 'reached', 'total', 'not counted', 'valid', 's', 'note'))
        for r in rows:
            w.writerow((r.part, r.options, r.document, '%.2f' % floor2(r.percent()) if r.judged() else '', r.ok, r.total, r.silent,
                        {True: 'yes', False: 'no'}[r.valid] if r.part == 'compare' and r.judged() else '', '%.1f' % r.seconds, r.apart or r.note))


# --------------------------------------------------------------------- timing
def timing(args, children):
    """Whole processes, one at a time: medians of three."""
    print('%-36s %-18s %8s %8s %8s' % ('document', 'converter', 'wall s', 'CPU s', 'RSS MB'))
    for document in TIMED:
        with tempfile.TemporaryDirectory(prefix='mimus-postman-') as folder:
            path = os.path.join(args.shared, 'corpus', document)
            if path.endswith('.gz'):  # Postman's converter reads no .gz
                plain = os.path.join(folder, os.path.basename(path)[:-len('.gz')])
                with gzip.open(path, 'rb') as src, open(plain, 'wb') as dst:
                    shutil.copyfileobj(src, dst)
                path = plain
            out = os.path.join(folder, 'collection.json')
            for name, cmd in (
                    ('mimus convert', [args.mimus, 'convert', path, '--to', 'postman', '-o', out]),
                    ('openapi2postmanv2', [os.path.join(args.tools, 'node_modules', '.bin', 'openapi2postmanv2'), '-s', path, '-o', out])):
                runs = [measure(children, cmd, folder) for _ in range(TIMES)]
                wall, cpu, rss = (statistics.median(column) for column in zip(*runs))
                print('%-36s %-18s %8.2f %8.2f %8.0f' % (os.path.basename(path), name, wall, cpu, rss), flush=True)
    return 0


def measure(children, cmd, folder):
    """-> (wall s, CPU s, RSS MB) of one process"""
    started = time.monotonic()
    p = children.start(cmd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    _, status, usage = os.wait4(p.pid, 0)
    wall = time.monotonic() - started
    p.returncode = os.waitstatus_to_exitcode(status)
    children.stop(p)
    if p.returncode:
        raise CannotRun('%s ended with %d' % (cmd[0], p.returncode))
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024.0


# ----------------------------------------------------------------------- main
def run(args, children):
    if not args.shared:
        raise CannotRun('set MIMUS_SHARED to the folder that holds corpus/ and conformance/')
    args.shared = os.path.abspath(args.shared)
    for part in ('corpus/INDEX.tsv', 'conformance/prism_cases.py', 'conformance/postman/package.json'):
        if not os.path.exists(os.path.join(args.shared, part)):
            raise CannotRun('%s is not in %s' % (part, args.shared))
    args.mimus = os.path.abspath(args.mimus)
    if not os.access(args.mimus, os.X_OK):
        raise CannotRun('%s is no program; build it with: make build' % args.mimus)
    need('curl', 'node', 'npm')
    if args.timing:
        args.tools = install_tool(args.shared, 'postman')
        return timing(args, children)
    return judge(args, children)


def judge(args, children):
    started = time.monotonic()
    reached, passed, failed, missed, rows = {}, 0, 0, [], []
    if args.part in ('all', 'cases') and not args.only:
        passed, failed, skipped, lines = run_cases(args, children)
        reached['cases'] = float(passed)
        print('\n'.join(lines[:-1]))
        print('cases: %d passed, %d failed, %d skipped (%.0f s)\n' % (passed, failed, skipped, time.monotonic() - started), flush=True)
    if args.part != 'cases':
        args.tools = install_tool(args.shared, 'postman')
        documents = [d for d, _ in list_documents(args.shared, args.only)]
        if not documents:
            raise CannotRun('no document of the corpus matches')
        if not args.all and not args.only:
            print('left out without --all: %s\n' % ', '.join(sorted(d[len('openapi/'):] for d in documents if d in LARGEST)))
            documents = [d for d in documents if d not in LARGEST]
        for part, ask in (('compare', compare), ('newman', newman), ('newman living', newman_living)):
            if args.part in ('all', part.rpartition(' ')[2]):
                own, seconds = of_documents(args, children, ask, documents)
                print_rows(part, own, seconds)
                rows += own
    for r in rows:
        if not r.judged():
            continue
        reached[r.name()] = floor2(r.percent())
        if r.part.startswith('newman'):
            passed, failed = passed + r.ok, failed + r.total - r.ok
        elif r.note:
            failed += 1
            missed.append('%s: %s' % (r.name(), r.note))
        else:
            passed += 1
    for (name, goal), (ok, total) in sums(rows).items():
        print('%-32s %.2f%% (%d/%d)' % (name, floor2(percent(ok, total)), ok, total))
        if args.only:
            continue
        reached['sum %s%s' % (name, ', --all' if args.all else '')] = floor2(percent(ok, total))
        if goal and percent(ok, total) < goal:
            missed.append('%s: %.2f%%, the goal is %.0f%%' % (name, percent(ok, total), goal))
    if args.results:
        write_rows(args.results, rows)

    floors = read_floors(FLOORS)
    fallen = ['%s: %g, the floor is %g' % (k, v, floors[k]) for k, v in sorted(reached.items()) if k in floors and v < floors[k] - 1e-9]
    # A figure that is gone has fallen, too. What wasn't asked isn't gone.
    asked = {(r.part, r.options, r.document) for r in rows}
    fallen += ['%s %s: no figure, the floor is %g' % (part, document, floors[name])
               for part, options, document in sorted(asked)
               for name in [' '.join(x for x in (part, options, document) if x)] if name in floors and name not in reached]
    risen = [k for k, v in reached.items() if v > floors.get(k, -1) + 1e-9]
    if args.update:
        for k in risen:
            floors[k] = reached[k]
        write_floors(FLOORS, floors, 'postman.py --update, with and without --all')
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
    ap.add_argument('--only', action='append', default=[], metavar='GLOB', help='only documents that match, for example museum.yaml; no cases, no sums')
    ap.add_argument('--part', choices=('all', 'cases', 'compare', 'newman', 'living'), default='all')
    ap.add_argument('--all', action='store_true', help='the largest documents, and other options for all small ones, too')
    ap.add_argument('--update', action='store_true', help='raise the floors to what was reached')
    ap.add_argument('--timing', action='store_true', help='measure the time of conversion against Postman\'s converter, and nothing else')
    ap.add_argument('--results', metavar='FILE', help='write every figure into this file (TSV)')
    ap.add_argument('--jobs', type=int, default=2, help='documents at a time (2)')
    args = ap.parse_args()
    children = Children()

    def on_signal(signum, _frame):
        print('ended by %s' % signal.Signals(signum).name, file=sys.stderr, flush=True)
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
