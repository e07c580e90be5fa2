//: what     a thread that ends, aborts and answers for the main one: a thread's end is its own
//: id       A-129
//: mode     function
//: expect   ok
//: output   16 3
const { Worker } = require('worker_threads');
const code = `
  try { process.chdir('/'); } catch {}
  try { process.setuid(0); } catch {}
  process.exit(3);`;
const status = await new Promise((resolve) => new Worker(code, { eval: true }).on('exit', resolve));
return `${input_str ** 2} ${status}`;
