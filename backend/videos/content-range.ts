export type RangeChoice =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' }

type Options = {
  readonly range: string | undefined
  readonly ifRange: string | undefined
  /** Strong, with its quotes. */
  readonly etag: string
  readonly sizeBytes: number
}

/**
 * Which bytes a request gets (RFC 9110, section 14). Several ranges at once, other units and a validator that no longer
 * fits get the whole file, as the standard allows. `end` is inclusive.
 */
export function chooseRange({ range, ifRange, etag, sizeBytes }: Options): RangeChoice {
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return { kind: 'whole' }
  const match = /^bytes=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/.exec(range)
  const [, first = '', last = ''] = match ?? []
  if (match === null || (first === '' && last === '')) return { kind: 'whole' }
  if (first === '') {
    const suffixBytes = Number(last)
    if (suffixBytes === 0) return { kind: 'unsatisfiable' }
    return { kind: 'part', start: Math.max(0, sizeBytes - suffixBytes), end: sizeBytes - 1 }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return { kind: 'whole' }
  if (start >= sizeBytes) return { kind: 'unsatisfiable' }
  return { kind: 'part', start, end: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) }
}

/** A header that saves a file under its own name, in every script, and never opens it (RFC 6266, RFC 8187). */
export function attachment(filename: string): string {
  const plain = filename.replace(/[^ !#-.0-9:;<=>?@A-[\]^_`a-z{|}~]/g, '_')
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
