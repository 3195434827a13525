import type {RunStatus} from './status.js'

/** A run of a CI system, as its variables tell of it. Texts are theirs: a branch or a name may hold anything. */
export interface CiRun {
  /** Such as `github` or `gitlab`. */
  readonly service: string
  /** The service's own name for itself. */
  readonly name: string
  /** The same each time this run is tried again, where the service has such an id. */
  readonly runId: string | undefined
  /** Tells this job from the others of the run. */
  readonly job: string | undefined
  /** Tells the jobs of a matrix apart, where they have one name. */
  readonly leg: string | undefined
  /** Such as `acme/shop`. */
  readonly repository: string | undefined
  /** Of a pull request the one that is to be merged; none where a tag is built. */
  readonly branch: string | undefined
  readonly tag: string | undefined
  readonly commit: string | undefined
  /** Where a person sees this run. */
  readonly url: string | undefined
  /** Who started it. */
  readonly actor: string | undefined
  /** The number of the pull or merge request. */
  readonly pullRequest: string | undefined
  /** How the run stands so far, where the service says. */
  readonly status: RunStatus | undefined
}
