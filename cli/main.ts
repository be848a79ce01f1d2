#!/usr/bin/env node
import { StopSignal } from './stop-signal.ts'

// First of all: loading the other modules takes most of the start, and a stop request may arrive meanwhile
const stop = new StopSignal()
const { runCommandLine } = await import('./run.ts')
process.exitCode = await runCommandLine(process.argv.slice(2), stop)
