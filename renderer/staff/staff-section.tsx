import { useTranslation } from '../locales/use-translation'
import { Link, Route, Switch, useLocation } from 'wouter'
import { useFormat } from '../format/use-format'
import { AuditScreen } from './audit/audit-screen'
import { CodeScreen } from './codes/code-screen'
import { PeopleScreen } from './people/people-screen'
import { PersonScreen } from './person/person-screen'
import { RequestsScreen } from './requests/requests-screen'
import { useRequests } from './requests/use-requests'
import { SessionsScreen } from './sessions/sessions-screen'

/** The doors of the section, in the order in which they are needed on the telephone. */
const doors = [
  { name: 'people', path: '/staff' },
  { name: 'requests', path: '/staff/requests' },
  { name: 'codes', path: '/staff/codes' },
  { name: 'sessions', path: '/staff/sessions' },
  { name: 'audit', path: '/staff/audit' },
] as const

/** Everything of support staff, edged in a colour of its own: it is never to be taken for one's own account. */
export function StaffSection(): React.JSX.Element {
  const { t } = useTranslation()
  const format = useFormat()
  const [location] = useLocation()
  const waiting = useRequests().data?.pages[0]?.count ?? 0
  return (
    <div className="staff">
      <div className="staff-bar">
        <span className="staff-word">{t('staff.title')}</span>
        <nav className="staff-nav" aria-label={t('staff.sections')}>
          {doors.map(({ name, path }) => (
            <Link key={name} href={path} className="staff-link" aria-current={isHere(location, path) ? 'page' : undefined}>
              {t(`staff.section.${name}`)}
              {name === 'requests' && waiting > 0 && <span className="staff-count">{format.number(waiting)}</span>}
            </Link>
          ))}
        </nav>
      </div>
      <Switch>
        <Route path="/staff/users/:username">{({ username }) => <PersonScreen key={username} username={username} />}</Route>
        <Route path="/staff/requests" component={RequestsScreen} />
        <Route path="/staff/codes" component={CodeScreen} />
        <Route path="/staff/sessions" component={SessionsScreen} />
        <Route path="/staff/audit" component={AuditScreen} />
        <Route component={PeopleScreen} />
      </Switch>
    </div>
  )
}

/** A person is found among people. */
const isHere = (location: string, path: string): boolean =>
  location === path || (path === '/staff' && location.startsWith('/staff/users/'))
