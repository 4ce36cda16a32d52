/**
 * A `ref` of the field of a secret: when the field goes, nothing keeps what was typed in it (`security.md` D31).
 *
 * React Aria remembers elements that were in a transition, now and then for longer than they are on the page
 * (`runAfterTransition`), and such an element holds its whole form: the field's text, and the form's own `reset`, which React
 * Aria has wrapped in functions that know the last values.
 */
export function forgetWhenGone(input: HTMLInputElement | null): (() => void) | undefined {
  if (input === null) return undefined
  return () => {
    const { form } = input
    input.value = ''
    input.removeAttribute('value')
    // Later, because it is wrapped and unwrapped until all of the form has gone.
    setTimeout(() => {
      if (form?.isConnected === false) Reflect.deleteProperty(form, 'reset')
    })
  }
}
