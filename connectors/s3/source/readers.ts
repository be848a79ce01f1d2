import type { ObjectReader } from '../ports.ts'
import type { CompressionName } from './config/formats.ts'
import type { CreateReader } from './config/plan.ts'

export const readerCreator =
  (_settings: { readonly separator: string }): CreateReader =>
  () => {
    throw new Error('not yet')
  }
export const createChunkReader = (_size: number, _compression: CompressionName): ObjectReader => {
  throw new Error('not yet')
}
