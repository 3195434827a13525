#!/usr/bin/env node
// Runs veza from the sources: builds first, then starts what was built.

const {spawnSync} = require('node:child_process')
const {join} = require('node:path')

const build = spawnSync(process.execPath, [join(__dirname, '..', 'scripts', 'build.mjs')], {
  stdio: ['ignore', 2, 2],
})
if (build.status !== 0) process.exit(build.status ?? 1)
require('./run.js')
