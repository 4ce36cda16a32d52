import { KeyRound } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Button } from '../controls/button'
import { PasswordDialog } from '../sessions/password-dialog'
import { useMirror } from '../state/mirror'
import { useView } from '../state/view'

/** What belongs to the account and not to this device. */
export function AccountSettings(): React.JSX.Element {
  const { t } = useTranslation()
  const isChanging = useView((view) => view.overlay === 'password')
  const { openOverlay, closeOverlay } = useView((view) => view.actions)
  const hasPassword = useMirror(({ session }) => session.kind === 'signed-in' && session.user.hasPassword)
  return (
    <section className="card settings-card" aria-labelledby="settings-account">
      <div className="card-head">
        <div>
          <h2 id="settings-account">{t('settings.account')}</h2>
          <p className="muted">{t(hasPassword ? 'settings.passwordHelp' : 'settings.noPassword')}</p>
        </div>
        {hasPassword && (
          <Button icon={KeyRound} onPress={() => openOverlay('password')}>
            {t('sessions.changePassword')}
          </Button>
        )}
      </div>
      <PasswordDialog isOpen={isChanging && hasPassword} onClose={closeOverlay} />
    </section>
  )
}
