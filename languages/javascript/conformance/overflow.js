const deep = (n) => 1 + deep(n + 1);
try {
  deep(0);
} catch (error) {
  console.log(error instanceof RangeError, error.message);
}
