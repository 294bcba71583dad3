"""Is each operation of every document answered as the document says? One figure for each document in each mode."""
import collections
import json
import os
import time

from common import Asked, Lost, Result, ask_documents, floor2, percent, result_file

GOAL_DOCUMENT, GOAL_VALIDITY, GOAL_CHECKS = 97.0, 99.5, 99.0

# How the server is started, what is said in every request, and the goal of all
# documents together. Resources live unless a request says otherwise; where they
# do, a value that the probe made up may rightly name nothing, so that only the
# floor holds.
Mode = collections.namedtuple('Mode', 'name serve probe goal')
NO_STATE = ('--prefer', 'state=off')
MODES = (Mode('static', (), NO_STATE, GOAL_VALIDITY), Mode('dynamic', ('--dynamic',), NO_STATE, GOAL_VALIDITY), Mode('living', (), (), 0.0))

OTHER_CHECKS = ('accept', 'declared error', 'broken request', 'unknown path')

# Operations whose only declared status is informational. That can't be the
# final status of an answer (RFC 9110, 15.2): a client waits for the next one,
# which the document doesn't declare. They count as the document's fault.
NOT_FINAL = {('openapi/readme/3.0-http-status-codes.yaml', 'GET /status/%d' % code) for code in (100, 102, 103)}


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


def judge(args, children, probe, results, build, document, operations, mode):
    o = Outcome(document, mode.name, operations)
    started = time.monotonic()
    asked = Asked(args, results, document, mode.name, ' '.join((build, str(args.max_ops), *mode.serve, *mode.probe)))
    kept = asked.kept(args)
    if kept:
        o.read(kept)
        return o
    flags = [*mode.probe] + (['--max-ops', str(args.max_ops)] if args.max_ops else [])
    try:
        status, found, text = asked.ask(args, children, [os.path.join(probe, 'validity.mjs'), *flags], mode.serve)
        if found:
            o.read(found)
        if status == 2:
            o.judged = operations > 0
            if o.judged:
                raise Lost('nothing could be judged: ' + (text.splitlines() or [''])[-1][:120])
            return o
        if o.late:
            o.note = '%d operations not asked in %d s' % (o.late, args.limit_s)
        asked.keep()
    except Lost as e:
        o.lose(str(e))
    finally:
        o.seconds = time.monotonic() - started
    return o


def run(args, children, probe, results, build):
    """-> Result"""
    rows = ask_documents(args, children, lambda document, operations: [
        judge(args, children, probe, results, build, document, operations, m) for m in MODES])
    print_table(rows)
    if args.verbose:
        print_failures(rows, results)
    result = Result('validity', 'checks')
    result.whole = not args.only and not args.max_ops
    for o in (o for row in rows for o in row):
        result.passed += o.passed + o.other_passed
        result.failed += o.failed + o.other_failed
        if o.judged and not args.max_ops:
            result.figures['validity %s %s' % (o.mode, o.document)] = floor2(o.percent())
        if not o.good():
            result.missed.append('%s %s: %s, the goal is %.0f%% or all but one%s' % (
                o.document, o.mode, cell(o)[0], GOAL_DOCUMENT, ' (' + o.note + ')' if o.note else ''))
    print()
    for i, mode in enumerate(MODES):
        add_up(result, mode, [row[i] for row in rows])
    return result


def add_up(result, mode, col):
    """Print the sums of one mode; they are only figures when every document was asked."""
    judged = [o for o in col if o.judged]
    p, f = sum(o.passed for o in judged), sum(o.failed for o in judged)
    q, g = sum(o.other_passed for o in col), sum(o.other_failed for o in col)
    print('%-8s validity %.2f%% (%d/%d)   other checks %.2f%% (%d/%d)   %d documents, %d with nothing to judge   %.0f s' %
          (mode.name, percent(p, f), p, p + f, percent(q, g), q, q + g, len(judged), len(col) - len(judged), sum(o.seconds for o in col)))
    if result.whole:
        result.figures['validity ' + mode.name] = floor2(percent(p, f))
        result.figures['checks ' + mode.name] = floor2(percent(q, g))
        result.goal('validity ' + mode.name, percent(p, f), mode.goal)
        result.goal('other checks ' + mode.name, percent(q, g), GOAL_CHECKS)


def cell(o):
    own = '%d/%d' % (o.passed, o.passed + o.failed) if o.judged else '-'
    if o.fault:
        own += ' (+%d)' % o.fault
    n = o.other_passed + o.other_failed
    return own, '%d/%d' % (o.other_passed, n) if n else '-'


def print_table(rows):
    form = '%-46s' + ' %15s %9s' * len(MODES) + ' %5s'
    print(form % ('document', *(c for m in MODES for c in (m.name, 'checks')), 's'))
    for row in rows:
        cells = [c for o in row for c in cell(o)]
        bad = '' if all(o.good() for o in row) else '  <--'
        print(form % (row[0].document[len('openapi/'):], *cells, '%.0f' % sum(o.seconds for o in row)) + bad)
        for note in dict.fromkeys(o.note for o in row if o.note):
            print('    ' + note)
    print('(+N): the document itself is at fault, not counted; checks: %s' % ', '.join(OTHER_CHECKS))


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
