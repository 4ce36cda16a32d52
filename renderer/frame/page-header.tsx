import { type ReactNode, useEffect } from 'react'
import { titleIsDrawn } from './page-title'
import { useDocumentTitle } from '../shell/use-document-title'

/** The screen's name and its main actions. The heading takes the focus after navigation (`frame.tsx`). */
export function PageHeader({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ReactNode
}): React.JSX.Element {
  useDocumentTitle(title)
  useEffect(titleIsDrawn, [])
  return (
    <header className="page-head">
      <h1 id="page-title" tabIndex={-1}>
        {title}
      </h1>
      {children && <div className="actions">{children}</div>}
    </header>
  )
}
