import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../controls/button'
import { PasswordDialog } from '../sessions/password-dialog'

/** What belongs to the account and not to this device. */
export function AccountSettings(): React.JSX.Element {
  const { t } = useTranslation()
  const [isChanging, setIsChanging] = useState(false)
  return (
    <section className="card settings-card" aria-labelledby="settings-account">
      <div className="card-head">
        <div>
          <h2 id="settings-account">{t('settings.account')}</h2>
          <p className="muted">{t('settings.passwordHelp')}</p>
        </div>
        <Button icon={KeyRound} onPress={() => setIsChanging(true)}>
          {t('sessions.changePassword')}
        </Button>
      </div>
      <PasswordDialog isOpen={isChanging} onClose={() => setIsChanging(false)} />
    </section>
  )
}
