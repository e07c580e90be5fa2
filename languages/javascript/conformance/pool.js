const { createHash, pbkdf2 } = require('crypto');
const fs = require('fs');
const { promisify } = require('util');
const { gzip, gunzipSync } = require('zlib');
Promise.all([
  fs.promises.readFile(__filename, 'utf8').then((text) => text.length > 100),
  promisify(pbkdf2)('word', 'salt', 1000, 8, 'sha256').then((key) => key.length),
  promisify(gzip)('text').then((bytes) => gunzipSync(bytes).toString()),
]).then((all) => console.log(...all, createHash('md5').update('a').digest('hex')));
