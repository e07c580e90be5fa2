const words = [process.argv.length, process.argv[1], __filename, __dirname, module.id, module.filename, process.cwd()];
console.log(...words, require.main === module, process.argv0, process.stdin.isTTY, this === module.exports);
