// Sets up what is missing: dependencies and a fresh build. Everything it prints goes to stderr.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);
const SOURCES = ['protocols', 'hal', 'controller', 'sim', 'ui', 'package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.json'];
const MINIMUM_NODE = [20, 19];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Everything that a command needs: dependencies of this lock file and a build of these sources. */
export function setUp() {
  setUpDependencies();
  try {
    ensureBuild();
  } catch (error) {
    fail(error.message);
  }
}

/** For what runs from the sources. */
export function setUpDependencies() {
  checkNode();
  ensureDependencies();
}

export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr], ...options });
  if (done.error?.code === 'ETIMEDOUT') process.stderr.write(`Dari: ${args[0]} did not end within ${options.timeout / 60_000} min and was ended. See above what it did last.\n`);
  else if (done.error) fail(`Could not start ${command}: ${done.error.message}`);
  return done.status ?? 1;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1]))
    fail(`Dari needs Node ${MINIMUM_NODE.join('.')} or newer; this is ${process.versions.node}. Install a newer Node and try again.`);
}

/** Runs `npm ci` when node_modules does not belong to this lock file. */
function ensureDependencies() {
  const lock = createHash('sha256').update(fs.readFileSync(at('package-lock.json'))).digest('hex');
  const mark = at('node_modules', '.dari-lock');
  if (readIfThere(mark) === lock) return;
  if (!installedByNpmSince(at('package-lock.json'))) {
    process.stderr.write('Dari: installing dependencies (npm ci) …\n');
    if (run('npm', ['ci', '--no-audit', '--no-fund', '--include=dev'], { shell: process.platform === 'win32' }) !== 0)
      fail('npm ci failed; see the messages above. Dari needs the npm registry once. Try again with: npm ci');
  }
  fs.writeFileSync(mark, lock);
}

function installedByNpmSince(lockFile) {
  const installed = at('node_modules', '.package-lock.json');
  return fs.existsSync(installed) && fs.existsSync(at('node_modules', 'vite')) && fs.statSync(installed).mtimeMs >= fs.statSync(lockFile).mtimeMs;
}

const readIfThere = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null);

/** Changes whenever a source file is added, removed, resized or touched. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) for (const name of fs.readdirSync(file).sort()) visit(path.join(file, name));
    else hash.update(`${file} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const source of SOURCES) visit(at(source));
  return hash.digest('hex');
}

const buildIsFresh = () => readIfThere(at('dist', '.fingerprint')) === fingerprint();

/** Builds the page and the Node programs into a temporary folder and swaps it in, one builder at a time. */
function ensureBuild() {
  if (buildIsFresh()) return;
  const release = takeLock(at('dist.lock'));
  try {
    if (!buildIsFresh()) build();
  } finally {
    release();
  }
}

function build() {
  process.stderr.write('Dari: building …\n');
  const print = fingerprint();
  const fresh = at(`dist.new-${process.pid}`);
  const vite = at('node_modules', 'vite', 'bin', 'vite.js');
  for (const [mode, folder] of [['node', fresh], ['page', path.join(fresh, 'page')]]) {
    const env = { ...process.env, NODE_ENV: 'production', DARI_OUT_DIR: folder };
    if (run(process.execPath, [vite, 'build', '--mode', mode, '--logLevel', 'warn'], { env }) !== 0) {
      fs.rmSync(fresh, { recursive: true, force: true });
      throw new Error('The build failed; see the messages above.');
    }
  }
  fs.writeFileSync(path.join(fresh, '.fingerprint'), print);
  const old = at(`dist.old-${process.pid}`);
  if (fs.existsSync(at('dist'))) fs.renameSync(at('dist'), old);
  fs.renameSync(fresh, at('dist'));
  fs.rmSync(old, { recursive: true, force: true });
}

function takeLock(lock) {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      fs.mkdirSync(lock);
      fs.writeFileSync(path.join(lock, 'pid'), String(process.pid));
      return () => fs.rmSync(lock, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(readIfThere(path.join(lock, 'pid')) ?? Number.NaN);
      const ageMs = Date.now() - (fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (holder > 0 ? !isAlive(holder) : ageMs > 10_000) fs.rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(pause, 0, 0, 100);
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
