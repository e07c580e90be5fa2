const text = require('fs').readFileSync(0, 'utf8');
for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(require('fs').writeSync(1, rest));
process.exit(0);
