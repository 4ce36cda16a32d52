import { buildIfChanged } from './build-if-changed.mjs'

buildIfChanged()
