const { pipeline, Transform } = require('stream');
const capitals = new Transform({
  transform: (chunk, _, done) => done(null, chunk.toString('latin1').toUpperCase()),
});
pipeline(process.stdin, capitals, process.stdout, (error) => console.error(error ?? 'done'));
