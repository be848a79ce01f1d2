export { blockCodec, type BlockCodec, type BlockCompression } from './block-codec.ts'
