#!/usr/bin/env node
import { runProgram } from '../cli/command-line.js';
import { keygen } from './keygen.js';
import { openQuarantine } from './open-quarantine.js';

const SUMMARY = 'the desk of veilstream: keeps the private key and opens what workers can only seal';

process.exitCode = await runProgram('veil-desk', SUMMARY, [keygen, openQuarantine], process.argv.slice(2));
