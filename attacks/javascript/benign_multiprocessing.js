//: what     a pool of threads with shared memory, and a process one talks to: benign
//: id       G-24
//: expect   ok
//: output   0 1 4 9 16 42 done
const { fork } = require('child_process');
const { Worker, isMainThread, workerData } = require('worker_threads');

if (!isMainThread) {
  const { squares, index } = workerData;
  Atomics.store(squares, index, index * index);
} else if (process.send) {
  process.once('message', (number) => process.send(number * 2, () => process.exit(0)));
} else {
  const squares = new Int32Array(new SharedArrayBuffer(5 * 4));
  const ended = (worker) => new Promise((resolve) => worker.once('exit', resolve));
  const workers = Array.from(squares, (_, index) => new Worker(__filename, { workerData: { squares, index } }));
  Promise.all(workers.map(ended)).then(async () => {
    const child = fork(__filename);
    child.send(21);
    const answer = await new Promise((resolve) => child.once('message', resolve));
    await ended(child);
    console.log(...squares, answer, 'done');
  });
}
