import { become, bin } from './project.mjs'

become(process.execPath, [bin('oxfmt'), '.'])
