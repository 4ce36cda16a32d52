/** Where the digits of Arabic, of Persian and of Thai begin. */
const zeros = [0x0660, 0x06f0, 0x0e50] as const

function toWestern(digit: string): string {
  const code = digit.charCodeAt(0)
  return String(code - (zeros.findLast((zero) => zero <= code) ?? code))
}

/**
 * A number as people write it in our languages: Western, Arabic or Thai digits, a point or its Arabic sign before the fraction,
 * commas and spaces between thousands. null where it is none.
 */
export function readNumber(text: string): number | null {
  const western = text
    .normalize('NFKC')
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9\u0e50-\u0e59]/g, toWestern)
    .replaceAll('\u066b', '.')
    .replaceAll(/[\s,\u066c\u2066-\u2069]/g, '')
  return /^\d{1,15}(\.\d{1,6})?$/.test(western) ? Number(western) : null
}
