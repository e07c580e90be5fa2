import fs from 'node:fs';
const number = 1;
if (number { }
