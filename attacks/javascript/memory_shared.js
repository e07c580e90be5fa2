//: what     shared and WebAssembly memory until stopped
//: id       A-015 A-018
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit|runtime_error
//: peak_kib 137625
const blocks = [];
for (;;) {
  blocks.push(new Uint8Array(new SharedArrayBuffer(1 << 20)).fill(1));
  blocks.push(new Uint8Array(new WebAssembly.Memory({ initial: 16, maximum: 16 }).buffer).fill(1));
}
