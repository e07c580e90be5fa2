//: what     connections and listeners of every family but the local one are refused; nothing is sent
//: id       A-107 A-109
//: control  network+seccomp+landlock
//: expect   ok
//: output   refused
const dgram = require('dgram');
const net = require('net');

const tried = [];
const attempt = (name, start) =>
  tried.push(new Promise((resolve) => {
    try {
      start((error) => resolve(error ? undefined : name));
    } catch {
      resolve();
    }
  }));
for (const host of ['127.0.0.1', '::1', '192.0.2.1', '2001:db8::1']) {
  attempt(`connect ${host}`, (done) => net.connect({ host, port: 80 }, done).on('error', done));
  attempt(`listen ${host}`, (done) => net.createServer().on('error', done).listen({ host, port: 8080 }, done));
  for (const type of ['udp4', 'udp6']) {
    attempt(`${type} ${host}`, (done) => dgram.createSocket(type).on('error', done).send('x', 9, host, done));
  }
}
Promise.all(tried).then((reached) => {
  console.log(reached.filter(Boolean).join(', ') || 'refused');
  process.exit(0);
});
