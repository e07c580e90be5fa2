return new Error('here').stack.split('\n').slice(0, 2).join('|') + new Error().stack.includes('/warm/');
