import { parseConfig } from '../../../../../java/index.ts'
import type { SourcePlan } from '../../plan.ts'
import { s3SourceConfig } from '../definition.ts'
import { sourcePlan } from '../plan.ts'

/** Required settings. */
export const required = { 's3.bucket.name': 'shop', 'aws.access.key.id': 'k', 'aws.secret.access.key': 's' }

/** The plan of settings; its readers are named by what they were created with. */
export function planOf(props: Readonly<Record<string, string>>): SourcePlan & { readonly created: string[] } {
  const created: string[] = []
  const config = parseConfig(s3SourceConfig, { ...required, ...props })
  const plan = sourcePlan(config, (format, compression, role) => {
    created.push(`${format} ${compression} ${role}`)
    return { read: () => (async function* () {})() }
  })
  return { ...plan, created }
}
