import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the part of the heap for new objects as small as it is at first. V8 would let it grow while modules load, by
 * some 15 MB that are never given back, and the worker's own process makes few objects: records are in task processes.
 * To be called before much is loaded.
 */
export function keepNurserySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
