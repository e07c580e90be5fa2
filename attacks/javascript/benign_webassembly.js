//: what     a function of WebAssembly, made and called: benign
//: id       G-15
//: mode     function
//: expect   ok
//: output   16
// (func (export "f") (param i32) (result i32) local.get 0 local.get 0 i32.mul)
const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0,
  32, 0, 32, 0, 108, 11];
const { instance } = await WebAssembly.instantiate(Uint8Array.from(bytes));
return instance.exports.f(Number(input_str));
