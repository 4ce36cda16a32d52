/** A value that is known here and nobody else's to read, and what stands in its place. */
export type Known = { readonly value: string; readonly as: string }

/** Shorter values would be found inside of other words. */
const shortestKnown = 3

const secrets: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<token>'],
  [/\b(Bearer|Token|Basic) [\w.~+/=-]+/gi, '$1 <token>'],
  // 32 random bytes and more, however they are written: tokens, keys, digests.
  [/\b[A-Za-z0-9_-]*[A-Za-z0-9]{1}[A-Za-z0-9_-]{38,}\b/g, '<long>'],
  [/([?#&](?:token|secret|code|state|key|password)=)[^\s&"']+/gi, '$1<token>'],
]

/** Before any name in it is replaced, by which it would be one no more. */
const mail = /[\w.+-]+@[\w-]+\.[\w.-]+/g

const people: readonly (readonly [RegExp, string])[] = [
  [/"hostname":"(?:[^"\\]|\\.)*"/g, '"hostname":"<machine>"'],
  // A program of ours may be named; the folder that it is in may not.
  [/(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\s'":()\\/]+[\\/])+([\w.-]+\.m?js)\b/g, '<path>/$1'],
  [/'[^'\n]*[\\/][^'\n]*'/g, "'<path>'"],
  [/(?<![\w<>/.:])(?:[A-Za-z]:\\|\/)(?!path>)(?:[^\s'"()\\/:]+[\\/])+[^\s'"()\\/:,]*/g, '<path>'],
  [/\b(?!127\.)(?:\d{1,3}\.){3}\d{1,3}\b/g, '<address>'],
]

const replaceAll = (text: string, rules: typeof secrets): string =>
  rules.reduce((done, [pattern, as]) => done.replaceAll(pattern, as), text)

/**
 * A text that may be given away. Secrets never pass; names of people, files, folders and machines pass only where their owner
 * wants them to.
 * @param known looked for as they are, the longest first
 */
export function redact(text: string, known: readonly Known[], withNames: boolean): string {
  const safe = replaceAll(text, secrets)
  if (withNames) return safe
  const sorted = known
    .filter(({ value }) => value.length >= shortestKnown)
    .toSorted((a, b) => b.value.length - a.value.length)
  const named = sorted.reduce(
    (done, { value, as }) => {
      // In a line of the log a value stands as JSON writes it.
      const written = JSON.stringify(value).slice(1, -1)
      return done.replaceAll(value, as).replaceAll(written, as)
    },
    safe.replaceAll(mail, '<mail>'),
  )
  return replaceAll(named, people)
}
