import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's young generation at its initial size. V8 would grow it while modules load and never return some 15 MB to
 * the system; the worker's own process allocates little, because records stay in task processes. Call it before
 * loading other modules.
 */
export function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
