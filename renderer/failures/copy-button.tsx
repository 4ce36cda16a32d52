import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../locales/use-translation'
import type { Failure } from '../../contract/failures'
import { Button } from '../controls/button'
import { copyText } from './copy-text'
import { failureDetails } from './failure-details'

/** Copies what support needs to know, and says that it did. */
export function CopyDetailsButton({ failure }: { readonly failure: Failure }): React.JSX.Element {
  const { t } = useTranslation()
  const [isCopied, setIsCopied] = useState(false)
  return (
    <Button icon={isCopied ? Check : Copy} onPress={() => setIsCopied(copyText(failureDetails(failure)))}>
      {isCopied ? t('common.copied') : t('common.copyDetails')}
    </Button>
  )
}
