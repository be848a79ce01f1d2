import type { Props } from '../../../api/index.ts'
import { sameProps } from '../../../config/index.ts'

/** The config has changed since the change to it was computed. */
class OutdatedConfig extends Error {}

/** Throws if the config has changed since the change was computed. Call it in the step that writes. */
export function refuseOutdated(present: Props, base: Props): void {
  if (!sameProps(present, base)) throw new OutdatedConfig('the config has changed in the meantime')
}

/**
 * Runs `patch`, which reads a config and writes a changed one. Repeats it if another request has changed the config in
 * between. Rejects with its other errors.
 *
 * Differs: Java does not check this, so one of two concurrent changes may be lost. Source:
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
