#!/usr/bin/env python3
"""Judge the management API from outside, by the description of Postman's API.

Every case makes what it needs through the API, changes it, reads it back and
calls the mock servers that come of it. Each exchange is compared with the
description, too: its status, its media type, its schema, and that whatever the
success example has is there.

Starts bin/mimus with a data folder of its own and a key, and once more without
one for what is different then; or judges the server that --url names (with --key
where that needs one). What is made there stays there.

Needs $MIMUS_SHARED (or --shared): the folder that holds
reference/postman-api.openapi.yaml. Needs Python 3 and PyYAML.

platform.tsv beside this file holds how many checks of each group have passed,
and how many operations of the description have answered with success. A figure
may rise, never fall; --update raises the floors.

The last line is "N passed, N failed". Exit status 0: nothing failed and the
floors are met; 1: something failed; 2: it could not run.
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from run import CannotRun, Children, free_port, read_floors, wait_ready, write_floors

try:
    from platform_checks import calls, collections_, contract, environments, items, mocks, others, restart, specs, workspaces
    from platform_checks.client import Api, Broken, Judge
except ImportError as e:
    sys.exit('%s; install it (Debian: python3-yaml)' % e)

HERE = os.path.dirname(os.path.abspath(__file__))
FLOORS = os.path.join(HERE, 'platform.tsv')
REFERENCE = os.path.join('reference', 'postman-api.openapi.yaml')
GROUPS = {'workspaces': workspaces, 'collections': collections_, 'items': items, 'environments': environments,
          'specs': specs, 'mocks': mocks, 'calls': calls, 'others': others}

PRINTED = [*GROUPS, 'restart', 'contract']

# Cases that are asked of a server without keys, too.
WITHOUT_KEY = ('workspaces/me', 'workspaces/first_workspace', 'specs/import_file', 'others/safety')


def cases(module):
    """-> [(name, function)] in the order of the file"""
    found = [(n[len('case_'):], f) for n, f in vars(module).items() if n.startswith('case_')]
    return sorted(found, key=lambda nf: nf[1].__code__.co_firstlineno)


def make_key(args, data):
    """A key with all rights for a data folder, as a person makes it."""
    command = [args.mimus, 'keys', 'create', 'checks', '--scope', 'admin', '--data', data]
    r = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30)
    found = re.search(r'\bmimus_[A-Za-z0-9_-]{16,}', r.stdout)
    if r.returncode or not found:
        raise CannotRun('%s gives no key:\n%s' % (' '.join(command), r.stdout[-500:]))
    return found[0]


def start(args, children, folder, data):
    """Start the server -> (base URL, process, file of its log)"""
    port = free_port()
    log = os.path.join(folder, os.path.basename(data) + '.log')
    command = [args.mimus, 'serve', '--data', data, '--port', str(port)] + args.flag
    with open(log, 'wb') as out:
        proc = children.start(command, stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    base = 'http://127.0.0.1:%d' % port
    why = wait_ready(base, proc, 20)
    if why:
        raise CannotRun('%s: %s\n%s' % (' '.join(command), why, tail(log)))
    return base, proc, log


def tail(path, lines=20):
    with open(path, errors='replace') as f:
        return ''.join(f.readlines()[-lines:])


def judge(args, j, description, base, key, wanted):
    """Run the cases that are wanted"""
    api = Api(base, key, description, j)
    api.loopback_is_open = api.get('/me', key=False).status == 200
    if not api.loopback_is_open and not key:
        raise CannotRun('%s asks for a key: give it with --key' % base)
    for group, module in GROUPS.items():
        for name, case in cases(module):
            if not wanted('%s/%s' % (group, name)):
                continue
            began, before = time.monotonic(), len(j.failures)
            guarded(j, group, name, lambda case=case: case(api))
            if args.verbose:
                print('%-40s %5.2f s  %d failed' % (group + '/' + name, time.monotonic() - began, len(j.failures) - before), flush=True)


def guarded(j, group, name, case):
    """Run a case; one that breaks off has failed -> what it gives"""
    j.group, before = group, len(j.failures)
    try:
        return case()
    except Broken as e:
        j.ok('breaks off', False, 'to go on', str(e))
    except Exception as e:  # an answer that nobody foresaw is a failure of the server, too
        line = [f for f in traceback.extract_tb(e.__traceback__) if 'platform_checks' in f.filename][-1:]
        where = ' (%s:%d)' % (os.path.basename(line[0].filename), line[0].lineno) if line else ''
        j.ok('breaks off' + where, False, 'to go on', '%s: %s' % (type(e).__name__, e))
    finally:
        for i in range(before, len(j.failures)):
            g, n, want, got = j.failures[i]
            j.failures[i] = (g, '%s: %s' % (name, n), want, got)


def summary(args, j, floors):
    """Print the result -> exit status"""
    for group, name, want, got in j.failures:
        print('FAILED %s: %s: expected %s, got %s' % (group, name, one_line(want), one_line(got)))
    print()
    failed = {g: sum(f[0] == g for f in j.failures) for g in PRINTED}
    for group in PRINTED:
        print('%-14s %4d passed  %4d failed' % (group, j.passed.get(group, 0), failed[group]))
    # Which statuses are seen hangs on timing (423), which operations are doesn't.
    reached = {g: float(n) for g, n in j.passed.items() if g != 'contract'}
    reached['operations'] = float(len({op for op, status in j.contract if status < 400 and not op.startswith('(')}))
    print('%d operations of the description were exercised' % reached['operations'])
    fallen = []
    if not args.only and not args.url:
        fallen = ['%s: %g, the floor is %g' % (g, reached.get(g, 0), f) for g, f in sorted(floors.items()) if reached.get(g, 0) < f]
        risen = [g for g, n in reached.items() if n > floors.get(g, -1)]
        if args.update:
            floors.update({g: reached[g] for g in risen})
            write_floors(FLOORS, floors, 'platform_api.py --update')
            print('%d floors raised in %s' % (len(risen), os.path.relpath(FLOORS)))
        elif risen:
            print('%d figures are above their floors or have none; raise them with --update' % len(risen))
    for f in fallen:
        print('below the floor: ' + f)
    print('%d passed, %d failed' % (sum(j.passed.values()), len(j.failures)))
    return 1 if j.failures or fallen else 0


def one_line(value, limit=400):
    text = ' '.join(str(value).split())
    return text[:limit] + ('…' if len(text) > limit else '')


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--mimus', default='bin/mimus', help='the binary (bin/mimus)')
    ap.add_argument('--shared', default=os.environ.get('MIMUS_SHARED'), help='folder of reference/ ($MIMUS_SHARED)')
    ap.add_argument('--url', help='judge the server that runs there, for example http://127.0.0.1:4010')
    ap.add_argument('--key', default='', help='a key with all rights')
    ap.add_argument('--flag', action='append', default=[], help='one more argument for serve, for example --flag=--host=0.0.0.0')
    ap.add_argument('--only', action='append', default=[], metavar='TEXT', help='only cases whose group/name has the text in it; no floors')
    ap.add_argument('--update', action='store_true', help='raise the floors to what was reached')
    ap.add_argument('-v', '--verbose', action='store_true', help='print each case with its time')
    args = ap.parse_args()
    children = Children()

    def on_signal(signum, _frame):
        children.close()
        sys.exit(128 + signum)
    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, on_signal)
    folder = tempfile.mkdtemp(prefix='mimus-platform-')
    try:
        return run(args, children, folder)
    except (CannotRun, OSError) as e:
        print(e, file=sys.stderr)
        return 2
    finally:
        children.close()
        shutil.rmtree(folder, ignore_errors=True)


def run(args, children, folder):
    if not args.shared or not os.path.exists(os.path.join(args.shared, REFERENCE)):
        raise CannotRun('set MIMUS_SHARED to the folder that holds %s' % REFERENCE)
    j, description = Judge(), contract.Contract(os.path.join(args.shared, REFERENCE))
    asked = lambda name: not args.only or any(o in name for o in args.only)
    if args.url:
        judge(args, j, description, args.url, args.key, asked)
    else:
        args.mimus = os.path.abspath(args.mimus)
        if not os.access(args.mimus, os.X_OK):
            raise CannotRun('%s is no program; build it with: make build' % args.mimus)
        keyed, open_one = os.path.join(folder, 'keyed'), os.path.join(folder, 'open')
        key = make_key(args, keyed)
        judge_own(args, children, j, description, folder, keyed, key, asked)
        judge_own(args, children, j, description, folder, open_one, '', lambda n: asked(n) and n in WITHOUT_KEY)
    j.close()
    return summary(args, j, read_floors(FLOORS))


def judge_own(args, children, j, description, folder, data, key, wanted):
    base, proc, log = start(args, children, folder, data)
    judge(args, j, description, base, key, wanted)
    if proc.poll() is not None:
        raise CannotRun('the server ended with %d while it was asked:\n%s' % (proc.returncode, tail(log)))
    if key and wanted('restart'):
        made = guarded(j, 'restart', 'before', lambda: restart.before(Api(base, key, description, j)))
        children.stop(proc)
        base, proc, log = start(args, children, folder, data)
        if made:
            guarded(j, 'restart', 'after', lambda: restart.after(Api(base, key, description, j), made))
    children.stop(proc)


if __name__ == '__main__':
    sys.exit(main())
