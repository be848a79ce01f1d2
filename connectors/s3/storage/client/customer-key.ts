import { createHash } from 'node:crypto'
import type { StorageSettings } from '../settings.ts'

/** Parameters of all requests about an object that is encrypted with a key of the customer. */
export interface CustomerKey {
  readonly SSECustomerAlgorithm?: string
  readonly SSECustomerKey?: string
  readonly SSECustomerKeyMD5?: string
}

export function customerKey({ encryption }: StorageSettings): CustomerKey {
  if (encryption.kind !== 'customer') return {}
  const key = encryption.key.reveal()
  const digest = createHash('md5').update(Buffer.from(key, 'base64')).digest('base64')
  return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key, SSECustomerKeyMD5: digest }
}

/** Parameters that read the source of a copy. */
export function customerKeyOfSource(settings: StorageSettings): {
  readonly CopySourceSSECustomerAlgorithm?: string
  readonly CopySourceSSECustomerKey?: string
  readonly CopySourceSSECustomerKeyMD5?: string
} {
  const { SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5 } = customerKey(settings)
  if (SSECustomerAlgorithm === undefined || SSECustomerKey === undefined || SSECustomerKeyMD5 === undefined) {
    return {}
  }
  return {
    CopySourceSSECustomerAlgorithm: SSECustomerAlgorithm,
    CopySourceSSECustomerKey: SSECustomerKey,
    CopySourceSSECustomerKeyMD5: SSECustomerKeyMD5,
  }
}
