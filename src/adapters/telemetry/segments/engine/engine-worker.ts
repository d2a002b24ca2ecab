import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../../base/assert.ts';
import { releaseMemory } from '../../../../base/release-memory.ts';
import type { EngineOptions } from './protocol.ts';
import { serveEngine } from './serve-engine.ts';

// The thread of the query engine: appends and seals may stall it, but not who feeds it.
assert(parentPort !== null, 'the engine is started as a thread');
await serveEngine(parentPort, workerData as EngineOptions);
setImmediate(releaseMemory);
