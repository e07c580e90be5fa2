//: what     64 MiB of live data: benign
//: id       G-04
//: limits   memory_kib=196608
//: expect   ok
//: output   67108864
const block = new Uint8Array(64 << 20);
for (let page = 0; page < block.length; page += 4096) block[page] = 1;
console.log(block.length);
