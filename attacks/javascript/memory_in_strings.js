//: what     text that doubles and is kept, until there is no more memory
//: id       A-024
//: control  memory
//: mode     function
//: limits   memory_kib=131072
//: expect   memory_limit
//: peak_kib 137625
let text = 'x';
const kept = [];
for (;;) {
  text += text;
  kept.push(Buffer.from(text));
}
