const fs = require('fs');
const bytes = fs.readFileSync(0);
process.stdout.write(bytes);
console.error(fs.readFileSync(0, 'utf8') === '');
