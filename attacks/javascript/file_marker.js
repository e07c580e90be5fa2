//: what     leaves a file in every place it may write to, and looks for what earlier runs have left
//: id       A-115
//: control  shared_scratch
//: inputs   1;2;3;4;5
//: expect   ok
//: output   held
const fs = require('fs');

const breaches = [];
for (const [number, place] of ['/box', '/tmp', '/dev/shm'].entries()) {
  breaches.push(...fs.readdirSync(place).map((name) => `ESCAPED ${place}/${name}`));
  fs.writeFileSync(`${place}/marker-${number}`, 'marker');
}
console.log(breaches.join('\n') || 'held');
