// The least that sends a message: node post.cjs URL TOKEN TEXT. CommonJS, since that starts faster than a module.
const {request} = require('node:http')

const [url, token, content] = process.argv.slice(2)
const body = JSON.stringify({content})
const headers = {
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(body),
}

request(url, {method: 'POST', headers}, response => {
  let text = ''
  response.setEncoding('utf8')
  response.on('data', chunk => {
    text += chunk
  })
  response.on('end', () => {
    const {data} = JSON.parse(text)
    process.stdout.write(`${JSON.stringify(data)}\n`)
  })
}).end(body)
