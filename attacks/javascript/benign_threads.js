//: what     eight threads sum what they share out: benign
//: id       G-01
//: expect   ok
//: output   499999500000
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');

if (isMainThread) {
  const part = (index) =>
    new Promise((resolve, reject) => new Worker(__filename, { workerData: index }).on('message', resolve).on('error', reject));
  Promise.all(Array.from({ length: 8 }, (_, index) => part(index)))
    .then((parts) => console.log(parts.reduce((sum, each) => sum + each)));
} else {
  let sum = 0;
  for (let number = workerData; number < 1_000_000; number += 8) sum += number;
  parentPort.postMessage(sum);
}
