import {beforeEach, describe} from 'vitest'
import {FakeStore} from '../../support/cluster.js'
import {describeClusterStore} from '../../support/cluster-contract.js'

describe('the store of a cluster that tests use', () => {
  let store: FakeStore

  beforeEach(() => {
    store = new FakeStore({
      get nowMs() {
        return Date.now()
      },
    })
  })

  describeClusterStore(() => store)
})
