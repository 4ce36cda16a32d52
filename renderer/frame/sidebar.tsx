import { CircleUserRound, LogOut } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import { Link, useLocation } from 'wouter'
import { Button } from '../controls/button'
import { signOutHere } from '../sessions/sign-out-here'
import { useMirror } from '../state/mirror'
import { Logo } from './logo'
import { useSections } from './use-sections'

/** Where one can go, and who one is. Below 860 px it shows icons; the words stay for screen readers. */
export function Sidebar(): React.JSX.Element {
  const { t } = useTranslation()
  const [location] = useLocation()
  const sections = useSections()
  const problemCount = useMirror((mirror) => mirror.transferSummary.failedCount)
  return (
    <div className="sidebar">
      <header>
        <Logo />
      </header>
      <nav aria-label={t('common.sections')} className="nav">
        {sections.map(({ name, path, icon: Icon }) => (
          <Link
            key={name}
            href={path}
            className="nav-link"
            title={t(`frame.${name}`)}
            aria-current={isWithin(location, path) ? 'page' : undefined}
            data-staff={name === 'staff' || undefined}
          >
            <Icon size={20} aria-hidden />
            <span className="nav-words">{t(`frame.${name}`)}</span>
            {name === 'uploads' && problemCount > 0 && <span className="nav-mark" aria-hidden />}
          </Link>
        ))}
      </nav>
      <Account />
    </div>
  )
}

/** A section may have screens of its own below its path. */
const isWithin = (location: string, path: string): boolean =>
  location === path || (path !== '/' && location.startsWith(`${path}/`))

function Account(): React.JSX.Element | null {
  const { t } = useTranslation()
  const session = useMirror((mirror) => mirror.session)
  const [isPending, setIsPending] = useState(false)
  if (session.kind !== 'signed-in') return null
  const { displayName, username } = session.user
  const signOut = async (): Promise<void> => {
    setIsPending(true)
    await signOutHere()
    setIsPending(false)
  }
  return (
    <section aria-label={t('frame.account')} className="account">
      <div className="account-who">
        <CircleUserRound size={22} aria-hidden />
        <div className="account-names">
          <p className="account-label">{t('sessions.signedInAs')}</p>
          <p className="account-name">
            <bdi>{displayName ?? username}</bdi>
          </p>
          {displayName !== null && (
            <p className="account-label">
              <bdi>{username}</bdi>
            </p>
          )}
        </div>
      </div>
      <Button icon={LogOut} isPending={isPending} onPress={() => void signOut()}>
        {t('sessions.signOut')}
      </Button>
    </section>
  )
}
