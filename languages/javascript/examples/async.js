const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
await delay(1);
return input_str + '!';
