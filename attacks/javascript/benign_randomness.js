//: what     random bytes, UUIDs, hashes, time zones and languages: benign
//: id       G-21 G-22
//: expect   ok
//: output   true 9f86d081 14:00 1.234,5
const crypto = require('crypto');

const fresh = new Set([crypto.randomBytes(8).toString('hex'), crypto.randomUUID(), String(Math.random())]);
const hash = crypto.createHash('sha256').update('test').digest('hex').slice(0, 8);
const when = new Date('2024-07-01T12:00:00Z');
const time = when.toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' });
console.log(fresh.size === 3, hash, time, (1234.5).toLocaleString('de-DE'));
