//: what     text that doubles until the language refuses
//: mode     function
//: expect   runtime_error|memory_limit
let text = 'x';
const kept = [];
for (;;) {
  text += text;
  kept.push(Buffer.from(text));
}
