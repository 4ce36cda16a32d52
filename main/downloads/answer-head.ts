/** The head of an answer as it stands on the wire (RFC 9112, sections 4 and 5). */
export type AnswerHead = {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  /** Where the body begins. */
  readonly sizeBytes: number
}

const largestHeadBytes = 16 * 1024
const endOfHead = Buffer.from('\r\n\r\n')

/** A head that is none, or one that frames its body in a way that is left to `node:http`. */
export class UnplainHead extends Error {
  override name = 'UnplainHead'
}

/**
 * Reads a head, strictly: whatever is unusual in it is not read here.
 * @returns null where its end has not come yet
 * @throws UnplainHead
 */
export function readAnswerHead(bytes: Uint8Array): AnswerHead | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, largestHeadBytes))
  const end = buffer.indexOf(endOfHead)
  if (end === -1) {
    if (bytes.length >= largestHeadBytes) throw new UnplainHead('A head without an end')
    return null
  }
  const [first = '', ...lines] = buffer.toString('latin1', 0, end).split('\r\n')
  const status = /^HTTP\/1\.1 ([1-5]\d\d)(?: |$)/.exec(first)?.[1]
  if (status === undefined) throw new UnplainHead('Not the first line of an answer')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new UnplainHead('Not a header')
    const key = name.toLowerCase()
    const isFraming = key === 'content-length' || key === 'transfer-encoding'
    if (key === 'transfer-encoding' || (isFraming && headers.has(key))) throw new UnplainHead('A body framed otherwise')
    headers.set(key, value)
  }
  return { status: Number(status), headers, sizeBytes: end + endOfHead.length }
}
