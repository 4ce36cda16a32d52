import { useTranslation } from '../locales/use-translation'
import type { Language } from '../../contract/settings'
import { Button } from '../controls/button'
import { Dialog } from '../controls/dialog'
import { changeLanguage, languageNames } from '../sessions/language-switch'
import { isolate } from '../format/format'
import { useIntake } from '../uploads/intake'

/** Asks before the window loads again, and says what that would interrupt. */
export function LanguageDialog({
  wanted,
  onClose,
}: {
  readonly wanted: Language | null
  onClose(): void
}): React.JSX.Element {
  const { t } = useTranslation()
  const isTaking = useIntake((intake) => intake.step.kind === 'taking')
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={t('settings.reloadTitle', { language: wanted ? isolate(languageNames[wanted]) : '' })}
      isOpen={wanted !== null}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" takesFocus onPress={() => wanted && void changeLanguage(wanted)}>
            {t('settings.reloadConfirm')}
          </Button>
        </>
      }
    >
      <p>{isTaking ? t('settings.reloadTaking') : t('settings.reloadBody')}</p>
    </Dialog>
  )
}
