"""Can what was written be read back, with nothing configured? One figure for each document with resources."""
import json
import os
import time

from common import Asked, Lost, Result, ask_documents, floor2, percent, result_file

GOAL_ALL, GOAL_ALONE = 97.0, 95.0
MODE = 'stateful'


class Outcome:
    """What the probe said of one document."""

    def __init__(self, document):
        self.document = document
        self.passed = self.failed = self.fault = self.skipped = self.resources = 0
        self.alone, self.alone_of = 0, 0  # without what a stateless mock passes as well
        self.note = ''                    # why there is no figure
        self.seconds = 0.0

    def judged(self):
        return self.passed + self.failed > 0

    def read(self, out):
        self.passed, self.failed, self.fault = out['passed'], out['failed'], out['document']
        self.skipped, self.resources = out['skipped'], out['resources']
        self.alone, self.alone_of = (int(n) for n in out['state'].split('/'))


def judge(args, children, probe, results, build, document, operations):
    o = Outcome(document)
    started = time.monotonic()
    asked = Asked(args, results, document, MODE, build)
    kept = asked.kept(args)
    if kept:
        o.read(kept)
        return o
    try:
        status, found, text = asked.ask(args, children, [os.path.join(probe, 'stateful.mjs')], ())
        if found:
            o.read(found)
        elif operations:
            raise Lost('nothing could be judged: ' + (text.splitlines() or [''])[-1][:120])
        if found:
            asked.keep()
    except Lost as e:
        # How much could have been asked isn't known.
        o.note, o.passed, o.failed, o.alone, o.alone_of = str(e), 0, 1, 0, 1
    finally:
        o.seconds = time.monotonic() - started
    return o


def run(args, children, probe, results, build):
    """-> Result"""
    outcomes = ask_documents(args, children, lambda document, operations: judge(args, children, probe, results, build, document, operations))
    print_table(outcomes)
    if args.verbose:
        print_failures(outcomes, results)
    result = Result('stateful')
    result.whole = not args.only
    judged = [o for o in outcomes if o.judged()]
    for o in judged:
        result.figures['stateful ' + o.document] = floor2(percent(o.passed, o.failed))
        if o.note:
            result.missed.append('%s stateful: %s' % (o.document, o.note))
    result.passed, result.failed = sum(o.passed for o in judged), sum(o.failed for o in judged)
    alone, alone_of = sum(o.alone for o in judged), sum(o.alone_of for o in judged)
    share, own = percent(result.passed, result.failed), percent(alone, alone_of - alone)
    print('\nstateful %.2f%% (%d/%d)   state alone %.2f%% (%d/%d)   %d resources of %d documents, %d with nothing to judge   %.0f s' % (
        share, result.passed, result.passed + result.failed, own, alone, alone_of,
        sum(o.resources for o in judged), len(judged), len(outcomes) - len(judged), sum(o.seconds for o in outcomes)))
    if result.whole:
        result.figures.update({'stateful': floor2(share), 'stateful alone': floor2(own)})
        result.goal('stateful', share, GOAL_ALL)
        result.goal('stateful alone', own, GOAL_ALONE)
    return result


def print_table(outcomes):
    form = '%-46s %9s %16s %13s %8s %5s'
    print(form % ('document', 'resources', 'checks', 'state alone', 'skipped', 's'))
    for o in outcomes:
        if not o.judged():
            continue
        checks = '%d/%d' % (o.passed, o.passed + o.failed) + (' (+%d)' % o.fault if o.fault else '')
        print(form % (o.document[len('openapi/'):], o.resources, checks, '%d/%d' % (o.alone, o.alone_of), o.skipped, '%.0f' % o.seconds))
        if o.note:
            print('    ' + o.note)
    print('(+N): the document itself is at fault, not counted; documents without resources are left out')


def print_failures(outcomes, results):
    for o in outcomes:
        path = result_file(results, o.document, MODE)
        if not os.path.exists(path):
            continue
        with open(path) as f:
            bad = [r for r in json.load(f)['rows'] if r.get('ok') is False]
        for r in bad:
            print('  %s: %s: %s: %s' % (o.document, r['check'], r['resource'], r['why'][:240]))
