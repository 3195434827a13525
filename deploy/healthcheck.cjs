// What Docker asks: is the veza of this container alive? Ends with 0 where /healthz at VEZA_METRICS_LISTEN says so.
const {get} = require('node:http')

const port = /(\d+)$/.exec(process.env.VEZA_METRICS_LISTEN ?? '')?.[1] ?? '9464'
const request = get({host: '127.0.0.1', port, path: '/healthz', timeout: 4000}, ({statusCode}) => {
  process.exit(statusCode === 200 ? 0 : 1)
})
request.on('timeout', () => request.destroy(new Error('no answer')))
request.on('error', () => process.exit(1))
