//: what     an answer that can be waited for and calls back twice, then fails: the first counts
//: id       A-134
//: mode     function
//: expect   ok
//: output   first
return {
  then(resolve, reject) {
    resolve('first');
    resolve('second');
    reject(new Error('third'));
    throw new Error('fourth');
  },
};
