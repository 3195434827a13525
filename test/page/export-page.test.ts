import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import puppeteer, {type Browser, type Page} from 'puppeteer-core'
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {documentOf, useChat} from '../support/chat.js'
import {httpStub} from '../support/http-stub.js'

const CHROMIUM = '/usr/bin/chromium'

/** What runs, asks or breaks out where a page is careless. Each would call `alert`, which is noticed. */
const HOSTILE = [
  '<script>alert("content")</script>',
  '</script><script>alert("end of the block")</script>',
  '<!--<script>alert("comment")',
  '<img src=x onerror="alert(1)"><svg onload=alert(2)>',
  'javascript:alert(1) [click](javascript:alert(2)) data:text/html,<script>alert(3)</script>',
  '\u2028alert(1)\u2029 \ud800 lone \udfff end',
  `${'long'.repeat(450)}`,
  '\u202egnp.exe \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 right to left',
  "{{constructor.constructor('alert(1)')()}} %3Cscript%3Ealert(1)%3C/script%3E",
]

describe('the page of an export, in a browser', () => {
  const chat = useChat()
  let browser: Browser
  let page: Page
  let folder = ''
  const alerts: string[] = []
  const requests: string[] = []

  beforeAll(async () => {
    browser = await puppeteer.launch({executablePath: CHROMIUM, headless: true, args: ['--no-sandbox']})
  })
  afterAll(() => browser.close())

  beforeEach(async () => {
    if (folder === '') folder = await exportedRoom()
    alerts.length = 0
    requests.length = 0
    page = await browser.newPage()
    await page.setViewport({width: 1000, height: 800})
    page.on('dialog', dialog => {
      alerts.push(dialog.message())
      void dialog.dismiss()
    })
    page.on('pageerror', error => void alerts.push(String(error)))
    page.on('request', request => void requests.push(request.url()))
    await page.goto(pathToFileURL(join(folder, 'index.html')).href)
    await page.waitForSelector('html[data-ready]')
  })

  async function exportedRoom(): Promise<string> {
    const {alice, bob} = chat
    const body = {name: 'harbour\u202e <b>x</b>', description: '<script>alert("about")</script>'}
    const room = (await chat.call('alice', 'POST', '/rooms', body)) as {id: number}
    await chat.call('alice', 'POST', `/rooms/${room.id}/members`, {user_id: 3, role: 'member'})
    const say = async (content: string, parent?: number) => {
      const sent = {content, ...(parent === undefined ? {} : {parent_id: parent})}
      return ((await chat.call('bob', 'POST', `/rooms/${room.id}/messages`, sent)) as {id: number}).id
    }
    for (const content of HOSTILE) await say(content)
    writeFileSync(join(alice.folder, 'plan.html'), '<script>alert("file")</script>')
    const upload = ['files', 'upload', join(alice.folder, 'plan.html'), '--room', `${room.id}`, '--json']
    const {url} = documentOf(await alice.run(upload))
    const question = await say(`Is the new crane ready? Plan: ${url} and https://example.com/crane.`)
    await chat.call('alice', 'POST', `/messages/${question}/reactions`, {emoji: '👍'})
    await chat.call('bob', 'POST', `/messages/${question}/reactions`, {emoji: '👍'})
    await chat.call('bob', 'POST', `/messages/${question}/reactions`, {emoji: '<b>'})
    const answer = await say('Nearly: the brake is left.', question)
    await say('The brake arrives on Tuesday.', answer)
    const doomed = await say('This will be gone')
    const typo = await say('The tset is green')
    const output = join(alice.folder, 'page')
    const run = ['rooms', 'export', `${room.id}`, '--output', output, '--json']
    documentOf(await alice.run(run))
    await bob.run(['messages', 'edit', `${typo}`, 'The test is green'])
    await bob.run(['messages', 'delete', `${doomed}`, '--yes'])
    documentOf(await alice.run(run))
    return output
  }

  const texts = (selector: string): Promise<string[]> =>
    page.$$eval(selector, found => found.map(element => element.textContent ?? ''))

  test('shows every message as text, in threads, with reactions and files', async () => {
    const shown = await texts('article > .text')
    const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd')
    expect(shown.slice(0, HOSTILE.length).map(wellFormed)).toEqual(HOSTILE.map(wellFormed))
    expect(await texts('.depth-1 > .text')).toEqual(['Nearly: the brake is left.'])
    expect(await texts('.depth-2 > .text')).toEqual(['The brake arrives on Tuesday.'])
    expect(await texts('.reactions li')).toEqual(['👍2alice, bob', '<b>1bob'])
    expect(await texts('.deleted > .text')).toEqual(['This will be gone'])
    expect(await texts('.earlier .text')).toEqual(['The tset is green'])
    expect(await page.title()).toBe('#harbour <b>x</b>')
    expect(await texts('#status')).toEqual([`${HOSTILE.length + 5} messages`])
  })

  test('runs nothing, asks nothing of anybody, and links nowhere but to the web and its files', async () => {
    await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''))
    const links = await page.$$eval('a', found => found.map(link => link.getAttribute('href') ?? ''))
    const outward = links.filter(href => !/^#m\d+$/.test(href))
    expect(outward.filter(href => !/^(https?:\/\/|files\/\d+-plan\.html\.txt$)/.test(href))).toEqual([])
    expect(outward).toContain('https://example.com/crane')
    const elements = await page.$$eval('#messages *', found => [
      ...new Set(found.map(({tagName}) => tagName)),
    ])
    expect(elements.filter(name => ['SCRIPT', 'IMG', 'SVG', 'IFRAME', 'B', 'STYLE'].includes(name))).toEqual(
      [],
    )
    expect(alerts).toEqual([])
    // The browser's own icon of a date field is a data address.
    expect(requests.filter(url => !url.startsWith('data:image/svg+xml'))).toEqual([
      pathToFileURL(join(folder, 'index.html')).href,
    ])
  })

  test('the policy stops a script and a request that found a way in all the same', async () => {
    await using outside = await httpStub({})
    const blocked = await page.evaluate(async origin => {
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      document.body.append(script)
      const image = document.createElement('img')
      const failed = new Promise<string>(resolve => {
        image.addEventListener('error', () => resolve('image'))
      })
      image.src = `${origin}/x.png`
      document.body.append(image)
      const asked = fetch(origin, {mode: 'no-cors'}).catch(() => 'fetch')
      return [String('ran' in window), await failed, await asked]
    }, outside.origin)
    expect(blocked).toEqual(['false', 'image', 'fetch'])
    expect(outside.count()).toBe(0)
  })

  test('a long line and a long name widen nothing', async () => {
    const [inner, outer] = await page.evaluate(() => [
      document.getElementById('scroller')?.scrollWidth,
      document.getElementById('scroller')?.clientWidth,
    ])
    expect(inner).toBe(outer)
  })

  test('finds what is typed, and leads from a match to its place by the keyboard', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('brake TUESDAY')
    // The search runs while one types, too: what is waited for is the last one.
    await page.waitForFunction(
      () => [...document.querySelectorAll('mark')].map(mark => mark.textContent).join() === 'brake,Tuesday',
    )
    expect(await texts('article > .text')).toEqual(['The brake arrives on Tuesday.'])
    expect(await texts('mark')).toEqual(['brake', 'Tuesday'])
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelectorAll('article').length > 1)
    expect(await page.evaluate(() => document.activeElement?.querySelector('.text')?.textContent)).toBe(
      'The brake arrives on Tuesday.',
    )
    await page.keyboard.press('/')
    await page.keyboard.type('<script>')
    await page.waitForFunction(() => document.querySelector('mark')?.textContent === '<script>')
    await page.keyboard.press('Escape')
    expect(await texts('mark')).toEqual([])
    expect(alerts).toEqual([])
  })

  test('Enter does not wait for the search, and j begins at what is in sight', async () => {
    const focused = () => page.evaluate(() => document.activeElement?.querySelector('.text')?.textContent)
    await page.keyboard.press('/')
    await page.keyboard.type('brake TUESDAY')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('The brake arrives on Tuesday.')
    await page.keyboard.press('Escape')
    await page.setViewport({width: 1000, height: 320})
    await page.keyboard.press('G')
    await page.evaluate(() => document.getElementById('scroller')?.scrollTo(0, 0))
    await page.keyboard.press('j')
    expect(await focused()).toBe(HOSTILE[0])
  })

  test('a day, an address and the theme', async () => {
    await page.$eval('#date', input => {
      ;(input as HTMLInputElement).value = '2001-01-01'
      input.dispatchEvent(new Event('change'))
    })
    expect(await page.evaluate(() => document.activeElement?.querySelector('.text')?.textContent)).toBe(
      HOSTILE[0],
    )
    const id = await page.$eval('.depth-2', article => (article as HTMLElement).dataset.id)
    await page.evaluate(hash => {
      location.hash = hash
    }, `#m${id}`)
    await page.waitForFunction(
      wanted => (document.activeElement as HTMLElement).dataset.id === wanted,
      {},
      id,
    )
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const before = await ground()
    await page.click('#theme')
    expect(await ground()).not.toBe(before)
  })

  test('a picture of it', async () => {
    // VEZA_SCREENSHOT=docs/export.png renews the one of the documentation.
    const path = process.env.VEZA_SCREENSHOT ?? join(folder, '..', 'page.png')
    await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: 'light'}])
    await page.screenshot({path: path as `${string}.png`})
    expect(existsSync(path) && readFileSync(path).subarray(1, 4).toString()).toBe('PNG')
    expect(statSync(path).size).toBeGreaterThan(10_000)
  })
})
