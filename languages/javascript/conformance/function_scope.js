const names = [typeof require, typeof module, typeof exports, __filename, __dirname, process.argv.join(), process.cwd()];
return [...names, require.main === module, require.main.filename, arguments.length > 0].join(' ');
