#!/usr/bin/env node
// The command line: sets up what is missing, then runs the built program in this very process.
import { root, setUp } from './setup.mjs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

setUp();
const { main } = await import(pathToFileURL(path.join(root, 'dist', 'dari.js')).href);
await main(process.argv.slice(2));
