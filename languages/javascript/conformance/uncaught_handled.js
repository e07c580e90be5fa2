process.on('uncaughtException', (error, origin) => console.log(error.message, origin));
setTimeout(() => console.log('goes on'), 200);
Promise.reject(new Error('rejected'));
setImmediate(() => null.x);
throw new Error('thrown');
