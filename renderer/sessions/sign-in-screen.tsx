import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { SessionStatus } from '../../contract/desktop'
import { Button } from '../controls/button'
import { BareScreen } from '../frame/bare-screen'
import { BackendNotice } from '../server/server-screens'
import { ProviderSignIn } from './provider-sign-in'
import { RegisterForm } from './register-form'
import { SignInForm } from './sign-in-form'

type Props = { readonly status: Extract<SessionStatus, { kind: 'signed-out' }> }

/** Sign-in, or the making of an account: the first one of a backend, or one's own where that is allowed. */
export function SignInScreen({ status }: Props): React.JSX.Element {
  const { t } = useTranslation()
  const [wantsAccount, setWantsAccount] = useState(false)
  const { isFirstAccount, canRegister, providers } = status
  if (isFirstAccount) {
    return (
      <BareScreen title={t('sessions.firstAccountTitle')} showLanguages>
        <BackendNotice />
        <div className="notice" data-tone="info">
          <Sparkles size={20} aria-hidden />
          <p>{t('sessions.firstAccountIntro')}</p>
        </div>
        <RegisterForm />
        <ProviderSignIn providers={providers} purpose="sign-in" isAlternative />
      </BareScreen>
    )
  }
  const isRegistering = wantsAccount && canRegister
  return (
    <BareScreen
      key={isRegistering ? 'register' : 'sign-in'}
      title={isRegistering ? t('sessions.registerTitle') : t('sessions.signIn')}
      showLanguages
    >
      <BackendNotice />
      {!isRegistering && <p className="muted">{t('sessions.signInIntro')}</p>}
      {isRegistering ? <RegisterForm /> : <SignInForm username={status.ended?.username ?? ''} />}
      <ProviderSignIn providers={providers} purpose="sign-in" isAlternative />
      {canRegister && (
        <Button variant="quiet" onPress={() => setWantsAccount(!isRegistering)}>
          {isRegistering ? t('sessions.toSignIn') : t('sessions.toRegister')}
        </Button>
      )}
    </BareScreen>
  )
}
