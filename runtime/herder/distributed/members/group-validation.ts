import { ConnectError, isConnectError, type Props } from '../../../../api/index.ts'
import { printJson } from '../../../../java/index.ts'
import type { PluginCatalog } from '../../../plugins/index.ts'
import { refuseInvalid, type ConfigInfos } from '../../../validation/index.ts'
import type { Peers } from '../../peers.ts'
import { checkingPlacement, type Validation } from '../../shared/placement-check.ts'
import type { ClusterReader } from './cluster-reader.ts'
import { whyNotPlaced } from './cluster-view.ts'
import { missingClass, missingPlugin } from './missing-plugin.ts'

export interface GroupValidationParts {
  /** REST URL of this worker. */
  readonly url: string
  readonly validation: Validation
  readonly catalog: Pick<PluginCatalog, 'find'>
  readonly peers: Peers
  readonly reader: Pick<ClusterReader, 'view' | 'workersWith'>
  /** The group protocol in use; undefined before the worker has joined. */
  protocol(): string | undefined
}

/**
 * Validation by a worker of a group. A placement is rejected if the group does not honour it. A connector whose class this
 * worker lacks is validated by a worker that has it.
 */
export function groupValidation(parts: GroupValidationParts): Validation {
  const { validation, catalog } = parts
  const validate = (props: Props) => {
    const missing = missingClass(catalog, props)
    return missing === undefined ? validation.validate(props) : validatedElsewhere(parts, missing, props)
  }
  const requireValid = async (props: Props) => {
    const missing = missingClass(catalog, props)
    if (missing === undefined) await validation.requireValid(props)
    else refuseInvalid(await validatedElsewhere(parts, missing, props))
  }
  return checkingPlacement({ validate, requireValid }, () => placementFault(parts))
}

/** Throws `HR_BAD_REQUEST` that names the workers with the class, if none of them validates the settings. */
async function validatedElsewhere(
  { url, validation, peers, reader }: GroupValidationParts,
  className: string,
  props: Props,
): Promise<ConfigInfos> {
  const others = await reader.workersWith(className).catch(() => undefined)
  for (const other of others ?? []) {
    const infos = await validatedBy(peers, other, className, props)
    if (infos !== undefined) return infos
  }
  return validation.validate(props).catch((error: unknown) => {
    if (
      !isConnectError(error) ||
      error.code !== 'HR_BAD_REQUEST' ||
      others === undefined ||
      others.length === 0
    )
      throw error
    throw new ConnectError('HR_BAD_REQUEST', missingPlugin(url, className, others), { cause: error })
  })
}

/** Resolves to undefined if the worker does not validate the settings, for example because it requires a login. */
async function validatedBy(
  peers: Peers,
  worker: string,
  className: string,
  props: Props,
): Promise<ConfigInfos | undefined> {
  const path = `/connector-plugins/${encodeURIComponent(className)}/config/validate`
  const url = `${worker.replace(/\/$/, '')}${path}`
  const answer = await peers.request({ method: 'PUT', url, body: printJson(props) }).catch(() => undefined)
  return answer?.status === 200 ? (answer.body as ConfigInfos) : undefined
}

async function placementFault({ protocol, reader }: GroupValidationParts): Promise<string | undefined> {
  const used = protocol()
  if (used === 'headrace') return undefined
  if (used === undefined) return 'this worker has not joined its group yet; retry the request'
  const members = await reader.view().then(
    (view) => view.members,
    () => [],
  )
  return `every worker of the cluster must honour it, but ${whyNotPlaced(used, members)}`
}
