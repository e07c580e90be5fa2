process.stdin.on('readable', () => {
  for (let chunk; (chunk = process.stdin.read()) !== null; ) process.stdout.write(chunk);
});
process.stdin.on('end', () => console.error('end'));
