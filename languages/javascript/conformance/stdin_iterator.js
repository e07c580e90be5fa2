const readline = require('readline/promises');
(async () => {
  const lines = readline.createInterface({ input: process.stdin });
  const name = await lines.question('');
  let rest = 0;
  for await (const line of lines) rest += line.length;
  console.log(name, rest);
})();
