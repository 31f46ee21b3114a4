#!/usr/bin/env node
import { runProgram } from './command-line.js';
import { doctor } from './doctor.js';
import { explain } from './explain.js';
import { init } from './init.js';
import { keys } from './keys.js';
import { lint } from './lint.js';
import { preview } from './preview.js';
import { replay } from './replay.js';
import { run } from './run.js';
import { test } from './test.js';

process.exitCode = await runProgram(
  'veil',
  'de-identify personal information in Kafka topics and CSV/JSONL files',
  [init, lint, test, explain, preview, replay, run, doctor, keys],
  process.argv.slice(2),
);
