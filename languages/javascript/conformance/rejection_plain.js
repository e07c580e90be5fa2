console.log('before');
Promise.reject('because');
