/** Number of slots. Documents that share one by chance only wait for each other. */
export const SLOTS = 1 << 17

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** Returns the slot of a document: the same one for the same target and id. */
export function slotOf(target: string, id: string): number {
  const hash = mixed(mixed(FNV_OFFSET, target), id)
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}

/** FNV-1a over the code units. */
function mixed(seed: number, text: string): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME)
  return hash
}
