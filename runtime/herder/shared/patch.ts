import type { Props } from '../../../api/index.ts'
import { sameProps } from '../../../config/index.ts'

/** The config that a change was made from is not the present one any more. */
class OutdatedConfig extends Error {}

/** Throws when a change was made from another config than the present one. Call it in the step that writes. */
export function refuseOutdated(present: Props, base: Props): void {
  if (!sameProps(present, base)) throw new OutdatedConfig('the config has changed meanwhile')
}

/**
 * Runs `patch`, which reads a config and writes a changed one, until no other request changes the config in between.
 * Rejects with its other errors.
 *
 * Differs: Java does not check, so that of two simultaneous changes one may be lost. Source:
 * DistributedHerder.patchConnectorConfig.
 */
export async function onPresentConfig<T>(patch: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await patch()
    } catch (error) {
      if (!(error instanceof OutdatedConfig)) throw error
    }
  }
}
