//: what     tries to write over the harness and its own text, then starts Node.js with other options
//: id       A-132
//: mode     function
//: expect   ok
//: output   EROFS EROFS true
const fs = require('fs');
const { execFileSync } = require('child_process');
const codes = ['/code/harness.js', '/code/solution.js'].map((path) => {
  try {
    fs.writeFileSync(path, 'nothing');
  } catch (error) {
    return error.code.replace(/EACCES|EPERM/, 'EROFS');
  }
  return 'written';
});
process.env.NODE_OPTIONS = '--require /tmp/preload.js';
fs.writeFileSync('/tmp/preload.js', "console.log('preloaded')");
const text = String(execFileSync(process.execPath, ['-e', '0']));
return [...codes, text.includes('preloaded')].join(' ');
