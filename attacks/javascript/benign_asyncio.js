//: what     ten thousand promises, a server and a client between own processes: benign
//: id       G-13 G-14
//: expect   ok
//: output   10000 pong
const net = require('net');

const one = async () => {
  await null;
  return 1;
};

async function main() {
  const ones = await Promise.all(Array.from({ length: 10_000 }, one));
  const total = ones.reduce((sum, number) => sum + number);
  const server = net.createServer((socket) => socket.once('data', () => socket.end('pong\n')));
  await new Promise((listening) => server.listen('/tmp/own', listening));
  const client = net.connect('/tmp/own');
  client.write('ping\n');
  for await (const answer of client.setEncoding('utf8')) console.log(total, answer.trim());
  server.close();
}

main();
