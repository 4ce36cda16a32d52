/** Longest extension that is kept whole; a longer "extension" is part of the name. */
const longestExtension = 8
/** Letters of the stem's end that stay in view beside the extension. */
const tailLetters = 6
/** A shorter stem is cut at its end: two pieces of it would tell less than one. */
const shortestCutStem = 18

/** Parts of a file name: what may be cut, and what stays; the extension without its dot. */
export function splitFileName(name: string): { readonly head: string; readonly tail: string; readonly extension: string } {
  const dot = name.lastIndexOf('.')
  const hasExtension = dot > 0 && name.length - dot - 1 <= longestExtension && dot < name.length - 1
  const stem = hasExtension ? name.slice(0, dot) : name
  // By letters as they are seen: a cut inside a stacked Thai syllable or an emoji would change it.
  const letters = Array.from(new Intl.Segmenter().segment(stem), ({ segment }) => segment)
  const cut = letters.length < shortestCutStem ? letters.length : letters.length - tailLetters
  return {
    head: letters.slice(0, cut).join(''),
    tail: letters.slice(cut).join(''),
    extension: hasExtension ? name.slice(dot + 1) : '',
  }
}

/** Names in joined-up scripts must not be cut in the middle of a word: their letters would change shape. */
const isJoinedUp = (name: string): boolean => /\p{Script=Arabic}/u.test(name)

/** Right to left where the first letter is; written out, because `dir=auto` does not look into isolates. */
const directionOf = (name: string): 'ltr' | 'rtl' => {
  const [first = ''] = /\p{L}/u.exec(name) ?? []
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(first) ? 'rtl' : 'ltr'
}

/**
 * A file's name on one line, cut in its middle where it is too long. Stem and extension are isolates of their own, so that
 * neither turns the other round; the dot stays between them in both directions.
 */
export function FileName({ name }: { readonly name: string }): React.JSX.Element {
  const { head, tail, extension } = splitFileName(name)
  const isWhole = isJoinedUp(name)
  return (
    <span className="file-name" dir={directionOf(name)} title={name}>
      <bdi className="file-name-head">{isWhole ? head + tail : head}</bdi>
      {!isWhole && tail !== '' && <bdi className="file-name-end">{tail}</bdi>}
      {extension !== '' && (
        <>
          <span className="file-name-end">.</span>
          <bdi className="file-name-end">{extension}</bdi>
        </>
      )}
    </span>
  )
}
