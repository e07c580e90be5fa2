//: what     looks for the host's secrets and everything else that is not in the box
//: id       A-069
//: control  host_files
//: expect   ok
//: output   nothing
const fs = require('fs');

const paths = ['/etc/shadow', '/root', '/home', '/var', '/run', '/sys', '/boot', '/opt', '/srv', '/usr/local', '/etc/ssh',
  '/proc/kcore', '/proc/kmsg', '/proc/sys', '/proc/meminfo', '/proc/cmdline', '/proc/1', '/proc/keys', '/usr/bin/sh',
  '/proc/sysrq-trigger', '/dev/mem', '/dev/tty', '/dev/ptmx', '/dev/vda', '/dev/kvm'];
const seen = paths.filter((path) => fs.lstatSync(path, { throwIfNoEntry: false }));
const accounts = fs.readFileSync('/etc/passwd', 'utf8').trim().split('\n');
seen.push(...accounts.filter((line) => !/^(root|student):/.test(line)));
console.log(seen.join(' ') || 'nothing');
