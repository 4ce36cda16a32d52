import notoSans from '@fontsource-variable/noto-sans/LICENSE?raw'
import notoSansArabic from '@fontsource-variable/noto-sans-arabic/LICENSE?raw'
import notoSansThaiLooped from '@fontsource-variable/noto-sans-thai-looped/LICENSE?raw'
import { ChevronDown } from 'lucide-react'
import { useTranslation } from '../locales/use-translation'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'

const licences = [
  { name: 'Noto Sans', text: notoSans },
  { name: 'Noto Sans Arabic', text: notoSansArabic },
  { name: 'Noto Sans Thai Looped', text: notoSansThaiLooped },
]

/** The licence texts that the Open Font License wants shipped with the files. They exist in English only. */
export function FontLicences(): React.JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="licences">
      <h3>{t('settings.licences')}</h3>
      <p className="muted">{t('settings.licencesIntro')}</p>
      {licences.map(({ name, text }) => (
        <Disclosure key={name} className="licence">
          <Heading level={4}>
            <Button slot="trigger" className="button button-quiet">
              <ChevronDown size={16} aria-hidden className="licence-sign" />
              <bdi lang="en">{name}</bdi>
            </Button>
          </Heading>
          <DisclosurePanel>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it */}
            <section tabIndex={0} lang="en" dir="ltr" className="licence-text" aria-label={name}>
              {text}
            </section>
          </DisclosurePanel>
        </Disclosure>
      ))}
    </div>
  )
}
