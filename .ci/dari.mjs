#!/usr/bin/env node
// The command line: sets up what is missing, then runs the built program in this very process.
import { checkNode, ensureBuild, ensureDependencies, fail, root } from './setup.mjs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

checkNode();
ensureDependencies();
try {
  ensureBuild();
} catch (error) {
  fail(error.message);
}
const { main } = await import(pathToFileURL(path.join(root, 'dist', 'dari.js')).href);
await main(process.argv.slice(2));
