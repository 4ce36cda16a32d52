/** A piece this small may share its memory with others (`Buffer.poolSize`), and is not worth the call. */
const worthBytes = 16 * 1024

/**
 * Gives back the memory of chunks that nobody reads any more, each then empty. Left to the collector, which does not see the
 * bytes outside of its heap, tens of megabytes of them would wait for it on a fast line. What shares its memory is left alone.
 */
export function giveBack(chunks: readonly Buffer[]): void {
  for (const { buffer, byteLength } of chunks) {
    const ownsItWhole = buffer instanceof ArrayBuffer && byteLength === buffer.byteLength
    if (ownsItWhole && byteLength >= worthBytes) buffer.transfer(0)
  }
}
