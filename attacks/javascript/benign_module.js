//: what     a module with imports, an export and an import that is computed: benign
//: id       A-133
//: mode     function
//: expect   ok
//: output   /code/4 true
import { join } from 'node:path';
import * as everything from 'node:util';

export default async function solve(input_str) {
  const { isPromise } = (await import('node:util')).types;
  return `${join('/code', input_str)} ${isPromise(Promise.resolve()) && 'inspect' in everything}`;
}
