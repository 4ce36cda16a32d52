import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../controls/button'
import { PasswordDialog } from '../sessions/password-dialog'
import { useMirror } from '../state/mirror'

/** What belongs to the account and not to this device. */
export function AccountSettings(): React.JSX.Element {
  const { t } = useTranslation()
  const [isChanging, setIsChanging] = useState(false)
  const hasPassword = useMirror(({ session }) => session.kind === 'signed-in' && session.user.hasPassword)
  return (
    <section className="card settings-card" aria-labelledby="settings-account">
      <div className="card-head">
        <div>
          <h2 id="settings-account">{t('settings.account')}</h2>
          <p className="muted">{t(hasPassword ? 'settings.passwordHelp' : 'settings.noPassword')}</p>
        </div>
        {hasPassword && (
          <Button icon={KeyRound} onPress={() => setIsChanging(true)}>
            {t('sessions.changePassword')}
          </Button>
        )}
      </div>
      <PasswordDialog isOpen={isChanging && hasPassword} onClose={() => setIsChanging(false)} />
    </section>
  )
}
