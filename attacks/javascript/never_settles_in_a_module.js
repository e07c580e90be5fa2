//: what     a module whose own body waits for ever
//: id       A-129
//: mode     function
//: expect   runtime_error
import fs from 'node:fs';
await new Promise(() => {});
export const solve = () => 'never';
