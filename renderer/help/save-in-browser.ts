/** Gives a text to the browser as a file. */
export function saveInBrowser({
  text,
  name,
  type,
}: {
  readonly text: string
  readonly name: string
  readonly type: string
}): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
