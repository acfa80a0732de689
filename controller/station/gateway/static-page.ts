/** The built page, read into memory once: no path of a request ever reaches the file system. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DariError } from '../../../protocols/errors.ts';

export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly etag: string;
}

/** By the path of the request, which begins with `/`. */
export type StaticPage = ReadonlyMap<string, PageFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.glb': 'model/gltf-binary',
};

/** Vite puts a hash of the content into the names of this folder, so a name never changes its meaning. */
const HASHED_FOLDER = '/assets/';

/** @throws DariError `usage` when the page was never built */
export function loadStaticPage(folder: string): StaticPage {
  const files = new Map<string, PageFile>();
  const visit = (directory: string, prefix: string): void => {
    for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) visit(file, `${prefix}${entry.name}/`);
      else if (entry.isFile()) files.set(prefix + entry.name, pageFile(file, prefix + entry.name));
    }
  };
  if (fs.existsSync(folder)) visit(folder, '/');
  const index = files.get('/index.html');
  if (index === undefined) throw new DariError('usage', `The page is missing in ${folder}. Build it with: npm run build`);
  return files.set('/', index);
}

function pageFile(file: string, urlPath: string): PageFile {
  const body = new Uint8Array(fs.readFileSync(file));
  return {
    body,
    contentType: contentTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    cacheControl: urlPath.startsWith(HASHED_FOLDER) ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  };
}
