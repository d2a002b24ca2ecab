import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stateImage, type StateImage } from '../../model/checkpoint/capture.ts';
import { differingItems } from '../../filetree/compare/tree-changes.ts';
import { loadedChanges, loadedPlan } from './loaded-changes.ts';
import type { LoadedProgram } from './loaded-program.ts';
import type { LoadedSpec } from './loaded-spec.ts';
import { runningItem, type Running } from './running-layer.ts';

const spec: LoadedSpec = {
  paths: ['/etc/web'],
  exclude: [],
  secrets: [],
  itemsMax: 10,
  bytesMax: 10,
  program: 'webd',
  pidFile: '/run/webd.pid',
  timeout: 1,
  settle: 1,
};
const program: LoadedProgram<LoadedSpec> = {
  signals: { reload: 'SIGHUP', stop: 'SIGQUIT' },
  check: () => ['webd', '--check'],
};
const state = { id: 'web/webd', component: 'web', provider: 'webd', spec };

function image(running: Running, target?: string): StateImage {
  const attributes = { gid: 0, target: target ?? '', type: 'link', uid: 0 };
  const link = target === undefined ? [] : [{ path: '/etc/web/site', attributes }];
  return stateImage([...link, runningItem(running)]);
}

test('files that differ are checked and loaded, and the plan says how', () => {
  const [step] = loadedPlan(
    program,
    spec,
    image('with these files', 'bad'),
    image('with these files', 'good'),
  );
  assert.deepEqual(step?.commands, [
    'ln -sfn good /etc/web/site',
    'webd --check',
    'kill -HUP "$(cat /run/webd.pid)"',
  ]);
  assert.equal(step?.disruption, 'reload');
});

test('files that were changed and not loaded are told, and loading is all that is planned', () => {
  const [now, to] = [image('with older files', 'good'), image('with these files', 'good')];
  const [change, ...more] = loadedChanges(program, state, now, to);
  assert.deepEqual(more, []);
  assert.equal(`${change?.before} → ${change?.after}`, 'with older files → with these files');
  assert.deepEqual(loadedPlan(program, spec, now, to)[0]?.commands, [
    'webd --check',
    'kill -HUP "$(cat /run/webd.pid)"',
  ]);
});

test('files that were not loaded when they were captured are put back and not loaded', () => {
  const [step] = loadedPlan(
    program,
    spec,
    image('with these files', 'bad'),
    image('with older files', 'odd'),
  );
  assert.deepEqual(step?.commands, ['ln -sfn odd /etc/web/site']);
});

test('a program that was stopped is stopped again, and one that ran is started', () => {
  const [running, stopped] = [image('with these files'), image('stopped')];
  const [stop] = loadedPlan(program, spec, running, stopped);
  assert.deepEqual(stop?.commands, ['kill -QUIT "$(cat /run/webd.pid)"']);
  const [start] = loadedPlan(program, { ...spec, start: ['rc', 'start'] }, stopped, running);
  assert.deepEqual(start?.commands, ['webd --check', 'rc start']);
  assert.deepEqual([stop?.disruption, start?.disruption], ['restart', 'restart']);
});

test('whatever two images differ in is in the one step between them, and nothing else', () => {
  const words = fc.constantFrom<Running>('with these files', 'with older files', 'stopped');
  const any = fc
    .tuple(words, fc.option(fc.string(), { nil: undefined }))
    .map((pair) => image(...pair));
  fc.assert(
    fc.property(any, any, (now, to) => {
      const differing = differingItems(now, to).map(({ path }) => path);
      const steps = loadedPlan(program, spec, now, to);
      assert.deepEqual(
        steps.flatMap(({ paths }) => paths),
        differing,
      );
      assert.deepEqual(
        loadedChanges(program, state, now, to).map(({ path }) => path),
        differing,
      );
    }),
  );
});
