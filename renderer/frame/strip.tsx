import { type ReactNode, useEffect } from 'react'
import { sayPolitely } from './live-regions'

type StripProps = {
  readonly tone: 'danger' | 'warn' | 'good' | 'info'
  readonly icon: ReactNode
  readonly text: string
  readonly children?: ReactNode
}

/** One line on a state of things, said politely when it appears. */
export function Strip({ tone, icon, text, children }: StripProps): React.JSX.Element {
  useEffect(() => sayPolitely(text), [text])
  return (
    <div className="strip" data-tone={tone}>
      {icon}
      <p>{text}</p>
      {children}
    </div>
  )
}
