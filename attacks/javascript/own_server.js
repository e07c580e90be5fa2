//: what     two programs at the same time want the same port and the same path for a server of their own, and talk to themselves
//: id       A-112
//: control  network+seccomp+landlock
//: copies   2
//: expect   ok
//: output   held
const net = require('net');

const escaped = [];

/** The error that a listener meets, or undefined. */
const listen = (options) =>
  new Promise((resolve) => {
    const server = net.createServer().on('error', (error) => resolve(error.code));
    server.listen(options, () => server.close(() => resolve()));
  });

/** What a server of our own at `path` says to `text`. */
const ask = (path, text) =>
  new Promise((resolve, reject) => {
    const client = net.connect(path, () => client.write(text)).on('error', reject);
    client.on('data', (data) => resolve(String(data)) || client.end());
  });

const main = async () => {
  for (const host of ['127.0.0.1', '0.0.0.0', '::1']) {
    const code = await listen({ host, port: 18112 });
    if (code !== 'EPERM') {
      escaped.push(`ESCAPED a server at ${host}: ${code}`);
    }
  }
  // A local socket is what a program may have.
  const server = net.createServer((client) => client.on('data', (data) => client.write(`${process.pid} ${data}`)));
  await new Promise((resolve, reject) => server.on('error', reject).listen('/tmp/server', resolve));
  for (let number = 0; number < 20; number++) {
    const answer = await ask('/tmp/server', String(number));
    if (answer !== `${process.pid} ${number}`) {
      escaped.push(`ESCAPED somebody else's answer: ${answer}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  server.close();
  console.log(escaped.join('\n') || 'held');
};
main();
