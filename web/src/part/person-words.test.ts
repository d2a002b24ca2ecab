import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '../api/types.ts';
import { personWords } from './person-words.ts';

const ANN: Principal = { id: 'token:tok_01m7y1zpt5xpkbmqgs', name: 'ann', role: 'approver' };
const NAMELESS: Principal = { id: 'token:tok_01m7y1zpt5xp2vd4rq', role: 'responder' };

test('who acted has the name that was given, else a role and the end of the id', () => {
  assert.equal(personWords(ANN.id, [ANN, NAMELESS]), 'ann');
  assert.equal(personWords(NAMELESS.id, [ANN, NAMELESS]), 'responder …vd4rq');
});

test('two people of one name are told apart', () => {
  const other: Principal = { ...ANN, id: 'token:tok_01m7y1zpt5xpzzzzz1' };
  assert.equal(personWords(ANN.id, [ANN, other]), 'ann …bmqgs');
  assert.equal(personWords(other.id, [ANN, other]), 'ann …zzzz1');
});

test('who is no token is called by what is known of it', () => {
  assert.equal(personWords('local:root', []), 'root on this machine');
  assert.equal(personWords('lastgood', []), 'lastgood');
  assert.equal(personWords('token:tok_gone', [ANN]), 'token:tok_gone');
});
