"""Judges that take all they ask in one go and sum up themselves: the world of each document, and public SDKs."""
import json
import os
import subprocess

from common import HERE, CannotRun, Result, floor2, tool_folder

GOAL_WORLD = 97.0


def ask(children, command, out_file, seconds, env=None):
    """Run a judge that prints for itself and writes JSON -> that"""
    if os.path.exists(out_file):
        os.remove(out_file)
    p = children.start(command, env=env)
    try:
        status = p.wait(seconds)
    except subprocess.TimeoutExpired:
        raise CannotRun('%s did not end in %d s' % (command[0], seconds)) from None
    finally:
        children.stop(p)
    if status not in (0, 1) or not os.path.exists(out_file):
        raise CannotRun('%s ended with %d' % (' '.join(command), status))
    with open(out_file) as f:
        return json.load(f)


def world(args, children, results):
    """-> Result; only the sum is a figure, since documents are given only so much time."""
    if not os.access(args.worldcheck, os.X_OK):
        raise CannotRun('%s is no program; build it with: go build -o %s ./tools/worldcheck' % (args.worldcheck, args.worldcheck))
    out_file = os.path.join(results, 'world.json')
    command = [os.path.abspath(args.worldcheck), '-mimus', args.mimus, '-jobs', str(args.jobs), '-list', '1000' if args.verbose else '20']
    found = ask(children, command + ['-json', out_file], out_file, 1800, dict(os.environ, MIMUS_SHARED=args.shared))
    result = Result('world')
    result.passed, result.failed = found['passed'], found['failed']
    result.figures['world'] = floor2(found['percent'])
    result.goal('world', found['percent'], GOAL_WORLD)
    return result


def clients(args, children, results):
    """-> Result; the figure is how many checks passed."""
    folder = tool_folder(os.path.join(HERE, 'clients'), 'clients')
    out_file = os.path.join(results, 'clients.json')
    # It installs its packages itself, beside itself.
    found = ask(children, ['node', os.path.join(folder, 'main.mjs'), '--mimus', args.mimus, '--shared', args.shared, '--json', out_file],
                out_file, 1200)
    result = Result('clients')
    result.passed, result.failed = found['passed'], found['total'] - found['passed']
    result.figures['clients'] = float(found['passed'])
    return result
