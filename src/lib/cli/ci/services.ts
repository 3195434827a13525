/** What a run of a CI system is known by, where the library does not know it or knows it otherwise. */
export type RunField =
  | 'runId'
  | 'job'
  | 'leg'
  | 'repository'
  | 'ref'
  | 'branch'
  | 'tag'
  | 'commit'
  | 'url'
  | 'actor'
  | 'pullRequest'
  | 'status'

/** Where each field is: variables as `$NAME` in a text; alternatives, the best first, are separated by a bar. */
export type Sources = Readonly<Partial<Record<RunField, string>>>

/** What is the same in a second attempt at a run: its id stays, and so does the name of its job. */
export const SERVICES: Readonly<Record<string, Sources>> = {
  github: {
    runId: '$GITHUB_RUN_ID',
    job: '$GITHUB_JOB',
    // No variable of theirs tells it: action.yml sets this one.
    leg: '$VEZA_CI_LEG',
    url: '$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID',
    ref: '$GITHUB_REF',
    branch: '$GITHUB_HEAD_REF',
    actor: '$GITHUB_TRIGGERING_ACTOR|$GITHUB_ACTOR',
  },
  gitlab: {
    runId: '$CI_PIPELINE_ID',
    job: '$CI_JOB_NAME',
    url: '$CI_JOB_URL|$CI_PIPELINE_URL',
    branch: '$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME|$CI_COMMIT_BRANCH',
    actor: '$GITLAB_USER_LOGIN',
    pullRequest: '$CI_MERGE_REQUEST_IID',
    status: '$CI_JOB_STATUS',
  },
  jenkins: {
    runId: '$BUILD_TAG|$JOB_NAME-$BUILD_NUMBER',
    job: '$JOB_NAME $STAGE_NAME|$JOB_NAME',
    repository: '$GIT_URL',
    branch: '$CHANGE_BRANCH|$BRANCH_NAME',
    tag: '$TAG_NAME',
    actor: '$BUILD_USER_ID|$CHANGE_AUTHOR',
  },
  circleci: {
    runId: '$CIRCLE_PIPELINE_ID|$CIRCLE_WORKFLOW_ID',
    job: '$CIRCLE_JOB $CIRCLE_NODE_INDEX/$CIRCLE_NODE_TOTAL|$CIRCLE_JOB',
    branch: '$CIRCLE_BRANCH',
    actor: '$CIRCLE_USERNAME',
  },
  buildkite: {
    runId: '$BUILDKITE_BUILD_ID',
    job: '$BUILDKITE_LABEL $BUILDKITE_PARALLEL_JOB|$BUILDKITE_LABEL|$BUILDKITE_STEP_KEY|$BUILDKITE_STEP_ID',
    actor: '$BUILDKITE_BUILD_CREATOR',
    status: '$BUILDKITE_COMMAND_EXIT_STATUS',
  },
  azurePipelines: {
    runId: '$BUILD_BUILDID',
    job: '$SYSTEM_JOBDISPLAYNAME|$AGENT_JOBNAME',
    repository: '$BUILD_REPOSITORY_NAME',
    ref: '$BUILD_SOURCEBRANCH',
    url: '$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECT/_build/results?buildId=$BUILD_BUILDID',
    actor: '$BUILD_REQUESTEDFOR',
    pullRequest: '$SYSTEM_PULLREQUEST_PULLREQUESTNUMBER',
    status: '$AGENT_JOBSTATUS',
  },
  bitbucket: {
    runId: '$BITBUCKET_PIPELINE_UUID|$BITBUCKET_BUILD_NUMBER',
    job: 'step $BITBUCKET_PARALLEL_STEP',
    url: '$BITBUCKET_GIT_HTTP_ORIGIN/pipelines/results/$BITBUCKET_BUILD_NUMBER',
    pullRequest: '$BITBUCKET_PR_ID',
    status: '$BITBUCKET_EXIT_CODE',
  },
  drone: {
    runId: '$DRONE_BUILD_NUMBER',
    job: '$DRONE_STAGE_NAME $DRONE_STEP_NAME|$DRONE_STAGE_NAME',
    actor: '$DRONE_BUILD_TRIGGER',
    status: '$DRONE_BUILD_STATUS',
  },
  woodpecker: {
    runId: '$CI_PIPELINE_NUMBER',
    job: '$CI_WORKFLOW_NAME $CI_STEP_NAME|$CI_WORKFLOW_NAME',
    actor: '$CI_PIPELINE_AUTHOR|$CI_COMMIT_AUTHOR',
    status: '$CI_PIPELINE_STATUS',
  },
  travis: {
    runId: '$TRAVIS_BUILD_ID',
    job: '$TRAVIS_JOB_NAME|$TRAVIS_JOB_NUMBER',
    status: '$TRAVIS_TEST_RESULT',
  },
  teamcity: {
    runId: '$TEAMCITY_PROJECT_NAME/$TEAMCITY_BUILDCONF_NAME/$BUILD_NUMBER',
    job: '$TEAMCITY_BUILDCONF_NAME',
    repository: '$TEAMCITY_PROJECT_NAME',
    url: '$BUILD_URL',
    actor: '$TEAMCITY_BUILD_TRIGGEREDBY_USERNAME',
  },
}
