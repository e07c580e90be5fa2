#!/usr/bin/env node
import fs, { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const path = await import('node:path');
const require = createRequire(import.meta.url);
const input = await new Promise((resolve) => setTimeout(resolve, 1, readFileSync(0, 'utf8')));
console.log(fs.readFileSync === readFileSync, path.posix.join('a', 'b'), require('os').EOL === '\n', typeof module);
console.log(this, input.length, import.meta.url.endsWith(process.argv[1]));
export default input;
