const twice = (text) => text + text;

function solve(text) {
  return twice(text);
}
