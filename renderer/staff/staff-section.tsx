import { useTranslation } from 'react-i18next'
import { Link, Route, Switch, useLocation } from 'wouter'
import { PeopleScreen } from './people/people-screen'
import { PersonScreen } from './person/person-screen'

/** The doors of the section, in the order in which they are needed on the telephone. */
const doors = [{ name: 'people', path: '/staff' }] as const

/** Everything of support staff, edged in a colour of its own: it is never to be taken for one's own account. */
export function StaffSection(): React.JSX.Element {
  const { t } = useTranslation()
  const [location] = useLocation()
  return (
    <div className="staff">
      <div className="staff-bar">
        <span className="staff-word">{t('staff.title')}</span>
        <nav className="staff-nav" aria-label={t('staff.sections')}>
          {doors.map(({ name, path }) => (
            <Link key={name} href={path} className="staff-link" aria-current={isHere(location, path) ? 'page' : undefined}>
              {t(`staff.section.${name}`)}
            </Link>
          ))}
        </nav>
      </div>
      <Switch>
        <Route path="/staff/users/:username">{({ username }) => <PersonScreen key={username} username={username} />}</Route>
        <Route component={PeopleScreen} />
      </Switch>
    </div>
  )
}

/** A person is found among people. */
const isHere = (location: string, path: string): boolean =>
  location === path || (path === '/staff' && location.startsWith('/staff/users/'))
