console.log('before');
throw { code: 5 };
