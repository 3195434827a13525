// Before `npm pack`, also in a bare clone: what goes into the package is built.
import {ensureBuilt} from './lib/ensure-built.mjs'

ensureBuilt()
