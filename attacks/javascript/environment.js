//: what     exactly the documented environment
//: expect   ok
//: output   HOME LANG PATH TMPDIR
console.log(...Object.keys(process.env).sort());
