//: what     changes prototypes, modules, loaders and handlers and leaves start files, for the next run to find
//: id       A-118
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   held
const fs = require('fs');
const Module = require('module');
const breaches = [];
const check = (isPristine, what) => {
  if (!isPristine) breaches.push(`ESCAPED ${what}`);
};
check(!('poison' in {}) && [].map.name === 'map' && JSON.stringify(1) === '1', 'prototype');
check(!require.extensions['.poison'] && Module._load.name !== 'poison' && !require.cache['/poison'], 'loader');
check(globalThis.poison === undefined && process.listenerCount('SIGTERM') === 0, 'global');
check(process.env.NODE_OPTIONS === undefined && process.execArgv.every((word) => !word.includes('poison')), 'options');
check(!fs.existsSync('/box/node_modules') && !fs.existsSync('/box/.node_repl_history'), 'files');

const answer = breaches.join('\n') || 'held';
fs.mkdirSync('/box/node_modules/util', { recursive: true });
for (const path of ['/box/node_modules/util/index.js', '/box/.noderc', '/box/.node_repl_history', '/box/solution.mjs']) {
  fs.writeFileSync(path, "globalThis.poison = 'file'");
}
Object.prototype.poison = 'poison';
Array.prototype.map = JSON.stringify = function poison() {};
require.extensions['.poison'] = Module._load = function poison() {};
require.cache['/poison'] = {};
globalThis.poison = 'poison';
process.env.NODE_OPTIONS = '--require /box/poison.js';
process.on('SIGTERM', () => {});
return answer;
