import { TriangleAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { notify } from '../controls/toasts'
import { logError } from '../desktop'
import { loadFailedAgain } from '../frame/later'
import { copyText } from './copy-text'
import { failureDetails } from './failure-details'

type State = { readonly error: Error | null }

/** Keeps a bug in one section from taking the window with it: the sidebar and the queue stay usable. */
export class SectionBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(error: unknown): void {
    logError(error, 'section')
  }

  readonly reload = (): void => {
    loadFailedAgain()
    this.setState({ error: null })
  }

  override render(): ReactNode {
    const { error } = this.state
    return error ? <BrokenSection error={error} onReload={this.reload} /> : this.props.children
  }
}

function BrokenSection({ error, onReload }: { readonly error: Error; onReload(): void }): React.JSX.Element {
  const { t } = useTranslation()
  const details = failureDetails({ code: 'unexpected', reference: 'section' }, `${error.name}: ${error.message}`)
  return (
    <section className="card empty" role="alert">
      <TriangleAlert size={28} aria-hidden />
      <h2>{t('common.partFailed')}</h2>
      <p className="muted">{t('common.partFailedSafe')}</p>
      <div className="actions">
        <Button variant="primary" onPress={onReload}>
          {t('common.reloadPart')}
        </Button>
        <Button onPress={() => copyText(details) && notify({ tone: 'good', title: t('common.copied') })}>
          {t('common.copyDetails')}
        </Button>
      </div>
    </section>
  )
}
