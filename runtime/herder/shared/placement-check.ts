import type { Props } from '../../../api/index.ts'
import { hasVariables } from '../../../config/index.ts'
import { refuseInvalid, type ConfigInfos } from '../../validation/index.ts'
import type { WorkerRuntime } from '../../worker/index.ts'

const KEY = 'headrace.placement'
const VARIABLES = `Invalid value for configuration ${KEY}: it contains variables of config providers; expected name=value pairs, because the leader assigns work without reading variables`

export type Validation = Pick<WorkerRuntime, 'validate' | 'requireValid'>

/**
 * Adds an error to the validation of a connector with a placement, if it cannot be honoured. `fault` resolves to the
 * reason, or to undefined.
 */
export function checkingPlacement(
  { validate, requireValid }: Validation,
  fault: () => Promise<string | undefined>,
): Validation {
  const checked = async (props: Props): Promise<ConfigInfos> => {
    const infos = await validate(props)
    if (hasVariables(props[KEY] ?? '')) return withError(infos, VARIABLES)
    const reason = await fault()
    return reason === undefined
      ? infos
      : withError(infos, `Invalid value ${props[KEY]} for configuration ${KEY}: ${reason}`)
  }
  return {
    validate: (props) => (places(props) ? checked(props) : validate(props)),
    requireValid: async (props) => {
      if (places(props)) refuseInvalid(await checked(props))
      else await requireValid(props)
    },
  }
}

const places = (props: Props): boolean => (props[KEY] ?? '').trim() !== ''

function withError(infos: ConfigInfos, message: string): ConfigInfos {
  const configs = infos.configs.map((config) =>
    config.value?.name === KEY
      ? { ...config, value: { ...config.value, errors: [...config.value.errors, message] } }
      : config,
  )
  return { ...infos, error_count: infos.error_count + 1, configs }
}
