#!/usr/bin/env python3
"""Judge a mimus binary from outside and compare the figures with the floors.

The parts, of which cases, documents and stateful are run where none is named:
  cases      Prism's own test cases; those that need a proxy are left out, and
             those whose document is a collection are asked by postman.py.
  documents  every OpenAPI document of the corpus is served, and each operation
             is called and its answer checked: once static and once dynamic,
             both without resources, and once as it is, with resources that live.
  stateful   every document is served, and of each resource it is checked that
             what was written can be read back.
  world      tools/worldcheck: do lists, items, filters, references agree?
  clients    clients/main.mjs: public SDKs against mocks of their APIs.

Needs $MIMUS_SHARED (or --shared): the folder that holds corpus/ and
conformance/. Needs Python 3 (standard library), curl, Node.js 20 and npm; the
packages of the probes and of the SDKs are installed once into a cache folder.

floors.tsv beside this file holds what each figure has reached. A figure may
rise, never fall; --update raises the floors. Apart from the floors these goals
hold: of each document at least 97 % of the operations or all but one, of all
together 99.5 % where no resources live; of the other checks together 99 %; of
the checks of stateful 97 %, of those that need memory 95 %; of the world 97 %.

The last line is "N passed, N failed": cases, operations and checks, each
counted once. Exit status 0: floors and goals are met; 1: one is missed; 2: it
could not run.
"""
import argparse
import glob
import hashlib
import os
import re
import signal
import subprocess
import sys
import time

import stateful
import validity
import whole
from common import (CannotRun, Children, HERE, Result, cache_folder, compare, floor2, free_port, free_ports, install_tool,
                    list_documents, need, read_floors, results_folder, wait_ready, write_floors)

# What the other judges beside this file take from here.
__all__ = ['CannotRun', 'Children', 'HERE', 'ask_cases', 'floor2', 'free_port', 'install_tool', 'list_documents', 'need',
           'read_floors', 'wait_ready', 'write_floors']

FLOORS = os.path.join(HERE, 'floors.tsv')
PARTS = ('cases', 'documents', 'stateful', 'world', 'clients')
USUAL = PARTS[:3]

# What Prism's flags become where Mimus has nothing to switch.
CASE_FLAGS = {'multiprocess': ''}


# ---------------------------------------------------------------------- cases
def run_cases(args, children, results):
    """-> Result"""
    root = os.path.join(args.shared, 'conformance', 'prism')
    rels = sorted(os.path.relpath(os.path.join(d, f), root)
                  for d, _, files in os.walk(root) for f in files if f.endswith(('.txt', '.text')))
    rels = [r for r in rels if not r.endswith('.pc.txt') and not r.startswith('proxy' + os.sep)]
    passed, failed, skipped, lines = ask_cases(
        args, children, root, rels, ' serve {document} --port {port} {flags}', os.path.join(results, 'cases.json'))
    for line in lines[:-1]:
        print(line)
    print('cases: %d passed, %d failed, %d skipped' % (passed, failed, skipped))
    result = Result('cases')
    result.passed, result.failed = passed, failed
    result.figures['cases'] = float(passed)
    return result


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


# ---------------------------------------------------------------------- parts
def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--mimus', default='bin/mimus', help='the binary (bin/mimus)')
    ap.add_argument('--worldcheck', default='bin/worldcheck', help='the judge of the part world (bin/worldcheck)')
    ap.add_argument('--shared', default=os.environ.get('MIMUS_SHARED'), help='folder of corpus/ and conformance/ ($MIMUS_SHARED)')
    ap.add_argument('--only', action='append', default=[], metavar='GLOB',
                    help='only documents that match, for example museum.yaml; no cases, world or clients, no sums')
    ap.add_argument('--part', action='append', choices=PARTS, help='only this part; may be repeated')
    ap.add_argument('--floors', default=FLOORS, help='the file of the floors (floors.tsv beside this file)')
    ap.add_argument('--update', action='store_true', help='raise the floors to what was reached')
    ap.add_argument('--resume', action='store_true', help='keep the results of the same binary from an interrupted run')
    ap.add_argument('--jobs', type=int, default=2, help='documents at a time (2)')
    ap.add_argument('--limit-s', type=int, default=300, help='seconds for one document in one mode (300)')
    ap.add_argument('--max-ops', type=int, default=0, help='documents: at most N operations of each, spread evenly')
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
        build = hashlib.sha256(f.read()).hexdigest()
    results = os.path.abspath(args.results) if args.results else results_folder(cache_folder('conformance'), build)
    os.makedirs(results, exist_ok=True)
    started = time.monotonic()
    judged = []
    for part in PARTS:
        if part not in (args.part or USUAL) or args.only and part not in ('documents', 'stateful'):
            continue
        began = time.monotonic()
        judged.append(run_part(part, args, children, results, build))
        print('%s took %.0f s\n' % (part, time.monotonic() - began), flush=True)
    status = compare_and_print(args, judged)
    print('details: %s (%.0f s in all)' % (results, time.monotonic() - started))
    print('%d passed, %d failed' % (sum(r.passed for r in judged), sum(r.failed for r in judged)))
    return status


def run_part(part, args, children, results, build):
    """-> Result"""
    if part == 'cases':
        need('curl')
        return run_cases(args, children, results)
    if part == 'world':
        return whole.world(args, children, results)
    need('node', 'npm')
    if part == 'clients':
        return whole.clients(args, children, results)
    judge = {'documents': validity, 'stateful': stateful}[part]
    return judge.run(args, children, install_tool(args.shared, 'probe'), results, build)


def compare_and_print(args, judged):
    """-> exit status"""
    floors = read_floors(args.floors)
    fallen, risen = compare(floors, judged)
    if args.update:
        floors.update(risen)
        write_floors(args.floors, floors, 'run.py --update')
        print('%d floors raised in %s' % (len(risen), os.path.relpath(args.floors)))
    elif risen:
        print('%d figures are above their floors or have none; raise them with --update' % len(risen))
    missed = [m for r in judged for m in r.missed]
    for m in missed:
        print('goal missed: ' + m)
    for m in fallen:
        print('below the floor: ' + m)
    return 1 if missed or fallen else 0


if __name__ == '__main__':
    sys.exit(main())
