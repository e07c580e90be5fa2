setTimeout(() => {
  try { JSON.parse('{'); } catch (cause) {
    throw new RangeError('too far', { cause });
  }
}, 1);
