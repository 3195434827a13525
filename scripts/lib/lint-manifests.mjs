// The manifests of deploy/kubernetes: by the schemas of the API, by its restricted profile, and whether all names fit.
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {strangeFields} from './kubernetes-fields.mjs'

/** @returns {Promise<string[]>} what is wrong. */
export async function lintManifests(folder, tools) {
  const {parseAllDocuments} = tools('yaml')
  const models = await import(tools.resolve('@kubernetes/client-node'))
  const files = readdirSync(folder).filter(name => name.endsWith('.yaml'))
  const objects = files.flatMap(file =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map(document => {
      if (document.errors.length > 0) throw document.errors[0]
      return {file, object: document.toJS()}
    }),
  )
  const kustomization = objects.find(({object}) => object.kind === 'Kustomization').object
  const others = objects.filter(({object}) => object.kind !== 'Kustomization')
  return [
    ...others.flatMap(({file, object}) =>
      faultsOf(object, others, models, tools).map(
        problem => `${file}: ${object.kind} ${object.metadata?.name}: ${problem}`,
      ),
    ),
    ...unlisted(files, kustomization).map(file => `kustomization.yaml: ${file} is not listed`),
  ]
}

/** What is beyond the schema is looked at only where that is kept. */
function faultsOf(object, others, models, tools) {
  const faults = schemaFaults(object, models, tools)
  return faults.length > 0 ? faults : [...podFaults(object), ...nameFaults(object, others)]
}

function schemaFaults(object, models, tools) {
  const {apiVersion, kind} = object
  const strange = strangeFields(object, `V1${kind}`, models)
  const {[kind]: Model} = tools(`kubernetes-models/${apiVersion}/${kind}`)
  try {
    new Model(object).validate()
    return strange
  } catch (error) {
    return [...strange, error.message]
  }
}

/** What the restricted profile asks for, and what keeps a pod in its limits. */
function podFaults({kind, spec}) {
  if (kind !== 'Deployment') return []
  const {
    securityContext: pod,
    containers,
    automountServiceAccountToken,
    terminationGracePeriodSeconds,
  } = spec.template.spec
  const rules = {
    runAsNonRoot: pod?.runAsNonRoot === true && pod.runAsUser > 0,
    seccompProfile: pod?.seccompProfile?.type === 'RuntimeDefault',
    automountServiceAccountToken: automountServiceAccountToken === false,
    // veza ends within 5 s; whoever kills earlier loses what is under way.
    terminationGracePeriodSeconds: terminationGracePeriodSeconds > 5,
    ...Object.assign({}, ...containers.map(containerRules)),
  }
  return Object.keys(rules)
    .filter(rule => !rules[rule])
    .map(rule => `${rule} is not as it must be`)
}

function containerRules({securityContext, resources, livenessProbe, readinessProbe, image}) {
  return {
    allowPrivilegeEscalation: securityContext?.allowPrivilegeEscalation === false,
    readOnlyRootFilesystem: securityContext?.readOnlyRootFilesystem === true,
    capabilities: securityContext?.capabilities?.drop?.includes('ALL') === true,
    resources: resources?.limits?.memory !== undefined && resources.requests?.cpu !== undefined,
    livenessProbe: livenessProbe?.httpGet?.path === '/healthz',
    readinessProbe: readinessProbe?.httpGet?.path === '/readyz',
    image: /:[\d.]+$/.test(image),
  }
}

/** Names that point at another object, and ports by name. */
function nameFaults(object, others) {
  if (object.kind === 'PodDisruptionBudget') {
    const wanted = JSON.stringify(object.spec.selector?.matchLabels)
    const isThere = others.some(
      ({object: {spec}}) => JSON.stringify(spec?.template?.metadata.labels) === wanted,
    )
    return isThere ? [] : ['no pod has these labels']
  }
  if (object.kind !== 'Deployment') return []
  const {volumes, containers} = object.spec.template.spec
  const there = new Set(others.map(({object: {kind, metadata}}) => `${kind} ${metadata.name}`))
  const wanted = [
    ...volumes.flatMap(({secret, configMap}) => [
      ...(secret ? [`Secret ${secret.secretName}`] : []),
      ...(configMap ? [`ConfigMap ${configMap.name}`] : []),
    ]),
    ...containers.flatMap(({envFrom = []}) =>
      envFrom.map(({configMapRef}) => `ConfigMap ${configMapRef.name}`),
    ),
  ]
  const names = new Set(volumes.map(({name}) => name))
  return [
    ...wanted.filter(name => !there.has(name)).map(name => `there is no ${name}`),
    ...containers.flatMap(container => [
      ...container.volumeMounts
        .filter(({name}) => !names.has(name))
        .map(({name}) => `there is no volume ${name}`),
      ...secretFiles(container, volumes, others).map(file => `no secret is mounted as ${file}`),
      ...strangePorts(container).map(port => `there is no port ${port}`),
    ]),
  ]
}

function secretFiles({env, volumeMounts}, volumes, others) {
  const files = volumeMounts.flatMap(({name, mountPath}) => {
    const secretName = volumes.find(volume => volume.name === name)?.secret?.secretName
    const secret = others.find(({object}) => object.kind === 'Secret' && object.metadata.name === secretName)
    return Object.keys(secret?.object.stringData ?? {}).map(key => `${mountPath}/${key}`)
  })
  return env
    .filter(({name}) => name.endsWith('_FILE'))
    .map(({value}) => value)
    .filter(value => !files.includes(value))
}

function strangePorts({ports, startupProbe, livenessProbe, readinessProbe}) {
  const names = ports.map(({name}) => name)
  return [startupProbe, livenessProbe, readinessProbe]
    .flatMap(probe => (probe === undefined ? [] : [probe.httpGet.port]))
    .filter(port => !names.includes(port))
}

/** All but the example, which holds no secrets. */
function unlisted(files, {resources}) {
  const left = files.filter(file => file !== 'kustomization.yaml' && file !== 'secret.example.yaml')
  return left.filter(file => !resources.includes(file))
}
