import { EOL } from 'node:os';

const numbers = input_str.split(/\s+/).map(Number);
numbers.sort((a, b) => a - b);
return (numbers.join(' ') + EOL).trim();
