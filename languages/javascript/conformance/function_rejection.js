const answer = new Promise((resolve) => setTimeout(resolve, 1000, 1));
setImmediate(() =>
  Promise.reject(new Error('beside')));
return answer;
